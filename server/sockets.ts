// The relay's WebSockets: judged before the upgrade, then handed to a room's session or a link. It knows no message.
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock } from '../shared/base/clock.ts';
import type { Disposable } from '../shared/base/disposable.ts';
import type { Logger } from '../shared/base/logger.ts';
import { acceptSession } from '../shared/hub/session.ts';
import { StoredSegmentMemory } from '../shared/hub/segment-memory.ts';
import type { ValueStore } from '../shared/hub/value-store.ts';
import { acceptLink } from '../shared/link/accept-link.ts';
import type { HolderBook } from '../shared/link/holder-book.ts';
import type { Principal, RoomSource } from '../shared/link/room-source.ts';
import { SharedFrames } from '../shared/node/shared-frames.ts';
import type { SegmentSource } from '../shared/link/segment-source.ts';
import { WebSocketTransport } from '../shared/node/ws-transport.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { SUBPROTOCOL } from '../shared/protocol/room-messages.ts';
import { isAllowed, socketTarget, type SocketTarget } from './request-guard.ts';
import type { RelaySettings } from './settings.ts';

/** Somewhat above the limit, so that what is too large is refused with a code that a client understands. */
const LARGEST_MESSAGE = LIMITS.frame + 64 * 1024;
/** How long sockets may take to say goodbye when the relay stops. */
const FAREWELL = 2_000;
/** `--open` proves nothing about anybody. */
const ANYBODY: Principal = { device: null, member: null };

/** What is served. */
export interface Served {
  readonly source: RoomSource;
  readonly holders: HolderBook;
  readonly segments: SegmentSource;
  readonly values: ValueStore;
}

export class RelaySockets {
  readonly #settings: RelaySettings;
  readonly #served: Served;
  readonly #logger: Logger;
  readonly #serving = new Set<Disposable>();
  readonly #rooms = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(SUBPROTOCOL.ack) ? SUBPROTOCOL.ack : offered.has(SUBPROTOCOL.plain) && SUBPROTOCOL.plain,
  });
  readonly #links = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL.link,
  });
  readonly #frames = new SharedFrames();
  #closing = false;

  constructor(settings: RelaySettings, served: Served, logger: Logger) {
    this.#settings = settings;
    this.#served = served;
    this.#logger = logger.child('sockets');
  }

  get open(): { readonly rooms: number; readonly links: number } {
    return { rooms: this.#rooms.clients.size, links: this.#links.clients.size };
  }

  /** Takes the socket over: upgrades it, or answers and ends it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A socket that fails while it is judged would otherwise end the process.
    const failed = (error: Error): void => this.#logger.log('debug', 'upgrade-failed', { message: error.message });
    socket.on('error', failed);
    const target = socketTarget(request.url);
    const refusal = this.#refusal(request, target);
    if (refusal !== null || !target) {
      refuse(socket, refusal ?? 404);
      return;
    }
    socket.off('error', failed);
    const server = target.kind === 'room' ? this.#rooms : this.#links;
    server.handleUpgrade(request, socket, head, (ws) => this.#serve(ws, socket, target));
  }

  /** Tells everybody 4503 and waits until they are gone, two seconds at most. */
  async close(): Promise<void> {
    this.#closing = true;
    const clients = [...this.#rooms.clients, ...this.#links.clients];
    const gone = clients.map((ws) =>
      ws.readyState === ws.CLOSED
        ? Promise.resolve()
        : new Promise<void>((resolve) => ws.once('close', () => resolve())),
    );
    for (const one of [...this.#serving]) one.dispose();
    const late = systemClock.after(FAREWELL, () => {
      for (const ws of clients) ws.terminate();
    });
    await Promise.all(gone);
    late.dispose();
    this.#rooms.close();
    this.#links.close();
  }

  /** The HTTP status to refuse with, or null. */
  #refusal(request: IncomingMessage, target: SocketTarget | null): number | null {
    if (!isAllowed(request.headers, this.#settings)) return 403;
    if (!target) return 404;
    if (this.#closing) return 503;
    if (this.open.rooms + this.open.links >= this.#settings.maxSockets) return 503;
    if (target.kind === 'link' && !offers(request, SUBPROTOCOL.link)) return 426;
    return null;
  }

  #serve(ws: WebSocket, stream: Duplex, target: SocketTarget): void {
    const transport = new WebSocketTransport(ws, {
      onError: (error) => this.#logger.log('info', 'socket-error', { message: error.message }),
      prepared: { stream, frames: this.#frames },
    });
    const { source, holders, segments, values } = this.#served;
    const parts = { source, principal: ANYBODY, clock: systemClock, logger: this.#logger };
    const serving =
      target.kind === 'room'
        ? acceptSession(transport, { ...parts, room: target.room, ack: ws.protocol === SUBPROTOCOL.ack })
        : acceptLink(transport, {
            ...parts,
            workspace: target.workspace,
            holders,
            history: { segments, memory: new StoredSegmentMemory(values, target.workspace) },
          });
    this.#serving.add(serving);
    transport.onClose(() => this.#serving.delete(serving));
  }
}

function offers(request: IncomingMessage, protocol: string): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((name) => name.trim() === protocol);
}

function refuse(socket: Duplex, status: number): void {
  const reason = STATUS_CODES[status] ?? 'Refused';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

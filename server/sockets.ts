// The relay's WebSockets: judged before the upgrade, then handed to a room's session or a link. It knows no message.
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock } from '../shared/base/clock.ts';
import type { Disposable } from '../shared/base/disposable.ts';
import type { Event } from '../shared/base/emitter.ts';
import type { Logger } from '../shared/base/logger.ts';
import { QuestionBudget } from '../shared/hub/question-budget.ts';
import { acceptSession } from '../shared/hub/session.ts';
import { StoredSegmentMemory } from '../shared/hub/segment-memory.ts';
import type { ValueStore } from '../shared/hub/value-store.ts';
import { acceptLink } from '../shared/link/accept-link.ts';
import type { HolderBook } from '../shared/link/holder-book.ts';
import type { LogHead } from '../shared/link/log-teller.ts';
import type { Principal, RoomSource } from '../shared/link/room-source.ts';
import { SharedFrames } from '../shared/node/shared-frames.ts';
import type { SegmentSource } from '../shared/link/segment-source.ts';
import { WebSocketTransport } from '../shared/node/ws-transport.ts';
import { CLOSE } from '../shared/protocol/close-codes.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { SUBPROTOCOL } from '../shared/protocol/room-messages.ts';
import { REFUSAL } from './http-answers.ts';
import { isAllowed, socketTarget, type SocketTarget } from './request-guard.ts';
import type { RelaySettings } from './settings.ts';
import { originOf, SocketTally } from './socket-tally.ts';
import type { TicketGate } from './ticket-gate.ts';
import { WHOLE_WORKSPACE } from './ticket-office.ts';

/** How long sockets may take to say goodbye when the relay stops. */
const FAREWELL = 2_000;
/** Without a ticket, under `--open`, nothing is proved about anybody. */
const ANYBODY: Principal = { device: null, member: null };

/** What is served. */
export interface Served {
  readonly source: RoomSource;
  readonly holders: HolderBook;
  readonly segments: SegmentSource;
  readonly values: ValueStore;
  /** A workspace's membership log, as links tell of it. */
  readonly log: (workspace: string) => LogHead;
}

export interface RelaySocketsOptions {
  readonly settings: RelaySettings;
  readonly served: Served;
  readonly gate: TicketGate;
  /** What somebody may do became different. */
  readonly onAccess: Event<void>;
  readonly logger: Logger;
}

/** A socket that may be served. */
interface Admitted {
  readonly target: SocketTarget;
  readonly principal: Principal;
  /** For whom it counts. */
  readonly origin: string;
}

/** A socket that is served. */
interface Serving {
  readonly session: Disposable;
  readonly transport: WebSocketTransport;
  readonly workspace: string;
  readonly principal: Principal;
}

export class RelaySockets {
  readonly #options: RelaySocketsOptions;
  readonly #logger: Logger;
  readonly #serving = new Set<Serving>();
  readonly #tally: SocketTally;
  readonly #questions = new QuestionBudget(systemClock);
  readonly #rooms = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.socketMessage,
    perMessageDeflate: false,
    handleProtocols: choose,
  });
  readonly #links = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.socketMessage,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL.link,
  });
  readonly #frames = new SharedFrames();
  readonly #accessChanges: Disposable;
  #closing = false;

  constructor(options: RelaySocketsOptions) {
    this.#options = options;
    this.#tally = new SocketTally(options.settings.socketsPerAddress);
    this.#logger = options.logger.child('sockets');
    this.#accessChanges = options.onAccess(() => this.#closeRemoved());
  }

  get open(): { readonly rooms: number; readonly links: number } {
    return { rooms: this.#rooms.clients.size, links: this.#links.clients.size };
  }

  /** Takes the socket over: upgrades it, or answers and ends it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A socket that fails while it is judged would otherwise end the process.
    const failed = (error: Error): void => this.#logger.log('debug', 'upgrade-failed', { message: error.message });
    socket.on('error', failed);
    void this.#judge(request).then((verdict) => {
      if (verdict.kind === 'refused') {
        refuse(socket, verdict.status);
        return;
      }
      const { target, principal } = verdict;
      const origin = originOf(principal, request.socket.remoteAddress);
      if (!this.#tally.mayOpen(origin)) {
        refuse(socket, LATER.status);
        return;
      }
      socket.off('error', failed);
      const server = target.kind === 'room' ? this.#rooms : this.#links;
      server.handleUpgrade(request, socket, head, (ws) => this.#serve(ws, socket, { target, principal, origin }));
    });
  }

  /** Tells everybody 4503 and waits until they are gone, two seconds at most. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#accessChanges.dispose();
    // What is being judged at this moment is answered with 503: nobody would tell it goodbye.
    this.#rooms.close();
    this.#links.close();
    const clients = [...this.#rooms.clients, ...this.#links.clients];
    const gone = clients.map((ws) =>
      ws.readyState === ws.CLOSED
        ? Promise.resolve()
        : new Promise<void>((resolve) => ws.once('close', () => resolve())),
    );
    for (const { session } of [...this.#serving]) session.dispose();
    const late = systemClock.after(FAREWELL, () => {
      for (const ws of clients) ws.terminate();
    });
    await Promise.all(gone);
    late.dispose();
  }

  /** Rule RE50: everything that depends on who asks for what is refused alike. */
  async #judge(request: IncomingMessage): Promise<Verdict> {
    const { settings, gate } = this.#options;
    if (!isAllowed(request.headers, settings)) return FORBIDDEN;
    if (this.#isFull()) return LATER;
    const target = socketTarget(request.url);
    if (!target || (target.kind === 'link' && !offers(request, SUBPROTOCOL.link))) return FORBIDDEN;
    const { workspace, room } = placeOf(target);
    const ticket = ticketIn(request);
    if (ticket === null) return settings.open ? { kind: 'admitted', target, principal: ANYBODY } : FORBIDDEN;
    const principal = await gate.admit(ticket, workspace, room);
    // Asked again: the signature took time.
    if (!principal || !gate.mayEnter(principal, workspace, room)) return FORBIDDEN;
    return this.#isFull() ? LATER : { kind: 'admitted', target, principal };
  }

  #isFull(): boolean {
    return this.#closing || this.open.rooms + this.open.links >= this.#options.settings.maxSockets;
  }

  #serve(ws: WebSocket, stream: Duplex, { target, principal, origin }: Admitted): void {
    const counted = this.#tally.opened(origin);
    const transport = new WebSocketTransport(ws, {
      onError: (error) => this.#logger.log('info', 'socket-error', { message: error.message }),
      prepared: { stream, frames: this.#frames },
    });
    const { source, holders, segments, values, log } = this.#options.served;
    const questions = this.#questions.of(origin);
    const parts = { source, principal, clock: systemClock, logger: this.#logger, questions };
    const { workspace } = placeOf(target);
    const session =
      target.kind === 'room'
        ? acceptSession(transport, { ...parts, room: target.room, ack: ws.protocol === SUBPROTOCOL.ack })
        : acceptLink(transport, {
            ...parts,
            workspace,
            holders,
            log: log(workspace),
            history: { segments, memory: new StoredSegmentMemory(values, workspace) },
          });
    const serving = { session, transport, workspace, principal };
    this.#serving.add(serving);
    transport.onClose(() => this.#serving.delete(serving));
    // The socket itself, not the transport, which is over as soon as this end says so.
    ws.once('close', () => counted.dispose());
  }

  /** Rule RE54: whose device is no member's any more is closed as a whole; rooms that somebody lost are taken by the hub. */
  #closeRemoved(): void {
    const { gate } = this.#options;
    for (const { transport, workspace, principal } of [...this.#serving]) {
      if (principal.device === null || gate.mayEnter(principal, workspace, WHOLE_WORKSPACE)) continue;
      transport.close(CLOSE.forbidden, 'This device has no part in this workspace any more.');
    }
  }
}

type Verdict =
  | { readonly kind: 'admitted'; readonly target: SocketTarget; readonly principal: Principal }
  | { readonly kind: 'refused'; readonly status: 403 | 503 };

const FORBIDDEN = { kind: 'refused', status: 403 } as const;
const LATER = { kind: 'refused', status: 503 } as const;

/** What a ticket for this socket must name. */
function placeOf(target: SocketTarget): { readonly workspace: string; readonly room: string } {
  if (target.kind === 'link') return { workspace: target.workspace, room: WHOLE_WORKSPACE };
  const [workspace = '', ...rest] = target.room.split('/');
  return { workspace, room: rest.join('/') };
}

/**
 * Rule RE51: the ticket is never what is chosen, but where nothing else was offered: browsers end a socket whose offers were all
 * passed over, and who sent the ticket may see it.
 */
function choose(offered: ReadonlySet<string>): string | false {
  for (const name of [SUBPROTOCOL.ack, SUBPROTOCOL.plain]) if (offered.has(name)) return name;
  const [only] = offered;
  return offered.size === 1 && only?.startsWith(SUBPROTOCOL.ticketPrefix) ? only : false;
}

function offersOf(request: IncomingMessage): readonly string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** The ticket that is offered; of several the first. Null: none is. */
function ticketIn(request: IncomingMessage): string | null {
  const offer = offersOf(request).find((name) => name.startsWith(SUBPROTOCOL.ticketPrefix));
  return offer?.slice(SUBPROTOCOL.ticketPrefix.length) ?? null;
}

function offers(request: IncomingMessage, protocol: string): boolean {
  return offersOf(request).includes(protocol);
}

function refuse(socket: Duplex, status: 403 | 503): void {
  const body = status === 403 ? REFUSAL.body : '';
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

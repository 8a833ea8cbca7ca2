// The WebSockets of windows and of the command line: one kind for typed calls, one for rooms. Who may come was judged before.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Logger } from '../../shared/base/logger.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { SUBPROTOCOL } from '../../shared/protocol/room-messages.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { WindowHost } from './window-host.ts';
import { serveCallsOver } from './window-calls.ts';

/** How long windows may take to say goodbye. */
const FAREWELL = 1_000;

export class WindowSockets {
  readonly #host: WindowHost;
  readonly #logger: Logger;
  readonly #calls = new WebSocketServer({ noServer: true, maxPayload: LIMITS.call, perMessageDeflate: false });
  readonly #rooms = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.frame,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(SUBPROTOCOL.ack) ? SUBPROTOCOL.ack : offered.has(SUBPROTOCOL.plain) && SUBPROTOCOL.plain,
  });

  constructor(host: WindowHost, logger: Logger) {
    this.#host = host;
    this.#logger = logger;
  }

  /** False when the path names neither the calls nor a room. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/v1/calls') {
      this.#calls.handleUpgrade(request, socket, head, (ws) => this.#serveCalls(ws));
      return true;
    }
    const room = path.slice(1);
    if (!parseRoomName(room)) return false;
    this.#rooms.handleUpgrade(request, socket, head, (ws) => {
      this.#host.serveRoom(room, ws.protocol === SUBPROTOCOL.ack, new WebSocketTransport(ws));
    });
    return true;
  }

  /** Lets nobody in any more, and tells every window that this end is stopping; waits until they are gone, a second at most. */
  async close(): Promise<void> {
    const open = [...this.#calls.clients, ...this.#rooms.clients];
    // From now on an upgrade is answered with 503: who came while others say goodbye would be told by nobody.
    this.#calls.close();
    this.#rooms.close();
    const gone = open.map(
      (ws) =>
        new Promise<void>((resolve) => {
          if (ws.readyState === ws.CLOSED) return resolve();
          const late = setTimeout(() => ws.terminate(), FAREWELL);
          ws.once('close', () => {
            clearTimeout(late);
            resolve();
          });
          ws.close(CLOSE.stopping, 'Caravan is stopping.');
        }),
    );
    await Promise.all(gone);
  }

  #serveCalls(ws: WebSocket): void {
    ws.on('error', (error) => this.#logger.log('info', 'calls-socket-error', { error: String(error) }));
    const serving = serveCallsOver(this.#host, {
      send: (text) => {
        if (ws.readyState !== ws.OPEN) return;
        if (ws.bufferedAmount > LIMITS.call) ws.close(CLOSE.slow, 'This window reads too slowly.');
        else ws.send(text);
      },
    });
    ws.on('message', (data, isBinary) => {
      if (!isBinary) serving.receive(String(data));
    });
    ws.once('close', () => serving.dispose());
  }
}

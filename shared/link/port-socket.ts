// WebSockets over one message port: the window's socket class, and the host's accepting end; they know no document.
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { LIMITS } from '../protocol/limits.ts';
import { SUBPROTOCOL } from '../protocol/room-messages.ts';
import { listenToPort, postWithPort, type MessagePortLike, type PortMessage } from './message-port.ts';
import { GONE_WITHOUT_A_WORD, MessagePortTransport } from './message-port-transport.ts';
import type { Transport, TransportClose } from './transport.ts';

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

export interface PortSocketMessage {
  readonly type: 'message';
  readonly data: ArrayBuffer;
}
export interface PortSocketClose extends TransportClose {
  readonly type: 'close';
}
export interface PortSocketEvent {
  readonly type: 'open' | 'error';
}

/** A socket as y-websocket's provider uses it; binary messages only, delivered as ArrayBuffers. */
export interface PortSocket {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  readonly url: string;
  /** The subprotocol that the host chose; empty before it is open. */
  readonly protocol: string;
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: PortSocketEvent) => void) | null;
  onmessage: ((event: PortSocketMessage) => void) | null;
  onclose: ((event: PortSocketClose) => void) | null;
  onerror: ((event: PortSocketEvent) => void) | null;
  send(data: Uint8Array | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
}

export type PortSocketClass = new (url: string, protocols?: string | string[]) => PortSocket;

/** Both ports of a new channel; `() => new MessageChannel()` in a browser and in Node. */
export type ChannelFactory = () => { readonly port1: MessagePortLike; readonly port2: MessagePortLike };

/** `/a/b` of `scheme://host/a/b?query`; without a scheme the text is the path. */
function pathOf(url: string): string {
  const bare = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  return bare.startsWith('/') ? bare : `/${bare}`;
}

/**
 * A socket class bound to `mainPort`, for y-websocket's `WebSocketPolyfill`. Each socket is a message channel of its own,
 * whose second port travels to the host with the request to open; bytes go straight there, not through `mainPort`.
 */
export function portSocketClass(mainPort: MessagePortLike, newChannel: ChannelFactory): PortSocketClass {
  return class implements PortSocket {
    readonly CONNECTING = CONNECTING;
    readonly OPEN = OPEN;
    readonly CLOSING = CLOSING;
    readonly CLOSED = CLOSED;
    readonly url: string;
    protocol = '';
    binaryType = 'arraybuffer';
    onopen: ((event: PortSocketEvent) => void) | null = null;
    onmessage: ((event: PortSocketMessage) => void) | null = null;
    onclose: ((event: PortSocketClose) => void) | null = null;
    onerror: ((event: PortSocketEvent) => void) | null = null;
    #state = CONNECTING;
    readonly #transport: MessagePortTransport;
    readonly #accepting: Disposable;

    constructor(url: string, protocols: string | string[] = []) {
      this.url = url;
      const { port1, port2 } = newChannel();
      // The host's first message is the subprotocol it chose, as text; everything after it is bytes.
      this.#accepting = listenToPort(
        port1,
        ({ data }) => {
          if (this.#state === CONNECTING && typeof data === 'string') this.#open(data);
        },
        () => undefined,
      );
      this.#transport = new MessagePortTransport(port1);
      this.#transport.onMessage((bytes) => {
        if (this.#state !== OPEN) return;
        const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
        this.onmessage?.({ type: 'message', data: whole.buffer as ArrayBuffer });
      });
      this.#transport.onClose((close) => this.#closed(close));
      const names = typeof protocols === 'string' ? [protocols] : [...protocols];
      postWithPort(mainPort, { open: pathOf(url), protocols: names }, port2);
    }

    get readyState(): number {
      return this.#state;
    }

    send(data: Uint8Array | ArrayBuffer): void {
      if (this.#state === OPEN) this.#transport.send(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    }

    close(code = 1000, reason = ''): void {
      if (this.#state >= CLOSING) return;
      this.#state = CLOSING;
      // Told later, as with a WebSocket: a caller may set its handlers or drop them after close().
      queueMicrotask(() => this.#transport.close(code, reason));
    }

    #open(protocol: string): void {
      this.#accepting.dispose();
      this.protocol = protocol;
      this.#state = OPEN;
      this.onopen?.({ type: 'open' });
    }

    #closed(close: TransportClose): void {
      this.#accepting.dispose();
      if (this.#state === CONNECTING) this.onerror?.({ type: 'error' });
      this.#state = CLOSED;
      this.onclose?.({ type: 'close', ...close });
    }
  };
}

/** A request to open a socket, or null for every other message (texts and what a newer window may send). */
function openRequest(message: PortMessage): { path: string; protocols: string[]; port: MessagePortLike } | null {
  const [port, ...more] = message.ports;
  if (port === undefined || more.length > 0 || typeof message.data !== 'object' || message.data === null) return null;
  const { open, protocols } = message.data as { open?: unknown; protocols?: unknown };
  if (typeof open !== 'string' || open.length > LIMITS.portText || !Array.isArray(protocols)) return null;
  if (protocols.length > LIMITS.portProtocols) return null;
  const names = protocols.filter((name): name is string => typeof name === 'string' && name.length <= LIMITS.portText);
  return names.length === protocols.length ? { path: open, protocols: names, port } : null;
}

/**
 * The host's end: `onSocket` receives each socket that a window opens, already open. `path` begins with '/'; whether it
 * names a room is for the receiver to judge, who closes the transport with a code otherwise. Of the subprotocols
 * `caravan.ack.v1` is chosen where offered, else the first offered, else none. Disposing stops accepting; sockets that
 * are open stay, and belong to their receivers.
 */
export function acceptPortSockets(
  mainPort: MessagePortLike,
  onSocket: (path: string, protocols: readonly string[], transport: Transport) => void,
): Disposable {
  return listenToPort(
    mainPort,
    (message) => {
      const request = openRequest(message);
      if (!request) {
        // A port in a message that is not understood is closed, so that nobody waits at its other end.
        for (const port of message.ports) port.close();
        return;
      }
      const { path, protocols, port } = request;
      const chosen = protocols.includes(SUBPROTOCOL.ack) ? SUBPROTOCOL.ack : (protocols[0] ?? '');
      const transport = new MessagePortTransport(port);
      port.postMessage(chosen);
      onSocket(path, protocols, transport);
    },
    () => undefined,
  );
}

/** The text messages (typed calls) that share the main port with the requests to open sockets. */
export interface PortTexts extends Disposable {
  send(text: string): void;
  readonly onText: Event<string>;
  /** The window or host at the other end is gone, where the runtime tells. */
  readonly onEnd: Event<TransportClose>;
}

export function portTexts(mainPort: MessagePortLike): PortTexts {
  const texts = new Emitter<string>();
  const ends = new Emitter<TransportClose>();
  const listening = listenToPort(
    mainPort,
    ({ data }) => {
      if (typeof data === 'string') texts.fire(data);
    },
    () => ends.fire({ code: GONE_WITHOUT_A_WORD, reason: 'The other end is gone.' }),
  );
  return {
    send: (text) => mainPort.postMessage(text),
    onText: texts.event,
    onEnd: ends.event,
    dispose: () => listening.dispose(),
  };
}

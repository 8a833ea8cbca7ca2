// Tells a window whether everything it typed into a document is durable at its host; it wraps sockets and sends nothing.
import { Emitter, type Event } from '../base/emitter.ts';
import { decodeRoomFrame } from '../protocol/room-frames.ts';

/** What a y-websocket provider uses of a socket; the native WebSocket, `ws` and PortSocket have it. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: never): void;
  close(code?: number, reason?: string): void;
}

export type SocketClass = new (url: string, protocols?: string | string[]) => SocketLike;

/**
 * One per document. Give `wrap(WebSocket)` to the provider as WebSocketPolyfill, and call `edited()` for every change of
 * the document that the provider itself did not bring (`doc.on('update', (_, origin) => origin !== provider && ...)`).
 *
 * `pending` is true from an edit until the host has said that it is durable. What was sent on a socket that closed before
 * its acknowledgement, or was typed while there was no socket, stays pending until a later socket's SyncStep2, which
 * holds all of it, is acknowledged. What a host lost after it had acknowledged it (it was restored from a backup) is pending
 * again while a new socket's SyncStep2 hands it over. A host that acknowledges nothing leaves it pending for ever: never
 * "saved" by guess.
 */
export class AckCounter {
  readonly #changed = new Emitter<boolean>();
  /** The socket that counts: the newest one that opened and has not closed. */
  #socket: SocketLike | null = null;
  /** Update messages (SyncStep2 and update) sent on it, and how many of them are durable. */
  #sent = 0;
  #acked = 0;
  /** The message of this socket that must be durable before nothing is pending; 0: none. */
  #needed = 0;
  /** Something was typed that no acknowledged message of this socket is known to hold. */
  #uncovered = false;
  /** The newest SyncStep2 sent on this socket since #uncovered; 0: none. */
  #covering = 0;

  get pending(): boolean {
    return this.#uncovered || this.#acked < this.#needed;
  }

  /** Fires when `pending` changes. */
  readonly onPending: Event<boolean> = this.#changed.event;

  /**
   * The document changed here, and the provider was told. While a socket is open it sends the change itself, which is counted
   * there; into a socket that is closing, whose end nobody was told of yet, it sends nothing.
   */
  edited(): void {
    this.#track(() => {
      if (this.#socket?.readyState !== OPEN) this.#uncovered = true;
    });
  }

  /** A class of sockets like `base` whose traffic this counter watches. */
  wrap<C extends SocketClass>(base: C): C {
    const opened = (socket: SocketLike): void => this.#opened(socket);
    const closed = (socket: SocketLike): void => this.#closed(socket);
    const outgoing = (socket: SocketLike, data: unknown): void => this.#outgoing(socket, data);
    const incoming = (socket: SocketLike, data: unknown): void => this.#incoming(socket, data);
    return watched(base, { opened, closed, outgoing, incoming }) as unknown as C;
  }

  #opened(socket: SocketLike): void {
    this.#track(() => {
      this.#leave();
      this.#socket = socket;
    });
  }

  #closed(socket: SocketLike): void {
    if (socket !== this.#socket) return;
    this.#track(() => this.#leave());
  }

  #leave(): void {
    if (this.#acked < this.#needed) this.#uncovered = true;
    this.#socket = null;
    this.#sent = 0;
    this.#acked = 0;
    this.#needed = 0;
    this.#covering = 0;
  }

  #outgoing(socket: SocketLike, data: unknown): void {
    const frame = frameOf(data);
    if (frame?.kind !== 'step2' && frame?.kind !== 'update') return;
    this.#track(() => {
      if (socket !== this.#socket) {
        // A provider that sends into a socket that is not open: nothing of it can be acknowledged there.
        if (frame.kind === 'update') this.#uncovered = true;
        return;
      }
      this.#sent += 1;
      // A difference that holds anything may be what the host lost since it acknowledged it (AK6).
      if (frame.kind === 'update' || !isNothing(frame.update)) this.#needed = this.#sent;
      if (frame.kind === 'step2' && this.#uncovered) this.#covering = this.#sent;
    });
  }

  #incoming(socket: SocketLike, data: unknown): void {
    if (socket !== this.#socket) return;
    const frame = frameOf(data);
    if (frame?.kind !== 'ack') return;
    this.#track(() => {
      // A host cannot have stored more than was sent; a greater number is not believed.
      if (frame.count > this.#sent) return;
      this.#acked = Math.max(this.#acked, frame.count);
      if (this.#covering > 0 && this.#acked >= this.#covering) {
        this.#uncovered = false;
        this.#covering = 0;
      }
    });
  }

  #track(change: () => void): void {
    const before = this.pending;
    change();
    if (this.pending !== before) this.#changed.fire(this.pending);
  }
}

/** The update of no structs and no deletions, as Yjs encodes it. */
function isNothing(update: Uint8Array): boolean {
  return update.length === 2 && update[0] === 0 && update[1] === 0;
}

function frameOf(data: unknown): ReturnType<typeof decodeRoomFrame> {
  if (data instanceof ArrayBuffer) return decodeRoomFrame(new Uint8Array(data));
  if (data instanceof Uint8Array) return decodeRoomFrame(data);
  return null;
}

interface Watcher {
  opened(socket: SocketLike): void;
  closed(socket: SocketLike): void;
  outgoing(socket: SocketLike, data: unknown): void;
  incoming(socket: SocketLike, data: unknown): void;
}

const OPEN = 1;
const CLOSED = 3;

/** A socket that passes everything through to one of `base`, and tells `watcher`. */
function watched(base: SocketClass, watcher: Watcher): SocketClass {
  return class WatchedSocket implements SocketLike {
    readonly CONNECTING = 0;
    readonly OPEN = OPEN;
    readonly CLOSING = 2;
    readonly CLOSED = CLOSED;
    onopen: ((event: never) => void) | null = null;
    onmessage: ((event: never) => void) | null = null;
    onclose: ((event: never) => void) | null = null;
    onerror: ((event: never) => void) | null = null;
    readonly #inner: SocketLike;

    constructor(url: string, protocols?: string | string[]) {
      this.#inner = protocols === undefined ? new base(url) : new base(url, protocols);
      this.#inner.onopen = (event: never) => {
        watcher.opened(this);
        this.onopen?.(event);
      };
      this.#inner.onmessage = (event: never) => {
        watcher.incoming(this, (event as { data: unknown }).data);
        this.onmessage?.(event);
      };
      this.#inner.onclose = (event: never) => {
        watcher.closed(this);
        this.onclose?.(event);
      };
      this.#inner.onerror = (event: never) => this.onerror?.(event);
    }

    get binaryType(): string {
      return this.#inner.binaryType;
    }
    set binaryType(type: string) {
      this.#inner.binaryType = type;
    }
    get readyState(): number {
      return this.#inner.readyState;
    }
    get protocol(): string {
      return (this.#inner as { protocol?: string }).protocol ?? '';
    }
    send(data: never): void {
      watcher.outgoing(this, data);
      this.#inner.send(data);
    }
    close(code?: number, reason?: string): void {
      // Nothing sent from now on is counted: y-websocket takes its handlers off before it closes.
      watcher.closed(this);
      if (code === undefined) this.#inner.close();
      else this.#inner.close(code, reason);
    }
  };
}

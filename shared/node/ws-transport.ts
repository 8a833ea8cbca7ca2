// Transport over a WebSocket of `ws`, either end: binary messages only, errors always heard, silence noticed. No protocol.
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import { systemClock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import { TransportInbox } from '../link/transport-inbox.ts';
import { joinPieces, type Transport, type TransportClose } from '../link/transport.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { LIMITS } from '../protocol/limits.ts';
import { encodeHeader, LARGEST_SHARED, type SharedFrames } from './shared-frames.ts';

export interface WebSocketTransportOptions {
  readonly clock?: Clock;
  /** Milliseconds of silence after which a ping is sent. */
  readonly heartbeat?: number;
  /** Milliseconds of silence after which the other end counts as gone (4504). */
  readonly silence?: number;
  /** Told of socket errors; the socket closes by itself after one. */
  readonly onError?: (error: Error) => void;
  /**
   * Messages are written to the stream under the socket, as whole frames in one piece. Only for the accepting end of a socket
   * without compression: what the other end sends is masked, and `ws` itself sends nothing else there that takes time.
   */
  readonly prepared?: PreparedSending;
}

/** The accepting end's stream, and the frames that it shares with others: one message to many is framed once. */
export interface PreparedSending {
  readonly stream: Duplex;
  readonly frames: SharedFrames;
}

const BINARY = Object.freeze({ binary: true });
const ignore = (): void => undefined;

/**
 * Owns the socket, which must be open. A text message closes it with 4400. Whatever arrives before the first subscription
 * is kept, with the socket paused, so that what is kept stays small.
 */
export class WebSocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #inbox = new TransportInbox();
  readonly #clock: Clock;
  readonly #heartbeat: number;
  readonly #silence: number;
  readonly #prepared: PreparedSending | null;
  #heardAt: number;
  #pulse: Disposable;
  #closing: Disposable | null = null;
  /** What this end closed with: it is heard as such, whatever the other end answers. */
  #closedWith: TransportClose | null = null;

  constructor(socket: WebSocket, options: WebSocketTransportOptions = {}) {
    this.#socket = socket;
    this.#clock = options.clock ?? systemClock;
    this.#heartbeat = options.heartbeat ?? LIMITS.heartbeat;
    this.#silence = options.silence ?? LIMITS.silence;
    this.#prepared = options.prepared ?? null;
    this.#heardAt = this.#clock.now();
    this.#pulse = this.#nextPulse();
    // Without a listener one invalid frame of anybody ends the process. The close event follows by itself.
    socket.on('error', (error) => options.onError?.(error));
    socket.on('pong', () => this.#heard());
    socket.on('ping', () => this.#heard());
    socket.on('message', (data, isBinary) => this.#received(data, isBinary));
    socket.once('close', (code, reason) => this.#closed({ code, reason: reason.toString() }));
    socket.pause();
    if (socket.readyState === WebSocket.CLOSED) this.#closed({ code: 1006, reason: 'The connection was lost.' });
  }

  get backlog(): number {
    return this.#prepared ? this.#prepared.stream.writableLength : this.#socket.bufferedAmount;
  }

  readonly onMessage: Event<Uint8Array> = (listener) => {
    const subscription = this.#inbox.onMessage(listener);
    if (this.#socket.isPaused) this.#socket.resume();
    return subscription;
  };

  get onClose(): Event<TransportClose> {
    return this.#inbox.onClose;
  }

  send(message: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    // A failed send is followed by the socket's own error and close.
    if (!this.#prepared) this.#socket.send(message, BINARY, ignore);
    else if (message.length <= LARGEST_SHARED) {
      this.#prepared.stream.write(this.#prepared.frames.frameOf(message), ignore);
    } else writeLarge(this.#prepared.stream, [message]);
  }

  sendPieces(pieces: readonly Uint8Array[]): void {
    if (this.#prepared && this.#socket.readyState === WebSocket.OPEN) writeLarge(this.#prepared.stream, pieces);
    else this.send(joinPieces(pieces));
  }

  hold(held: boolean): void {
    if (this.#socket.readyState !== WebSocket.OPEN || held === this.#socket.isPaused) return;
    if (held) {
      this.#socket.pause();
      return;
    }
    // Nothing could be heard meanwhile: the silence begins here.
    this.#heard();
    this.#socket.resume();
  }

  close(code: number, reason: string): void {
    if (this.#inbox.closed || this.#closedWith) return;
    this.#closedWith = { code, reason };
    this.#pulse.dispose();
    // A paused socket would never see the other end's answer.
    if (this.#socket.isPaused) this.#socket.resume();
    this.#socket.close(code, fitting(reason));
    this.#closing = this.#clock.after(LIMITS.closing, () => this.#socket.terminate());
    this.#inbox.close(this.#closedWith);
  }

  #received(data: unknown, isBinary: boolean): void {
    this.#heard();
    const bytes = toBytes(data);
    if (!isBinary || !bytes) {
      this.close(CLOSE.badFrame, 'Only binary messages are understood here.');
      return;
    }
    this.#inbox.deliver(bytes);
  }

  #heard(): void {
    this.#heardAt = this.#clock.now();
  }

  #nextPulse(): Disposable {
    return this.#clock.after(this.#heartbeat, () => {
      const silent = this.#clock.now() - this.#heardAt;
      if (silent >= this.#silence && !this.#socket.isPaused) {
        this.close(CLOSE.silent, 'Nothing was heard for too long.');
        return;
      }
      if (silent >= this.#heartbeat && this.#socket.readyState === WebSocket.OPEN) {
        this.#socket.ping(undefined, undefined, () => undefined);
      }
      this.#pulse = this.#nextPulse();
    });
  }

  #closed(close: TransportClose): void {
    this.#pulse.dispose();
    this.#closing?.dispose();
    this.#inbox.close(this.#closedWith ?? close);
  }
}

/** The pieces of one message in one go, none of them copied. */
function writeLarge(stream: Duplex, pieces: readonly Uint8Array[]): void {
  stream.cork();
  stream.write(encodeHeader(pieces.reduce((sum, { length }) => sum + length, 0)), ignore);
  for (const piece of pieces) stream.write(piece, ignore);
  stream.uncork();
}

/** A close frame holds 123 bytes of reason. */
function fitting(reason: string): Buffer {
  return Buffer.from(reason).subarray(0, 123);
}

function toBytes(data: unknown): Uint8Array | null {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Array.isArray(data) ? Buffer.concat(data.filter((part) => part instanceof Uint8Array)) : null;
}

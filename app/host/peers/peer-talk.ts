// The conversation on a connection before it is handed over: messages one by one, with patience and a bound; then the rest as a transport.
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Event } from '../../../shared/base/emitter.ts';
import { TransportInbox } from '../../../shared/link/transport-inbox.ts';
import type { Transport, TransportClose } from '../../../shared/link/transport.ts';
import { CLOSE, isFinalClose } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import type { PeerTalk } from './peer-connection.ts';
import { refusedPeer, strangeVersion } from './refused-peer.ts';

interface Waiting {
  readonly resolve: (message: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Reads a transport, which it subscribes to at once, until release(). */
export class SocketTalk implements PeerTalk {
  readonly dialed: boolean;
  /** Milliseconds for which a message is waited for. */
  patience: number = LIMITS.answer;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #inbox = new TransportInbox();
  /** Messages that nobody has asked for yet. */
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #waiting: Waiting | null = null;
  #closed: TransportClose | null = null;
  #released = false;
  /** Somebody listens to what was released. */
  #heard = false;

  constructor(transport: Transport, dialed: boolean, clock: Clock) {
    this.#transport = transport;
    this.dialed = dialed;
    this.#clock = clock;
    transport.onMessage((message) => this.#received(message));
    transport.onClose((close) => this.#ended(close));
  }

  send(message: Uint8Array): void {
    this.#transport.send(message);
  }

  /** Rejects with `unreachable` where the connection broke or nothing came, with `not-allowed` where the other end refused. */
  receive(): Promise<Uint8Array> {
    const message = this.#kept.shift();
    if (message) {
      this.#keptBytes -= message.length;
      return Promise.resolve(message);
    }
    if (this.#closed) return Promise.reject(endOf(this.#closed));
    return new Promise((resolve, reject) => {
      const late = this.#clock.after(this.patience, () => {
        this.#waiting = null;
        reject(new AppError('unreachable', 'That computer said nothing for too long.'));
      });
      this.#waiting = {
        resolve(next) {
          late.dispose();
          resolve(next);
        },
        reject(error) {
          late.dispose();
          reject(error);
        },
      };
    });
  }

  /** The conversation is over: what came behind it, and all that comes, is for whoever subscribes to the result. */
  release(): Transport {
    this.#released = true;
    const transport = this.#transport;
    const inbox = this.#inbox;
    for (const message of this.#kept) inbox.deliver(message);
    this.#kept = [];
    if (this.#closed) inbox.close(this.#closed);
    const onMessage: Event<Uint8Array> = (listener) => {
      const subscription = inbox.onMessage(listener);
      if (!this.#heard) transport.hold?.(false);
      this.#heard = true;
      return subscription;
    };
    return {
      send: (message) => transport.send(message),
      get backlog() {
        return transport.backlog;
      },
      close: (code, reason) => transport.close(code, reason),
      hold: (held) => transport.hold?.(held),
      onMessage,
      onClose: inbox.onClose,
    };
  }

  #received(message: Uint8Array): void {
    if (this.#released) {
      // Nothing piles up before somebody listens.
      if (!this.#heard) this.#transport.hold?.(true);
      return this.#inbox.deliver(message);
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) return waiting.resolve(message);
    this.#kept.push(message);
    this.#keptBytes += message.length;
    if (this.#keptBytes > LIMITS.peerRecords) this.#transport.close(CLOSE.tooLarge, 'Too much at once.');
  }

  #ended(close: TransportClose): void {
    this.#closed = close;
    if (this.#released) this.#inbox.close(close);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(endOf(close));
  }
}

function endOf({ code }: TransportClose): AppError {
  if (code === CLOSE.version) return strangeVersion();
  if (isFinalClose(code)) return refusedPeer('That computer does not let this one in.', { closeCode: code });
  return new AppError('unreachable', 'The connection to that computer ended.');
}

// An in-memory pair of Transports whose deliveries a test controls; it loses, delays and cuts only when told.
import { TransportInbox } from '../../shared/link/transport-inbox.ts';
import type { Transport } from '../../shared/link/transport.ts';

interface Packet {
  readonly to: PipeEnd;
  readonly deliver: () => void;
}

/** One end of a pipe. */
export class PipeEnd implements Transport {
  readonly inbox = new TransportInbox();
  readonly #pipe: Pipe;
  /** What backlog says; a test sets it to play a slow reader. */
  backlog = 0;
  /** Every message sent from this end, in order. */
  readonly sent: Uint8Array[] = [];
  /** What arrived while this end did not read. */
  readonly #unread: (() => void)[] = [];
  #isHeld = false;

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  get onMessage(): Transport['onMessage'] {
    return this.inbox.onMessage;
  }

  get onClose(): Transport['onClose'] {
    return this.inbox.onClose;
  }

  send(message: Uint8Array): void {
    if (this.inbox.closed) return;
    // A copy, as a socket makes one: a sender that reuses its buffer is found.
    const copy = new Uint8Array(message);
    this.sent.push(copy);
    const to = this.#pipe.otherOf(this);
    this.#pipe.carry({ to, deliver: () => to.#arrives(() => to.inbox.deliver(copy)) });
  }

  /** Messages that arrived and were not read. */
  get unread(): number {
    return this.#unread.length;
  }

  hold(held: boolean): void {
    this.#isHeld = held;
    while (!this.#isHeld && this.#unread.length > 0) this.#unread.shift()?.();
  }

  #arrives(read: () => void): void {
    if (this.#isHeld || this.#unread.length > 0) this.#unread.push(read);
    else read();
  }

  close(code: number, reason: string): void {
    if (this.inbox.closed) return;
    const to = this.#pipe.otherOf(this);
    this.#pipe.carry({ to, deliver: () => to.#arrives(() => to.inbox.close({ code, reason })) });
    this.inbox.close({ code, reason });
  }
}

/** Two connected ends. Deliveries happen one per turn of the event loop while the pipe flows. */
export class Pipe {
  readonly a: PipeEnd = new PipeEnd(this);
  readonly b: PipeEnd = new PipeEnd(this);
  #waiting: Packet[] = [];
  #flowing: boolean;
  #scheduled = false;

  constructor(options: { flowing?: boolean } = {}) {
    this.#flowing = options.flowing ?? true;
  }

  otherOf(end: PipeEnd): PipeEnd {
    return end === this.a ? this.b : this.a;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  carry(packet: Packet): void {
    this.#waiting.push(packet);
    this.#schedule();
  }

  /** Holds deliveries back. */
  pause(): void {
    this.#flowing = false;
  }

  resume(): void {
    this.#flowing = true;
    this.#schedule();
  }

  /** Delivers up to `count` waiting messages now. */
  deliver(count: number): void {
    for (const packet of this.#waiting.splice(0, count)) packet.deliver();
  }

  /** The cable is cut: what waits is lost, and both ends hear 1006. */
  cut(): void {
    this.#waiting = [];
    for (const end of [this.a, this.b]) end.inbox.close({ code: 1006, reason: 'The connection was lost.' });
  }

  #schedule(): void {
    if (this.#scheduled || !this.#flowing || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      // What is there now; answers to it go in the next turn.
      if (this.#flowing) this.deliver(this.#waiting.length);
      this.#schedule();
    });
  }
}

// How many of a sender's update messages are durable here, in its own counting; pure bookkeeping, no rooms and no bytes.

type Settlement = 'waiting' | 'durable' | 'missing';

/**
 * Acknowledgements are cumulative (PROTOCOL.md, AK1): `count` never covers a message that is not durable. A message that
 * could not be integrated is covered by a later SyncStep2, which holds everything that the sender had (AK2).
 */
export class DurableCount {
  /** What became of the messages beyond #looked, by number; each is looked at once, however many wait. */
  readonly #messages = new Map<number, { readonly step2: boolean; state: Settlement }>();
  /** Messages 1 to #looked are settled. */
  #looked = 0;
  #count = 0;
  #received = 0;

  /** The greatest number n so that messages 1 to n are durable. */
  get count(): number {
    return this.#count;
  }

  get received(): number {
    return this.#received;
  }

  /** A message arrived; the answer is its number, from 1. */
  arrived(step2: boolean): number {
    this.#received += 1;
    this.#messages.set(this.#received, { step2, state: 'waiting' });
    return this.#received;
  }

  /** True when `count` grew. */
  settled(number: number, durable: boolean): boolean {
    const message = this.#messages.get(number);
    if (!message) return false;
    message.state = durable ? 'durable' : 'missing';
    const before = this.#count;
    for (;;) {
      const next = this.#messages.get(this.#looked + 1);
      if (!next || next.state === 'waiting') break;
      this.#looked += 1;
      this.#messages.delete(this.#looked);
      if (next.state === 'durable' && (next.step2 || this.#count === this.#looked - 1)) this.#count = this.#looked;
    }
    return this.#count > before;
  }
}

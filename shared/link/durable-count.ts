// How many of a sender's update messages are durable here, in its own counting; pure bookkeeping, no rooms and no bytes.

/** What became of a message: bits. */
const [STEP2, DURABLE, MISSING] = [1, 2, 4];
/** Places of settled messages that are given back only when there are this many, and at least half of all. */
const SPENT = 1_024;

/**
 * Acknowledgements are cumulative (PROTOCOL.md, AK1): `count` never covers a message that is not durable. A message that
 * could not be integrated is covered by a later SyncStep2, which holds everything that the sender had (AK2).
 */
export class DurableCount {
  /** Of the messages beyond #first, one after the other; each is looked at once, however many wait. */
  #states: number[] = [];
  /** Messages 1 to #first have no place any more. */
  #first = 0;
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
    this.#states.push(step2 ? STEP2 : 0);
    return this.#received;
  }

  /** True when `count` grew. */
  settled(number: number, durable: boolean): boolean {
    const at = number - this.#first - 1;
    const state = this.#states[at];
    if (state === undefined || number <= this.#looked) return false;
    this.#states[at] = (state & STEP2) | (durable ? DURABLE : MISSING);
    const before = this.#count;
    for (;;) {
      const next = this.#states[this.#looked - this.#first];
      if (next === undefined || (next & (DURABLE | MISSING)) === 0) break;
      this.#looked += 1;
      const covered = (next & STEP2) !== 0 || this.#count === this.#looked - 1;
      if ((next & DURABLE) !== 0 && covered) this.#count = this.#looked;
    }
    this.#giveBack();
    return this.#count > before;
  }

  #giveBack(): void {
    const spent = this.#looked - this.#first;
    if (spent < this.#states.length && (spent < SPENT || 2 * spent < this.#states.length)) return;
    if (spent === this.#states.length) this.#states.length = 0;
    else this.#states = this.#states.slice(spent);
    this.#first = this.#looked;
  }
}

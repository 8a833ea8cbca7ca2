// How many of a sender's update messages are durable here, in its own counting; pure bookkeeping, no rooms and no bytes.

type Settlement = 'waiting' | 'durable' | 'missing';

/**
 * Acknowledgements are cumulative (PROTOCOL.md, AK1): `count` never covers a message that is not durable. A message that
 * could not be integrated is covered by a later SyncStep2, which holds everything that the sender had (AK2).
 */
export class DurableCount {
  /** Messages that are not covered yet, oldest first; #messages[0] is message number #count + 1. */
  #messages: { step2: boolean; state: Settlement }[] = [];
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
    this.#messages.push({ step2, state: 'waiting' });
    this.#received += 1;
    return this.#received;
  }

  /** True when `count` grew. */
  settled(number: number, durable: boolean): boolean {
    const message = this.#messages[number - this.#count - 1];
    if (!message) return false;
    message.state = durable ? 'durable' : 'missing';
    let covered = 0;
    for (const [at, { step2, state }] of this.#messages.entries()) {
      if (state === 'waiting') break;
      if (state === 'durable' && (step2 || covered === at)) covered = at + 1;
    }
    if (covered === 0) return false;
    this.#messages.splice(0, covered);
    this.#count += covered;
    return true;
  }
}

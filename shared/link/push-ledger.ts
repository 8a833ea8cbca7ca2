// Up to which of its own change numbers the other end of a channel holds a room; pure bookkeeping over acknowledgements.

/**
 * Rests on two facts of a RoomHandle: a diff holds everything up to `number` at the time it is made, and at the time
 * of an onUpdate everything up to `number` was in a diff made before or in the updates announced so far.
 */
export class PushLedger {
  #sent = 0;
  #acked = 0;
  /** Oldest first: once `message` is acknowledged, everything up to `number` is held. */
  #waiting: { readonly message: number; readonly number: number }[] = [];
  #held = 0;

  /** Update messages sent. */
  get sent(): number {
    return this.#sent;
  }

  get acked(): number {
    return this.#acked;
  }

  /** My change number of the room up to which the other end holds it; 0: nothing is known. */
  get held(): number {
    return this.#held;
  }

  /** An update message goes out; with it and all before it the other end has the room up to `number`. */
  sends(number: number): void {
    this.#sent += 1;
    this.#waiting.push({ message: this.#sent, number });
  }

  /** The other end itself brought the change `number`; it is held as soon as what was sent before is. */
  brought(number: number): void {
    if (this.#acked === this.#sent) this.#held = Math.max(this.#held, number);
    else this.#waiting.push({ message: this.#sent, number });
  }

  /** False when more is acknowledged than was sent. */
  acks(count: number): boolean {
    if (count > this.#sent) return false;
    this.#acked = Math.max(this.#acked, count);
    let done = 0;
    for (const { message, number } of this.#waiting) {
      if (message > this.#acked) break;
      this.#held = Math.max(this.#held, number);
      done += 1;
    }
    this.#waiting.splice(0, done);
    return true;
  }
}

// How much waits in a transport behind the message in flight: a large answer alone does not make a reader slow. Pure counting.

export class Backlog {
  #ends: number[] = [];
  #sent = 0;

  /** A message of `size` bytes was given to the transport. */
  sent(size: number): void {
    this.#sent += size;
    this.#ends.push(this.#sent);
  }

  /** Bytes behind the message in flight, given what the transport still holds. */
  behind(held: number): number {
    if (held === 0) {
      // The usual case, asked before every message to every reader.
      if (this.#ends.length > 0) this.#ends = [];
      return 0;
    }
    const gone = this.#sent - held;
    let flown = 0;
    while ((this.#ends[flown] ?? Infinity) <= gone) flown += 1;
    if (flown > 0) this.#ends = this.#ends.slice(flown);
    return this.#sent - (this.#ends[0] ?? this.#sent);
  }
}

// How much waits in a transport behind the message in flight: a large answer alone does not make a reader slow. Pure counting.

export class Backlog {
  #sent = 0;
  /** Where the message in flight ends; null while none is. Most messages find nothing before them, and need no list. */
  #first: number | null = null;
  /** Where those behind it end. */
  #others: number[] = [];

  /** A message of `size` bytes was given to the transport. */
  sent(size: number): void {
    this.#sent += size;
    if (this.#first === null) this.#first = this.#sent;
    else this.#others.push(this.#sent);
  }

  /** Bytes behind the message in flight, given what the transport still holds. */
  behind(held: number): number {
    if (held === 0) {
      // The usual case, asked before every message to every reader.
      this.#first = null;
      if (this.#others.length > 0) this.#others = [];
      return 0;
    }
    const gone = this.#sent - held;
    if (this.#first !== null && this.#first <= gone) {
      let flown = 0;
      while ((this.#others[flown] ?? Infinity) <= gone) flown += 1;
      this.#first = this.#others[flown] ?? null;
      this.#others = this.#others.slice(flown + 1);
    }
    return this.#sent - (this.#first ?? this.#sent);
  }
}

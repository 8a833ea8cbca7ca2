// How far one end of a connection reads ahead of its disk: who sends faster than it takes is read no faster. It knows no transport and no bytes.

/** What an update weighs in memory beside its bytes while it waits. */
const ENTRY = 256;

export function weightOf(update: Uint8Array): number {
  return update.length + ENTRY;
}

export class ReadAhead {
  readonly #most: number;
  readonly #hold: (held: boolean) => void;
  #waiting = 0;
  #isHeld = false;

  /** @param most bytes that may wait. @param hold is told when more do, and again when only half as much is left. */
  constructor(most: number, hold: (held: boolean) => void) {
    this.#most = most;
    this.#hold = hold;
  }

  /** @param bytes that begin to wait; negative: that are done with. */
  add(bytes: number): void {
    this.#waiting += bytes;
    const isBehind = this.#waiting > (this.#isHeld ? this.#most / 2 : this.#most);
    if (isBehind === this.#isHeld) return;
    this.#isHeld = isBehind;
    this.#hold(isBehind);
  }
}

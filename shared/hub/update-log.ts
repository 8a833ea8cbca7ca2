// Updates that wait for the disk, one behind the other in one piece of memory. It reads none of them.

/** Bytes that are taken at least once a second update comes. */
const SPARE = 256;

/** A view and its buffer weigh ten times what somebody types: of tens of thousands that wait only their bytes remain. */
export class UpdateLog {
  #memory = new Uint8Array();
  /** Where each ends. */
  readonly #ends: number[] = [];

  get length(): number {
    return this.#ends.length;
  }

  /** Bytes of all. */
  get size(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** All of them, one behind the other. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.size);
  }

  /** Copies it; the answer is where it begins. */
  add(update: Uint8Array): number {
    const at = this.size;
    const end = at + update.length;
    if (at === 0) this.#memory = new Uint8Array(update);
    else {
      if (end > this.#memory.length) this.#grow(end);
      this.#memory.set(update, at);
    }
    this.#ends.push(end);
    return at;
  }

  /** A view; empty where there is none. */
  at(index: number): Uint8Array {
    return this.#memory.subarray(this.#ends[index - 1] ?? 0, this.#ends[index] ?? 0);
  }

  /** Views of all, the first first. */
  all(): Uint8Array[] {
    return this.#ends.map((_, index) => this.at(index));
  }

  #grow(end: number): void {
    const memory = new Uint8Array(Math.max(SPARE, 2 * end));
    memory.set(this.#memory);
    this.#memory = memory;
  }
}

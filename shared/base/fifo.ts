// A queue that stays quick when it is long: taking from the front moves nothing. It waits for nobody and tells nobody.

/** Places at the front that are given back only when there are this many, and at least half of all. */
const SPENT = 1_024;

export class Fifo<T> {
  #items: T[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The item `at` places behind the front. */
  at(at: number): T | undefined {
    return this.#items[this.#first + at];
  }

  /** Takes the first `count` items away, or as many as there are. */
  take(count: number): T[] {
    const taken = this.#items.slice(this.#first, this.#first + count);
    this.#first += taken.length;
    if (this.#first === this.#items.length) this.clear();
    else if (this.#first >= SPENT && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }

  /** Everything that waits, the front first. */
  all(): readonly T[] {
    return this.#items.slice(this.#first);
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
  }
}

// Remembers rooms whose merging took too long, over their unloading, with the tail from which it is tried again. Memory only.

/** Rooms remembered: whoever makes more of them has each tried once more. */
const MOST = 10_000;

export class CostlyRooms {
  readonly #tails = new Map<string, number>();

  /** @param tail updates in the tail before merging is tried again. */
  remember(room: string, tail: number): void {
    this.#tails.delete(room);
    this.#tails.set(room, tail);
    const [oldest] = this.#tails.keys();
    if (oldest !== undefined && this.#tails.size > MOST) this.#tails.delete(oldest);
  }

  forget(room: string): void {
    this.#tails.delete(room);
  }

  /** 0 where nothing is known against merging. */
  tailOf(room: string): number {
    return this.#tails.get(room) ?? 0;
  }
}

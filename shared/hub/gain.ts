// What updates that wait for the disk add to a room, in sum: as little of them as is needed once they are stored. It judges nothing.
import type { ClockRange } from './delete-set.ts';
import type { UpdateFacts } from './struct-facts.ts';

export class Gain {
  /** Up to where each client is there, of those who wrote. */
  readonly clocks = new Map<number, number>();
  #deleted: [client: number, ranges: readonly ClockRange[]][] | null = null;
  #types = 0;
  #items = 0;

  /** Shared types that they create. */
  get types(): number {
    return this.#types;
  }

  /** Objects that their readers build. */
  get items(): number {
    return this.#items;
  }

  /** What they delete or empty, in the order in which it came. */
  get deleted(): Iterable<readonly [client: number, ranges: readonly ClockRange[]]> {
    return this.#deleted ?? [];
  }

  reached(client: number, end: number): void {
    this.clocks.set(client, end);
  }

  deletes(client: number, ranges: readonly ClockRange[]): void {
    (this.#deleted ??= []).push([client, ranges]);
  }

  count({ types, items }: UpdateFacts): void {
    this.#types += types;
    this.#items += items;
  }
}

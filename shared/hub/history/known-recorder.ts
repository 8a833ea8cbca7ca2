// Takes down what a hub has of a room while one session writes in it (SG20): at its first update, and now and then where that became different. It stores nothing.
import { MOST_KNOWN, type KnownAt } from './known-at.ts';

/** Milliseconds between two looks: who types beside somebody has other clocks with every key. */
const EVERY = 2_000;

export class KnownRecorder {
  #clocks: Map<number, number> | null = null;
  #told = true;
  #apart = 0;
  #lookedAt = 0;

  /** Whether it was ever without a link to others. */
  wasApart = false;

  /** @param apart since when there is no link to others; 0: there is one. Cheap but every two seconds. Null: nothing is to be said. */
  at(from: number, now: number, clocks: ReadonlyMap<number, number>, apart: number): KnownAt | null {
    const before = this.#clocks;
    if (before && apart === this.#apart && now - this.#lookedAt < EVERY && now >= this.#lookedAt) return null;
    this.#lookedAt = now;
    const turned = apart !== this.#apart;
    this.#apart = apart;
    if (apart > 0) this.wasApart = true;
    const changed: (readonly [number, number])[] = [];
    if (this.#told) for (const pair of clocks) if (before?.get(pair[0]) !== pair[1]) changed.push(pair);
    if (before && changed.length === 0 && !turned) return null;
    if (changed.length > MOST_KNOWN) this.#told = false;
    const told = this.#told;
    this.#clocks = before ?? new Map();
    if (told) for (const [client, clock] of changed) this.#clocks.set(client, clock);
    return { from, apart, told, clocks: told ? changed : [] };
  }
}

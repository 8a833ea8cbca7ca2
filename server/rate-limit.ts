// How often one address may ask: a token bucket each, forgotten when it is full again. It knows no requests.
import type { Clock } from '../shared/base/clock.ts';
import type { Rate } from '../shared/protocol/limits.ts';

/** Addresses that are remembered at a time; beyond it the one that asked longest ago is forgotten. */
const ADDRESSES = 10_000;

export class RateLimit {
  readonly #clock: Clock;
  readonly #rate: Rate;
  /** What is left for each address, and when that was so; the address that asked last stands last. */
  readonly #left = new Map<string, { readonly tokens: number; readonly at: number }>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  get remembered(): number {
    return this.#left.size;
  }

  /** Takes one request off what `address` has; false when nothing is left. */
  take(address: string): boolean {
    const now = this.#clock.now();
    const { burst, perMinute } = this.#rate;
    const before = this.#left.get(address);
    // A clock that was set back gives nothing and takes nothing.
    const back = before ? (Math.max(0, now - before.at) * perMinute) / 60_000 : burst;
    const tokens = Math.min(burst, (before?.tokens ?? 0) + back);
    this.#left.delete(address);
    const allowed = tokens >= 1;
    this.#left.set(address, { tokens: allowed ? tokens - 1 : tokens, at: now });
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= ADDRESSES) break;
      this.#left.delete(oldest);
    }
    return allowed;
  }
}

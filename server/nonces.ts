// Numbers that a relay gives out once and takes back once, so that no signature is good for a second request.
import { randomId } from '../shared/base/random-id.ts';
import type { Clock } from '../shared/base/clock.ts';
import { LIMITS } from '../shared/protocol/limits.ts';

export class Nonces {
  readonly #clock: Clock;
  /** In the order in which they were given out, hence of their ends. */
  readonly #ends = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#ends.size;
  }

  give(): { readonly nonce: string; readonly expires: number } {
    const now = this.#clock.now();
    for (const [nonce, end] of this.#ends) {
      if (end > now && this.#ends.size < LIMITS.nonces) break;
      this.#ends.delete(nonce);
    }
    const nonce = randomId();
    const expires = now + LIMITS.nonce;
    this.#ends.set(nonce, expires);
    return { nonce, expires };
  }

  /** Whether it was given out here, is still good, and was not taken before; it is taken now. */
  take(nonce: string): boolean {
    const end = this.#ends.get(nonce);
    if (end === undefined) return false;
    this.#ends.delete(nonce);
    return this.#clock.now() < end;
  }
}

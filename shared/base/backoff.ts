// How long to wait before the next try: exponential with full jitter, reset by success; it holds no timer.

export interface BackoffOptions {
  /** Milliseconds before the first retry, at most. */
  readonly first: number;
  /** The longest wait in milliseconds. */
  readonly longest: number;
  /** A number in [0, 1); injected so that tests are repeatable. */
  readonly random?: () => number;
}

/** Exponential back-off with jitter over the upper half, after "Exponential Backoff And Jitter" (M. Brooker, 2015). */
export class Backoff {
  readonly #first: number;
  readonly #longest: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#first = options.first;
    this.#longest = options.longest;
    this.#random = options.random ?? Math.random;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds to wait now, at most `longest` where that is given; each call counts one failure. */
  next(longest = this.#longest): number {
    const ceiling = Math.min(longest, this.#longest, this.#first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.round(ceiling / 2 + (this.#random() * ceiling) / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}

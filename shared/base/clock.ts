// Time as a port, so that tests own it; no dates and no zones here.
import { disposable, type Disposable } from './disposable.ts';

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `run` once after `milliseconds`; disposing cancels it. */
  after(milliseconds: number, run: () => void): Disposable;
}

/** The runtime's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const handle = setTimeout(run, milliseconds);
    return disposable(() => clearTimeout(handle));
  },
};

/** A clock that moves only when told; timers run in the order of their times. */
export class FakeClock implements Clock {
  #now: number;
  #timers: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  after(milliseconds: number, run: () => void): Disposable {
    const timer = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, run };
    this.#timers.push(timer);
    return disposable(() => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    });
  }

  /** Moves time on by `milliseconds`, running what falls due, timers that those timers start included. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#timers
        .filter((timer) => timer.at <= end)
        .sort((a, b) => a.at - b.at || a.order - b.order)
        .at(0);
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}

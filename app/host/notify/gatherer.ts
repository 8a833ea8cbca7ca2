// Holds what is to be shown for a moment, so that several things of one moment become one notification. It knows nothing of what it holds.
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';

/** What one person does at once (three assignments) comes within it. */
const MOMENT = 1_500;
/** Soon after a notification the next one waits longer: a lively thread is no drum. */
const SOON = 30_000;
const LONGER = 5_000;

export class Gatherer<T> implements Disposable {
  readonly #clock: Clock;
  readonly #give: (gathered: readonly T[]) => Promise<boolean | null>;
  #gathered: T[] = [];
  #timer: Disposable | null = null;
  #shown = Number.NEGATIVE_INFINITY;

  /** @param give is handed what came together, and never rejects; true: something was shown. */
  constructor(clock: Clock, give: (gathered: readonly T[]) => Promise<boolean | null>) {
    this.#clock = clock;
    this.#give = give;
  }

  add(things: readonly T[]): void {
    if (things.length === 0) return;
    this.#gathered.push(...things);
    const wait = this.#clock.now() - this.#shown < SOON ? LONGER : MOMENT;
    this.#timer ??= this.#clock.after(wait, () => this.#flush());
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#gathered = [];
  }

  #flush(): void {
    this.#timer = null;
    const gathered = this.#gathered;
    this.#gathered = [];
    void this.#give(gathered).then((shown) => {
      if (shown) this.#shown = this.#clock.now();
    });
  }
}

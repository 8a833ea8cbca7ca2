// A question that is asked at once, and then not before a while, however often somebody says that its answer may differ.
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';

/** Milliseconds between two questions: what is typed changes answers with every key. */
const ASKED_EVERY = 500;

export class AskSoon implements Disposable {
  readonly #clock: Clock;
  readonly #ask: () => void;
  #pause: Disposable | null = null;
  #again = false;
  #disposed = false;

  constructor(clock: Clock, ask: () => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Bound, so that it can be given away as a listener. */
  readonly soon = (): void => {
    if (this.#disposed) return;
    if (this.#pause) {
      this.#again = true;
      return;
    }
    this.#pause = this.#clock.after(ASKED_EVERY, () => {
      this.#pause = null;
      if (!this.#again) return;
      this.#again = false;
      this.soon();
    });
    this.#ask();
  };

  dispose(): void {
    this.#disposed = true;
    this.#pause?.dispose();
  }
}

// Counts ports that are open, and tells when none is: the end of an Electron program waits for that. It reads no message.
import type { Clock } from '../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../shared/base/disposable.ts';

export class OpenPorts {
  readonly #clock: Clock;
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One more port is open, until the result is disposed. */
  hold(): Disposable {
    this.#open += 1;
    return disposable(() => {
      this.#open -= 1;
      if (this.#open > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const none of waiting) none();
    });
  }

  /** `none` as soon as no port is open, `late` after `limit` milliseconds. */
  ended(limit: number): Promise<'none' | 'late'> {
    if (this.#open === 0) return Promise.resolve('none');
    return new Promise((resolve) => {
      const late = this.#clock.after(limit, () => resolve('late'));
      this.#waiting.push(() => {
        late.dispose();
        resolve('none');
      });
    });
  }
}

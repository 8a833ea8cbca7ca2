// The time for words such as "8 min ago": a read-through view of the clock that moves twice a minute while it is read.
import { createSubscriber } from 'svelte/reactivity';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';

const STEP = 30_000;

export class Now {
  readonly #clock: Clock;
  readonly #subscribe: () => void;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#subscribe = createSubscriber((update) => {
      let timer: Disposable;
      const wait = (): void => {
        timer = clock.after(STEP, () => {
          update();
          wait();
        });
      };
      wait();
      return () => timer.dispose();
    });
  }

  get value(): number {
    this.#subscribe();
    return this.#clock.now();
  }
}

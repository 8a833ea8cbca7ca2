// Waiting that notices when the computer slept: whoever waited to try again tries at once on waking. It tries nothing itself.
import type { Clock } from '../base/clock.ts';
import { disposable, type Disposable } from '../base/disposable.ts';

/** Milliseconds between looks at the time. */
const LOOK = 3_000;
/** A look that comes this late means that the computer slept. */
const SLEPT = 2 * LOOK;

/** Calls `run` once: after `milliseconds`, or with `slept` soon after waking. Runtimes stop their timers in sleep. */
export function waitAwake(clock: Clock, milliseconds: number, run: (slept: boolean) => void): Disposable {
  let timer: Disposable;
  const look = (left: number): void => {
    const before = clock.now();
    const part = Math.min(left, LOOK);
    timer = clock.after(part, () => {
      if (clock.now() - before > SLEPT) run(true);
      else if (left > part) look(left - part);
      else run(false);
    });
  };
  look(milliseconds);
  return disposable(() => timer.dispose());
}

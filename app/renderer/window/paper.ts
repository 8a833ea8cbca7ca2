// Before something is printed: pictures that are still being made ready are waited for, a while. It prints nothing itself.
import type { Clock } from '../../../shared/base/clock.ts';

/** What such a picture carries (`data-coming`). */
const COMING = 'img[data-coming]';
const PATIENCE = 10_000;
const AGAIN = 50;

/** Runs at once where nothing is coming, and after `PATIENCE` in any case: what is not there then says what it shows. */
export function onceDrawn(page: ParentNode, clock: Clock, run: () => void): void {
  const end = clock.now() + PATIENCE;
  const look = (): void => {
    if (page.querySelector(COMING) && clock.now() < end) clock.after(AGAIN, look);
    else run();
  };
  look();
}

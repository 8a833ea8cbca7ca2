// The time of a scenario: a clock that moves with the turns of the event loop, and stands still while a disk is at work.
import { FakeClock } from '../../shared/base/clock.ts';
import { DiskWatch } from './watched-store.ts';

/** Milliseconds of the clock in one turn of the event loop. */
const TURN = 5;
/** Turns until what does not end counts as stuck. */
const PATIENCE = 20_000;

export class ScenarioTime {
  readonly clock = new FakeClock();
  readonly disks = new DiskWatch();
  readonly #describe: () => string;

  /** @param describe says how things stand, for the error when nothing comes to rest. */
  constructor(describe: () => string) {
    this.#describe = describe;
  }

  /** Lets time pass until the promise settles. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    let over = false;
    const watched = promise.finally(() => (over = true));
    watched.catch(() => undefined);
    await this.until(() => over);
    return watched;
  }

  async until(condition: () => boolean): Promise<void> {
    for (let turns = 0; !condition(); turns += 1) {
      if (turns > PATIENCE) throw new Error(`it does not come to rest\n${this.#describe()}`);
      await this.turn();
    }
  }

  /** One turn of the event loop that waits for no disk; the clock moves on only where none is at work. */
  async glance(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.disks.atWork) this.clock.advance(TURN);
  }

  /** A disk takes thousands of turns for what no program should time out on. */
  async turn(milliseconds = TURN): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.disks.atWork);
    this.clock.advance(milliseconds);
  }
}

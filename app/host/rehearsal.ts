// Whether this computer keeps all its links off, so that its person tries out how it is to be away (docs/travel.md, TR9 to TR11). In memory: a start of the host ends it. It opens and closes no link itself.
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';

/** Stands as the reason of every link that it keeps off. */
export const REHEARSING = 'All connections of this computer are off, to try out how it is to be offline.';

/** One a host, for every link to a relay or a peer. Whoever opens a connection asks first, and closes it when onChange says that it is on. */
export class Rehearsal {
  readonly #clock: Clock;
  readonly #changed = new Emitter<void>();
  #since: number | null = null;
  readonly onChange = this.#changed.event;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOn(): boolean {
    return this.#since !== null;
  }

  /** Since when it is on; null: it is not. */
  get since(): number | null {
    return this.#since;
  }

  set(on: boolean): void {
    if (on === this.isOn) return;
    this.#since = on ? this.#clock.now() : null;
    this.#changed.fire();
  }

  /** Throws `unreachable` while it is on; asked before anything is sent to another computer. */
  readonly demandLinks = (): void => {
    if (!this.isOn) return;
    throw new AppError('unreachable', `${REHEARSING} Nothing was changed. Turn them on again, and try then.`);
  };

  dispose(): void {
    this.#changed.clear();
  }
}

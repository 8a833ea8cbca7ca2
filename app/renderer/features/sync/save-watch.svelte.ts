// Follows one document's saving for the eye: "not saved" shows at once, "saved" only after a moment of quiet; never early.
import { disposable, type Disposable } from '../../../../shared/base/disposable.ts';
import type { Clock } from '../../../../shared/base/clock.ts';

/** How long everything must be durable before "saved" is shown again: a dot that flickers with each key tells nobody anything. */
const QUIET = 600;

export class SaveWatch implements Disposable {
  readonly #clock: Clock;
  readonly #refresh: () => Promise<boolean>;
  #shownSince = $state<number | null>(null);
  #fresh = $state(false);
  #timer: Disposable = disposable(() => undefined);
  #round = 0;

  /** `refresh` asks the host what the relay lacks, and resolves to whether it answered. */
  constructor(clock: Clock, refresh: () => Promise<boolean>) {
    this.#clock = clock;
    this.#refresh = refresh;
  }

  /** As the handle's pendingSince, but held until it was quiet. */
  get pendingSince(): number | null {
    return this.#shownSince;
  }
  /** Whether the host told about its outbox, asked after this began and after the last edit became durable. */
  get outboxIsFresh(): boolean {
    return this.#fresh;
  }

  /** Tell it each change of the handle's pendingSince. */
  follow(pendingSince: number | null): void {
    this.#timer.dispose();
    if (pendingSince !== null) {
      // Only an edit makes what was asked before worthless; the same word again does not.
      this.#round += 1;
      this.#shownSince ??= pendingSince;
      this.#fresh = false;
    } else if (this.#shownSince !== null) {
      this.#timer = this.#clock.after(QUIET, () => void this.#settle());
    }
  }

  dispose(): void {
    this.#timer.dispose();
    this.#round += 1;
  }

  /** The host can be asked now; call it at the start and whenever the host came back. */
  ask(): void {
    if (this.#shownSince === null && !this.#fresh) void this.#settle();
  }

  async #settle(): Promise<void> {
    this.#shownSince = null;
    const round = this.#round;
    const answered = await this.#refresh();
    if (answered && round === this.#round) this.#fresh = true;
  }
}

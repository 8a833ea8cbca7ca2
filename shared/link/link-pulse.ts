// Keeps a connection's silence in check: heartbeats, a half-open connection, and waking from sleep. It sends by callback.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { LIMITS } from '../protocol/limits.ts';

export interface PulseActions {
  /** When this end last sent anything. */
  lastSent(): number;
  /** Sends a heartbeat. */
  beat(wantsAnswer: boolean): void;
  /** Nothing was heard for too long. */
  silent(): void;
}

/** How often the state is looked at; also how late a half-open connection may be noticed. */
const LOOK = 5_000;
/** A look that comes this late means that the computer slept. */
const SLEPT = 2 * LOOK;

export class LinkPulse implements Disposable {
  readonly #clock: Clock;
  readonly #actions: PulseActions;
  #lastHeard: number;
  #lastLook: number;
  /** After sleep: when an answer must have come. */
  #answerBy: number | null = null;
  #timer: Disposable;

  constructor(clock: Clock, actions: PulseActions) {
    this.#clock = clock;
    this.#actions = actions;
    this.#lastHeard = clock.now();
    this.#lastLook = clock.now();
    this.#timer = clock.after(LOOK, () => this.#look());
  }

  /** Something arrived. */
  heard(): void {
    this.#lastHeard = this.#clock.now();
    this.#answerBy = null;
  }

  dispose(): void {
    this.#timer.dispose();
  }

  #look(): void {
    const now = this.#clock.now();
    const slept = now - this.#lastLook > SLEPT;
    this.#lastLook = now;
    const late = this.#answerBy !== null && now >= this.#answerBy;
    if (late || (now - this.#lastHeard >= LIMITS.silence && !slept)) {
      this.#actions.silent();
      return;
    }
    if (slept) {
      // The other end may be there still: it is asked, and has as long as an answer takes.
      this.#answerBy = now + LIMITS.answer;
      this.#actions.beat(true);
    } else if (now - this.#actions.lastSent() >= LIMITS.heartbeat - LOOK) {
      this.#actions.beat(false);
    }
    this.#timer = this.#clock.after(LOOK, () => this.#look());
  }
}

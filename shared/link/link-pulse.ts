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
const LOOK = 3_000;
/** A look that comes this late means that the computer slept. */
const SLEPT = 2 * LOOK;
/** What is heard so soon after a question may have lain in the socket since before the sleep: it is no answer. */
const STALE = 1_000;

export class LinkPulse implements Disposable {
  readonly #clock: Clock;
  readonly #actions: PulseActions;
  #lastHeard: number;
  #lastLook: number;
  /** After sleep: when an answer must have come. */
  #answerBy: number | null = null;
  #askedAt = 0;
  /** This end does not read for now. */
  #isHeld = false;
  #timer: Disposable;

  constructor(clock: Clock, actions: PulseActions) {
    this.#clock = clock;
    this.#actions = actions;
    this.#lastHeard = clock.now();
    this.#lastLook = clock.now();
    this.#timer = clock.after(LOOK, () => this.#look());
  }

  /** Something happened that a connection may not survive (another network): the other end is asked, and must answer soon. */
  ask(): void {
    this.#askedAt = this.#clock.now();
    this.#answerBy ??= this.#askedAt + LIMITS.answer;
    this.#actions.beat(true);
    // Asked again then, as the answer to the first question is not told from what lay there.
    this.#lookAfter(STALE);
  }

  /** Something arrived. */
  heard(): void {
    this.#lastHeard = this.#clock.now();
    if (this.#answerBy !== null && this.#lastHeard - this.#askedAt >= STALE) this.#answerBy = null;
  }

  /** While this end does not read, nothing can be heard; what was sent meanwhile is read once it does again. */
  hold(held: boolean): void {
    this.#isHeld = held;
    this.#excuse(this.#clock.now());
  }

  dispose(): void {
    this.#timer.dispose();
  }

  #excuse(now: number): void {
    this.#lastHeard = now;
    if (this.#answerBy !== null) this.#answerBy = now + LIMITS.answer;
  }

  #look(): void {
    const now = this.#clock.now();
    if (now < this.#lastLook) this.#setBack(now);
    const slept = now - this.#lastLook > SLEPT;
    this.#lastLook = now;
    if (this.#isHeld) this.#excuse(now);
    if (this.#answerBy !== null ? now >= this.#answerBy : now - this.#lastHeard >= LIMITS.silence && !slept) {
      this.#actions.silent();
      return;
    }
    if (slept) {
      // The other end may be there still: it is asked, and has as long as an answer takes.
      this.ask();
      return;
    }
    if (this.#answerBy !== null) {
      this.#actions.beat(true);
      this.#lookAfter(Math.min(LOOK, this.#answerBy - now));
      return;
    }
    const sinceSent = now - this.#actions.lastSent();
    // What was sent in the future was sent before the clock was set back.
    if (sinceSent >= LIMITS.heartbeat - LOOK || sinceSent < 0) this.#actions.beat(false);
    this.#lookAfter(LOOK);
  }

  /** The clock was set back: what was measured by it before moves along, or silence would last for hours. */
  #setBack(now: number): void {
    const by = this.#lastLook + LOOK - now;
    if (this.#lastHeard > now) this.#lastHeard -= by;
    if (this.#answerBy !== null) this.#answerBy = Math.min(this.#answerBy, now + LIMITS.answer);
    this.#askedAt = Math.min(this.#askedAt, now);
    this.#lastLook = now;
  }

  #lookAfter(milliseconds: number): void {
    this.#timer.dispose();
    this.#timer = this.#clock.after(milliseconds, () => this.#look());
  }
}

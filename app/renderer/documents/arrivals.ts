// What arrives of others' work in an open document, gathered until the window draws: one change for all of it (OD1 to OD5). It reads none of it.
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import type { Frames } from '../window/frames.ts';

/** Takes in what one message brought. */
type Take = () => void;

/** Longer than this nothing waits, whether a frame comes or not. */
const LONGEST_WAIT = 250;
/** After others' work was drawn the window belongs to whoever sits there for this many times as long, and at most so many milliseconds. */
const REST = 2;
const LONGEST_REST = 150;

/** Gathers for one document. `applyAll` gets the messages of one turn in the order in which they came, and makes one change of them. */
export class Arrivals implements Disposable {
  readonly #frames: Frames | null;
  readonly #clock: Clock;
  readonly #applyAll: (updates: readonly Take[]) => void;
  #updates: Take[] = [];
  #presence: Take[] = [];
  #waiting: DisposableStore | null = null;
  #restsUntil = 0;

  /** @param frames null: everything is taken in as it comes. */
  constructor(frames: Frames | null, clock: Clock, applyAll: (updates: readonly Take[]) => void) {
    this.#frames = frames;
    this.#clock = clock;
    this.#applyAll = applyAll;
  }

  /** An edit arrived. */
  update(take: Take): void {
    this.#updates.push(take);
    if (this.#frames?.areDrawn) this.#wait(this.#frames);
    else this.flush();
  }

  /** Presence arrived: it never overtakes the words that it points at. */
  presence(take: Take): void {
    if (this.#updates.length === 0) take();
    else this.#presence.push(take);
  }

  /** The connection is gone, and with it whoever was here over it. */
  forgetPresence(): void {
    this.#presence = [];
  }

  /** Takes in what waits, now. */
  flush(): void {
    this.#waiting?.dispose();
    this.#waiting = null;
    const updates = this.#updates;
    const presence = this.#presence;
    this.#updates = [];
    this.#presence = [];
    if (updates.length > 0) this.#applyAll(updates);
    for (const take of presence) take();
  }

  dispose(): void {
    this.#waiting?.dispose();
    this.#waiting = null;
    this.#updates = [];
    this.#presence = [];
  }

  #wait(frames: Frames): void {
    if (this.#waiting) return;
    const waiting = new DisposableStore();
    this.#waiting = waiting;
    const flush = (): void => this.flush();
    waiting.add(this.#clock.after(LONGEST_WAIT, flush));
    waiting.add(frames.onHidden(flush));
    // A clock that is set back makes no longer rest.
    const rest = Math.min(this.#restsUntil - this.#clock.now(), LONGEST_REST);
    if (rest <= 0) waiting.add(this.#beforeDrawing(frames));
    else waiting.add(this.#clock.after(rest, () => waiting.add(this.#beforeDrawing(frames))));
  }

  #beforeDrawing(frames: Frames): Disposable {
    let began = 0;
    return frames.next(
      () => {
        began = this.#clock.now();
        this.flush();
      },
      () => {
        const now = this.#clock.now();
        this.#restsUntil = now + Math.min(LONGEST_REST, REST * (now - began));
      },
    );
  }
}

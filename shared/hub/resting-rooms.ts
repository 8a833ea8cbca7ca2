// Rooms that were let go with more than one stored value: merged one after the other while a hub has time for it. Names only; how a room is merged is the hub's.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

/** Names kept; who leaves more rooms behind has the oldest merged when somebody opens them next. */
const MOST = 20_000;
/** Milliseconds that a room waits at least: who comes back soon finds it as it was left, and a relay gives back memory first (RE36). */
const SOON = 15_000;
/** Milliseconds without a write after which nobody is in the way. */
const QUIET = 500;
/** How many times as long as a merge took it rests: half of the time where nobody is in the way, a twentieth else. */
const [REST, LONG_REST] = [1, 19];

export class RestingRooms {
  readonly #clock: Clock;
  readonly #merge: (room: string) => Promise<void>;
  readonly #onDone: () => void;
  readonly #rooms = new Set<string>();
  #wroteAt = -Infinity;
  #timer: Disposable | null = null;
  #running: Promise<void> | null = null;
  #closed = false;

  /** @param merge must not throw. @param onDone is told when none is left. */
  constructor(clock: Clock, merge: (room: string) => Promise<void>, onDone: () => void) {
    this.#clock = clock;
    this.#merge = merge;
    this.#onDone = onDone;
  }

  add(room: string): void {
    if (this.#closed) return;
    this.#rooms.add(room);
    const [oldest] = this.#rooms;
    if (oldest !== undefined && this.#rooms.size > MOST) this.#rooms.delete(oldest);
    if (!this.#timer && !this.#running) this.#runAfter(SOON);
  }

  forget(room: string): void {
    this.#rooms.delete(room);
  }

  /** Somebody works here: resting rooms have time. */
  wrote(): void {
    this.#wroteAt = this.#clock.now();
  }

  /** Starts nothing more, and waits for what is under way; tells what is left. */
  async close(): Promise<readonly string[]> {
    this.#closed = true;
    this.#timer?.dispose();
    await this.#running;
    return [...this.#rooms];
  }

  #runAfter(milliseconds: number): void {
    this.#timer = this.#clock.after(milliseconds, () => {
      this.#timer = null;
      const [room] = this.#rooms;
      if (room === undefined) return;
      this.#rooms.delete(room);
      this.#running = this.#run(room);
    });
  }

  async #run(room: string): Promise<void> {
    const began = this.#clock.now();
    await this.#merge(room);
    const took = Math.max(1, this.#clock.now() - began);
    this.#running = null;
    if (this.#closed) return;
    if (this.#rooms.size === 0) {
      this.#onDone();
      return;
    }
    const quiet = this.#clock.now() - this.#wroteAt > QUIET;
    this.#runAfter(took * (quiet ? REST : LONG_REST));
  }
}

// Runs compactions one at a time, a little after they were asked for, so that no burst of typing waits for one.
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

export class Compactor<Room extends object> {
  readonly #clock: Clock;
  readonly #delay: number;
  readonly #compact: (room: Room) => Promise<void>;
  readonly #wanted = new Set<Room>();
  /** Asked for out of turn, until done. */
  readonly #urgent = new Set<Room>();
  #timer: Disposable | null = null;
  #running: Promise<void> = Promise.resolve();
  #under = 0;
  #closed = false;

  /** @param compact must not throw. */
  constructor(clock: Clock, delay: number, compact: (room: Room) => Promise<void>) {
    this.#clock = clock;
    this.#delay = delay;
    this.#compact = compact;
  }

  /** Asks for a compaction soon, or where it is urgent next; asking again before it began changes nothing else. */
  request(room: Room, urgent = false): void {
    if (this.#closed) return;
    this.#wanted.add(room);
    if (!urgent) this.#schedule();
    else if (!this.#urgent.has(room)) {
      this.#urgent.add(room);
      void this.now(room).then(() => this.#urgent.delete(room));
    }
  }

  /** Runs now, behind the one under way, and resolves when it is done. */
  now(room: Room): Promise<void> {
    this.#wanted.delete(room);
    this.#under += 1;
    this.#running = this.#running.then(() => this.#compact(room)).then(() => void (this.#under -= 1));
    return this.#running;
  }

  /** Nobody would have to wait for others. */
  get isIdle(): boolean {
    return this.#under === 0;
  }

  /** Waits for the one under way. */
  idle(): Promise<void> {
    return this.#running;
  }

  forget(room: Room): void {
    this.#wanted.delete(room);
  }

  /** Starts nothing more and waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.dispose();
    this.#wanted.clear();
    await this.#running;
  }

  #schedule(): void {
    if (this.#timer || this.#closed || this.#wanted.size === 0) return;
    this.#timer = this.#clock.after(this.#delay, () => {
      this.#timer = null;
      const [room] = this.#wanted;
      if (!room) return;
      void this.now(room).then(() => this.#schedule());
    });
  }
}

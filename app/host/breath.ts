// Long work on the host's one thread takes a breath now and then, so that whoever waits meanwhile has their turn. It does no work and splits none.

/** Milliseconds of work between two breaths: windows ask for answers, and relays are heard, many times a second. */
const LONGEST = 8;

/** Time, and the turn of everybody else. */
export interface Turns {
  /** Milliseconds; never goes back. */
  now(): number;
  /** Resolves once others had their turn. */
  next(): Promise<void>;
}

const SYSTEM: Turns = {
  now: () => performance.now(),
  next: () => new Promise<void>((resolve) => setImmediate(resolve)),
};

/**
 * For one piece of work: `if (breath.isDue) await breath.take();` in each of its loops. What is read from LevelDB does not count as
 * waiting: it is there at once, and the loop goes on in the same turn.
 */
export class Breath {
  readonly #turns: Turns;
  #since: number;

  constructor(turns: Turns = SYSTEM) {
    this.#turns = turns;
    this.#since = turns.now();
  }

  get isDue(): boolean {
    return this.#turns.now() - this.#since >= LONGEST;
  }

  async take(): Promise<void> {
    await this.#turns.next();
    this.#since = this.#turns.now();
  }
}

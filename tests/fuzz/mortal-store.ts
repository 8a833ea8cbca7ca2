// Stores of a program that may be killed at any moment: what it had not been told is durable is lost, or is there in part, and nobody hears of it.
import type { DocStore } from '../../shared/hub/doc-store.ts';
import type { ValueStore } from '../../shared/hub/value-store.ts';
import { openLevelDatabase, type OpenDatabase } from '../../shared/node/level-database.ts';

/** Turns of the event loop that a write takes at most before it begins. */
const SLOWEST = 6;

interface WaitingWrite {
  readonly run: () => Promise<unknown>;
  readonly tell: (outcome: Promise<unknown>) => void;
}

/** A disk as one program has it, until it is killed: writes reach it in order, each after a moment. */
export class MortalDisk {
  readonly #random: () => number;
  readonly #waiting: WaitingWrite[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #running: Promise<void> | null = null;
  #dead = false;
  /** Writes that a kill took away. */
  lost = 0;

  /** @param random says how long writes take, and how far they came when the program was killed. */
  constructor(random: () => number) {
    this.#random = random;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Resolves when it is done; of a program that is killed before that, never. */
  write<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#dead) return;
      const tell = (outcome: Promise<unknown>): void => void (outcome as Promise<T>).then(resolve, reject);
      this.#waiting.push({ run, tell });
      this.#running ??= this.#work();
    });
  }

  /** The same for reading, which waits for no write. */
  read<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#dead) return;
      const reading = run();
      void this.#during(reading).then(() => {
        if (!this.#dead) reading.then(resolve, reject);
      });
    });
  }

  /** Waits for the writes that were begun. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** The program is no more. Of what it was writing the first part may be on the disk, in order. */
  async kill(): Promise<void> {
    this.#dead = true;
    await Promise.all(this.#underWay);
    const arrives = Math.floor(this.#random() * (this.#waiting.length + 1));
    for (const { run } of this.#waiting.splice(0, arrives)) await run();
    this.lost = this.#waiting.splice(0).length;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      for (let turns = Math.floor(this.#random() * SLOWEST); turns > 0; turns -= 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      // Dead: nothing of this program moves any more, and what waits on it waits for ever.
      if (this.#dead) await new Promise(() => undefined);
      const { run, tell } = this.#waiting.shift()!;
      const outcome = run();
      await this.#during(outcome);
      if (this.#dead) await new Promise(() => undefined);
      tell(outcome);
    }
    this.#running = null;
  }

  async #during(work: Promise<unknown>): Promise<void> {
    const over = work.then(
      () => undefined,
      () => undefined,
    );
    this.#underWay.add(over);
    await over;
    this.#underWay.delete(over);
  }
}

/** A store whose every write goes by a mortal disk. `inner` is durable at once, as one in memory is. */
export class MortalStore implements DocStore {
  readonly #inner: DocStore;
  readonly #disk: MortalDisk;
  readonly values: ValueStore;

  constructor(inner: DocStore, disk: MortalDisk) {
    this.#inner = inner;
    this.#disk = disk;
    const { values } = inner;
    this.values = {
      get: (area, key) => this.#afterWrites(() => values.get(area, key)),
      write: (writes) => disk.write(() => values.write(writes)),
      entries: (area, prefix) => this.#list(() => values.entries(area, prefix)),
      keys: (area, prefix) => this.#list(() => values.keys(area, prefix)),
    };
  }

  get hub(): string {
    return this.#inner.hub;
  }

  get epoch(): string {
    return this.#inner.epoch;
  }

  get segments(): DocStore['segments'] {
    return this.#inner.segments;
  }

  readonly load: DocStore['load'] = (room) => this.#afterWrites(() => this.#inner.load(room));
  readonly append: DocStore['append'] = (...given) => this.#disk.write(() => this.#inner.append(...given));
  readonly compact: DocStore['compact'] = (...given) => this.#disk.write(() => this.#inner.compact(...given));
  readonly purge: DocStore['purge'] = (room) => this.#disk.write(() => this.#inner.purge(room));
  readonly settle: DocStore['settle'] = () => this.#afterWrites(() => this.#inner.settle());
  readonly sweep: DocStore['sweep'] = () => this.#disk.write(() => this.#inner.sweep());
  readonly rooms: DocStore['rooms'] = (workspace) => this.#list(() => this.#inner.rooms(workspace));
  readonly changes: DocStore['changes'] = (...given) => this.#disk.read(() => this.#inner.changes(...given));
  readonly heads: DocStore['heads'] = (workspace) => this.#disk.read(() => this.#inner.heads(workspace));
  readonly knowsCursor: DocStore['knowsCursor'] = (...given) =>
    this.#disk.read(() => this.#inner.knowsCursor(...given));

  async close(): Promise<void> {
    await this.#disk.settled();
    await this.#inner.close();
  }

  async #afterWrites<T>(run: () => Promise<T>): Promise<T> {
    await this.#disk.settled();
    return this.#disk.read(run);
  }

  async *#list<T>(run: () => AsyncIterable<T>): AsyncIterable<T> {
    yield* await this.#afterWrites(async () => {
      const all: T[] = [];
      for await (const one of run()) all.push(one);
      return all;
    });
  }
}

/** LevelDB on a mortal disk. `abandon` is for the end of a killed program: it lets go of the folder and writes nothing. */
export function mortalDatabase(disk: MortalDisk): { readonly open: OpenDatabase; abandon(): Promise<void> } {
  const opened: Awaited<ReturnType<OpenDatabase>>[] = [];
  return {
    open: async (directory, options) => {
      const database = await openLevelDatabase(directory, options);
      opened.push(database);
      return {
        read: (run) => disk.read(() => database.read(run)),
        write: (writes) => disk.write(() => database.write(writes)),
        compactRange: (from, to) => disk.write(async () => database.compactRange?.(from, to)),
        close: () => database.close(),
      };
    },
    abandon: async () => {
      await disk.kill();
      for (const database of opened) await database.close();
    },
  };
}

// A host's or relay's program in a scenario: what it stored outlives it, and everything else ends with it without a word.
import type { Clock } from '../../shared/base/clock.ts';
import { disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { StoredLinkMemory } from '../../shared/hub/link-memory.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import type { LinkMemory } from '../../shared/link/link-memory.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { WORKSPACE } from './convergence-scenario.ts';
import { mortalDatabase, MortalDisk, MortalStore } from './mortal-store.ts';
import type { DiskWatch, StoreWatch } from './watched-store.ts';

/** Opens what outlives the program, again and again. `abandon` ends a killed program's hold on it, and writes nothing more. */
export type OpenStore = (disk: MortalDisk) => Promise<{ readonly store: DocStore; abandon(): Promise<void> }>;

export function memoryStore(): OpenStore {
  const medium = new MemoryMedium();
  return (disk) =>
    Promise.resolve({ store: new MortalStore(new MemoryDocStore(medium), disk), abandon: () => disk.kill() });
}

export function levelStore(directory: string): OpenStore {
  return async (disk) => {
    const { open, abandon } = mortalDatabase(disk);
    return { store: await LevelDocStore.open({ directory, openDatabase: open }), abandon };
  };
}

/** Small numbers, so that merging and unloading happen within a few steps. */
const SOON = { linger: 200, tailEntries: 6, tailAtUnload: 2, compactAfter: 40 };

const EVERYBODY = { allows: () => true, onChange: new Emitter<void>().event };

/** What scenarios are to have come across; added up over all programs. */
export interface Happened {
  /** Rooms whose stored updates were merged. */
  compactions: number;
  /** Writes that a kill took away. */
  lostWrites: number;
}

export interface ProgramOptions {
  readonly open: OpenStore;
  readonly clock: Clock;
  readonly disks: DiskWatch;
  /** How long the disk takes, and what of it a kill takes away. */
  readonly random: () => number;
  readonly happened: Happened;
}

/** One life of a program, from its start to its end. */
export class Program {
  readonly clock: Clock;
  readonly store: DocStore;
  readonly hub: Hub;
  readonly #options: ProgramOptions;
  readonly #disk: MortalDisk;
  readonly #watch: StoreWatch;
  readonly #abandon: () => Promise<void>;

  private constructor(
    options: ProgramOptions,
    disk: MortalDisk,
    watch: StoreWatch,
    { store, abandon }: Awaited<ReturnType<OpenStore>>,
  ) {
    const { clock, happened } = options;
    this.#options = options;
    this.#disk = disk;
    this.#watch = watch;
    this.#abandon = abandon;
    this.store = watch.watched(store);
    this.clock = {
      now: () => clock.now(),
      after: (milliseconds, run) => {
        if (disk.isDead) return disposable(() => undefined);
        return clock.after(milliseconds, () => {
          if (!disk.isDead) run();
        });
      },
    };
    const logger = countingLogger((event) => {
      if (event === 'compacted') happened.compactions += 1;
    });
    this.hub = new Hub({ store: this.store, access: EVERYBODY, clock: this.clock, logger, limits: SOON });
  }

  static async start(options: ProgramOptions): Promise<Program> {
    const disk = new MortalDisk(options.random);
    const watch = options.disks.begin();
    return new Program(options, disk, watch, await watch.during(options.open(disk)));
  }

  /** What a link learned, in the host's own store. */
  memory(about = WORKSPACE): LinkMemory {
    return new StoredLinkMemory(this.store.values, about);
  }

  /** Ends as kill -9 does: what was told to be durable stays, of the rest the first part may, and nobody is told. */
  async kill(): Promise<void> {
    this.#options.disks.end(this.#watch);
    await this.#abandon();
    this.#options.happened.lostWrites += this.#disk.lost;
  }

  async close(): Promise<void> {
    await this.hub.close();
    await this.store.close();
    this.#options.disks.end(this.#watch);
  }
}

function countingLogger(count: (event: string) => void): Logger {
  const logger: Logger = { log: (_, event) => count(event), child: () => logger };
  return logger;
}

// A host's or relay's program in a scenario: its store outlives it, and everything else ends with it without a word.
import type { Clock } from '../../shared/base/clock.ts';
import { disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { StoredLinkMemory } from '../../shared/hub/link-memory.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import type { LinkMemory } from '../../shared/link/link-memory.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { WORKSPACE } from './convergence-scenario.ts';
import type { DiskWatch } from './watched-store.ts';

/** Opens what outlives the program, again and again. */
export type OpenStore = () => Promise<DocStore>;

export function memoryStore(): OpenStore {
  const medium = new MemoryMedium();
  return () => Promise.resolve(new MemoryDocStore(medium));
}

export function levelStore(directory: string): OpenStore {
  return () => LevelDocStore.open({ directory });
}

/** Small numbers, so that merging and unloading happen within a few steps. */
const SOON = { linger: 200, tailEntries: 6, tailAtUnload: 2, compactAfter: 40 };

const EVERYBODY = { allows: () => true, onChange: new Emitter<void>().event };

/** One life of a program, from its start to its end. */
export class Program {
  readonly clock: Clock;
  readonly store: DocStore;
  readonly hub: Hub;
  #alive = true;

  private constructor(store: DocStore, clock: Clock) {
    this.store = store;
    this.clock = {
      now: () => clock.now(),
      after: (milliseconds, run) => {
        if (!this.#alive) return disposable(() => undefined);
        return clock.after(milliseconds, () => {
          if (this.#alive) run();
        });
      },
    };
    this.hub = new Hub({ store, access: EVERYBODY, clock: this.clock, logger: silentLogger, limits: SOON });
  }

  static async start(open: OpenStore, clock: Clock, disk: DiskWatch): Promise<Program> {
    return new Program(disk.watched(await disk.during(open())), clock);
  }

  /** What a link learned, in the host's own store; nothing is written any more once the program has ended. */
  memory(about = WORKSPACE): LinkMemory {
    const stored = new StoredLinkMemory(this.store.values, about);
    return {
      lastHub: () => stored.lastHub(),
      number: (hub, room) => stored.number(hub, room),
      load: (hub) => stored.load(hub),
      save: (hub, change) => (this.#alive ? stored.save(hub, change) : Promise.resolve()),
    };
  }

  /** Ends as kill -9 does: what the store has taken stays, and nobody is told. */
  async kill(): Promise<void> {
    this.#alive = false;
    await this.store.close();
  }

  async close(): Promise<void> {
    await this.hub.close();
    await this.store.close();
  }
}

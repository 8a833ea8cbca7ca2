// What a hub was told about who holds what: the port that remembers it; shared/hub/holder-memory.ts stores it.
import type { Holder } from '../protocol/cursor-frames.ts';

/** Who holds what of one space, as the other hub told. */
export interface HolderRecord {
  /** When it was told last, by this end's clock (milliseconds since the epoch). */
  readonly learnedAt: number;
  readonly holders: readonly Holder[];
}

/** One per workspace, in the same store as the link's memory. */
export interface HolderMemory {
  /** By space. What cannot be read counts as never told. */
  load(hub: string): Promise<ReadonlyMap<string, HolderRecord>>;
  /** Atomic and durable. null forgets. */
  save(hub: string, records: ReadonlyMap<string, HolderRecord | null>): Promise<void>;
}

/** Remembers until it is thrown away; for tests. */
export class VolatileHolderMemory implements HolderMemory {
  readonly #hubs = new Map<string, Map<string, HolderRecord>>();

  load(hub: string): Promise<ReadonlyMap<string, HolderRecord>> {
    return Promise.resolve(new Map(this.#hubs.get(hub)));
  }

  save(hub: string, records: ReadonlyMap<string, HolderRecord | null>): Promise<void> {
    const known = this.#hubs.get(hub) ?? new Map<string, HolderRecord>();
    this.#hubs.set(hub, known);
    for (const [space, record] of records) {
      if (record) known.set(space, record);
      else known.delete(space);
    }
    return Promise.resolve();
  }
}

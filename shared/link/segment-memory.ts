// How far this hub has taken over the segments of others: the port that remembers it; shared/hub/segment-memory.ts stores it.

/** Where this hub stands in another one's numbering of a space's segments. */
export interface SegmentPlace {
  /** The other hub's epoch under which the number was given. */
  readonly epoch: string;
  readonly after: number;
  /** The hash of the segment with that number there: a hub that gave the number to another one since is noticed. */
  readonly tag: string;
  /** Something up to there was passed over because whoever brought it might not write in the space then (SW6). */
  readonly denied: boolean;
}

/**
 * One per workspace. It stands in the same store as the segments: a restored backup brings older segments and older places
 * together, so nothing that was lost is passed over.
 */
export interface SegmentMemory {
  /** By space. What cannot be read counts as never remembered: then more is offered, never less. */
  load(hub: string): Promise<ReadonlyMap<string, SegmentPlace>>;
  /** Atomic and durable. null forgets. */
  save(hub: string, places: ReadonlyMap<string, SegmentPlace | null>): Promise<void>;
}

/** Remembers until it is thrown away; for tests, and for links whose ends live in one process. */
export class VolatileSegmentMemory implements SegmentMemory {
  readonly #hubs = new Map<string, Map<string, SegmentPlace>>();

  load(hub: string): Promise<ReadonlyMap<string, SegmentPlace>> {
    return Promise.resolve(new Map(this.#hubs.get(hub)));
  }

  save(hub: string, places: ReadonlyMap<string, SegmentPlace | null>): Promise<void> {
    const known = this.#hubs.get(hub) ?? new Map<string, SegmentPlace>();
    this.#hubs.set(hub, known);
    for (const [space, place] of places) {
      if (place) known.set(space, place);
      else known.delete(space);
    }
    return Promise.resolve();
  }
}

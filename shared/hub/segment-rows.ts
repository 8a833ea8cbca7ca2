// The port under history: segments by space, number, hash and room, as rows of a store. It reads nothing of what is in them.
import type { SegmentRef } from '../link/segment-source.ts';
import type { ValueWrite } from './value-store.ts';

/** What a space holds of history. */
export interface SpaceHistory {
  /** The number of its newest segment, also of one that was removed since. */
  readonly number: number;
  readonly count: number;
  /** Of all its segments. */
  readonly bytes: number;
  /** The latest `endedAt` of what retention removed; 0 where nothing was. */
  readonly removedUntil: number;
}

export const NO_HISTORY: SpaceHistory = Object.freeze({ number: 0, count: 0, bytes: 0, removedUntil: 0 });

/** A base that stands for removed segments (docs/storage.md, rule SG15). */
export interface Replacement {
  /** Bases that it stands for as well: they go in the same batch, and move no bound. */
  readonly bases: readonly SegmentRef[];
  readonly base: { readonly segment: Pick<SegmentRef, 'hash' | 'room' | 'endedAt'>; readonly bytes: Uint8Array } | null;
}

/** Errors are the store's: `disk-full`, `read-only`, `damaged`, `closed`. */
export interface SegmentRows {
  /**
   * Stores a segment under the next number of its space and makes the writes of `replaced` in the same batch. Resolves with the
   * number once durable; with null when the segment was there already (`replaced` is written all the same).
   */
  add(
    segment: Pick<SegmentRef, 'hash' | 'room' | 'endedAt'>,
    bytes: Uint8Array,
    replaced?: readonly ValueWrite[],
  ): Promise<number | null>;
  /** Removes those of them that are still there, and makes the replacement, in one batch. Their numbers are not given again. */
  remove(segments: readonly SegmentRef[], replacement?: Replacement): Promise<void>;
  /** In rising order of numbers. */
  after(workspace: string, space: string, after: number, limit: number): Promise<readonly SegmentRef[]>;
  has(workspace: string, hash: string): Promise<boolean>;
  read(workspace: string, hash: string): Promise<Uint8Array | null>;
  /** The hashes of a room's segments, in no order. */
  ofRoom(room: string): Promise<readonly string[]>;
  /** By `<workspace>/<space>`, as it is durable now. */
  readonly spaces: ReadonlyMap<string, SpaceHistory>;
}

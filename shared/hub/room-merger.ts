// Where a room's updates are merged, as a port, and the merger that does it in this thread. When it is done is the hub's.
import type { Clock } from '../base/clock.ts';
import { compactUpdates, type Compaction } from './compaction.ts';

export interface MergeTask {
  readonly updates: readonly Uint8Array[];
  /** The encoded state vector that they must come to. */
  readonly expected: Uint8Array;
  /** Collects nothing: what was deleted stays readable. */
  readonly keepDeleted: boolean;
}

export interface RoomMerger {
  /** One at a time. Rejects where it cannot be told how it would have ended. */
  merge(task: MergeTask): Promise<Compaction>;
}

/** Everybody else waits while it merges: `mergeTime` is how long, in milliseconds. */
export class MergerHere implements RoomMerger {
  readonly #clock: Clock;
  readonly #mergeTime: number;

  constructor(clock: Clock, mergeTime: number) {
    this.#clock = clock;
    this.#mergeTime = mergeTime;
  }

  async merge({ updates, expected, keepDeleted }: MergeTask): Promise<Compaction> {
    const began = this.#clock.now();
    return compactUpdates(updates, expected, () => this.#clock.now() - began > this.#mergeTime, keepDeleted);
  }
}

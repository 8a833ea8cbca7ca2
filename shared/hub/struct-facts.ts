// What is known of an update's structs without their content; types alone, read in update-facts.ts and plain-facts.ts.
import type { ClockRange } from './delete-set.ts';

export interface ClockId {
  readonly client: number;
  readonly clock: number;
}

/** One struct of an update. */
export interface StructFact extends ClockRange {
  /** What must be there before it: its neighbours and its parent. Null where there is none. */
  readonly origin: ClockId | null;
  readonly rightOrigin: ClockId | null;
  readonly parent: ClockId | null;
  /** It carries no content any more: its range counts as deleted. */
  readonly empty: boolean;
}

export interface UpdateFacts {
  /** By client, in rising order of clocks. */
  readonly structs: ReadonlyMap<number, readonly StructFact[]>;
  readonly deletes: ReadonlyMap<number, readonly ClockRange[]>;
  /** How many shared types it creates: nesting is made of these. */
  readonly types: number;
  /** How many objects its readers build for it. */
  readonly items: number;
  /** Where the structs of its only client stand in its bytes (`to` exclusive), and behind them its deletions; absent where that was not read. */
  readonly from?: number;
  readonly to?: number;
}

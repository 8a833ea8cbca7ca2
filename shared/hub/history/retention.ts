// How much history is kept, and what goes first when it is too much. Choosing only; removing is the history's.
import type { SegmentRef } from '../../link/segment-source.ts';

export interface Retention {
  /** Days after which a segment is removed; 0: never by age. */
  readonly days: number;
  /** Bytes of all segments together, beyond which the oldest are removed; 0: no bound. */
  readonly bytes: number;
}

const DAY = 24 * 60 * 60 * 1000;
/** Of the bound: what is left after a removal, so that the next edit does not begin another one. */
const LEFT = 0.95;

/** The time before which a segment counts as too old, or 0. */
export function keptSince({ days }: Retention, now: number): number {
  return days === 0 ? 0 : now - days * DAY;
}

/** Those to remove, oldest first. @param segments all of them. */
export function chooseOld(segments: readonly SegmentRef[], retention: Retention, now: number): readonly SegmentRef[] {
  const since = keptSince(retention, now);
  const sorted = [...segments].sort((a, b) => a.endedAt - b.endedAt);
  let total = sorted.reduce((sum, { size }) => sum + size, 0);
  const most = retention.bytes > 0 && total > retention.bytes ? retention.bytes * LEFT : Infinity;
  return sorted.filter(({ endedAt, size }) => {
    if (endedAt >= since && total <= most) return false;
    total -= size;
    return true;
  });
}

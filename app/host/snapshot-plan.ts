// Which of the rolling snapshots stay, and when the next one is due; pure.
import type { SnapshotEntry } from '../contract/recovery.ts';

export interface SnapshotLimits {
  /** Days of which the newest snapshot stays. */
  readonly daily: number;
  /** Weeks of which the newest one stays beyond those. */
  readonly weekly: number;
  /** Bytes of all of them together; the newest one stays whatever it takes. */
  readonly bytes: number;
}

export const SNAPSHOT_LIMITS: SnapshotLimits = Object.freeze({ daily: 7, weekly: 4, bytes: 2 * 1024 ** 3 });

const DAY = 24 * 60 * 60 * 1000;

/** Milliseconds until the next one; 0 where none is of the last day. A clock that was set back makes none too many. */
export function dueIn(entries: readonly SnapshotEntry[], now: number): number {
  const newest = Math.max(Number.NEGATIVE_INFINITY, ...entries.map(({ at }) => Date.parse(at)));
  return Number.isFinite(newest) ? Math.max(0, Math.min(DAY, newest + DAY - now)) : 0;
}

/** The ids of those that go, oldest first. */
export function tooMany(entries: readonly SnapshotEntry[], limits: SnapshotLimits): readonly string[] {
  const newestFirst = [...entries].sort((a, b) => (a.at < b.at ? 1 : -1));
  const days = new Set<number>();
  const weeks = new Set<number>();
  let bytes = 0;
  const kept = newestFirst.filter((entry, at) => {
    const day = Math.floor(Date.parse(entry.at) / DAY);
    const week = Math.floor(day / 7);
    const asDay = !days.has(day) && days.size < limits.daily;
    const asWeek = !asDay && !days.has(day) && !weeks.has(week) && weeks.size < limits.weekly;
    if (at > 0 && ((!asDay && !asWeek) || bytes + entry.bytes > limits.bytes)) return false;
    if (asDay) days.add(day);
    else weeks.add(week);
    bytes += entry.bytes;
    return true;
  });
  return newestFirst
    .filter((entry) => !kept.includes(entry))
    .map(({ id }) => id)
    .reverse();
}

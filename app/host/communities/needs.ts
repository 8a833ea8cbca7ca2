// What needs the attention of a space's managers: questions that wait, newcomers who wrote nothing, overdue reviews, reported posts. Pure.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { MOST_NEEDS, type Attention } from '../../contract/communities.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { localDay } from '../plain-date.ts';
import type { ThreadRow } from '../threads/thread-row.ts';

const HOUR = 3_600_000;
export const ANSWER_WITHIN = 48 * HOUR;
export const WRITE_WITHIN = 7 * 24 * HOUR;

export interface SpaceNow {
  readonly now: number;
  readonly threads: Iterable<ThreadRow>;
  readonly documents: readonly DocEntry[];
  /** People of the space who wrote nothing in it, and when they came. */
  readonly newcomers: readonly { readonly member: string; readonly at: number }[];
}

export function needsOf({ now, threads, documents, newcomers }: SpaceNow): Omit<Attention, 'waiting'> {
  const rows = [...threads].filter((row) => !row.archived && row.mergedInto === null);
  const idOf = (row: ThreadRow): string => parseRoomName(row.room)?.document ?? '';
  const waits = rows.filter(
    (row) => row.type === 'question' && !row.answered && !row.closed && row.startedAt < now - ANSWER_WITHIN,
  );
  const today = localDay(now);
  return {
    unanswered: cut(
      waits.map((row) => ({ document: idOf(row), by: row.starter, at: row.startedAt, posts: row.posts })),
      (a, b) => a.at - b.at,
    ),
    newcomers: cut(
      newcomers.filter(({ at }) => at < now - WRITE_WITHIN),
      (a, b) => a.at - b.at,
    ),
    stale: cut(
      documents.flatMap(({ id, kind, archived, properties }) => {
        const reviewBy = properties?.reviewBy;
        if (kind !== 'page' || archived || reviewBy === undefined || reviewBy >= today) return [];
        return { document: id, reviewBy, owner: properties?.owner ?? null };
      }),
      (a, b) => (a.reviewBy < b.reviewBy ? -1 : a.reviewBy > b.reviewBy ? 1 : 0),
    ),
    reported: cut(
      rows.filter((row) => row.reported > 0).map((row) => ({ document: idOf(row), posts: row.reported })),
      (a, b) => b.posts - a.posts,
    ),
  };
}

function cut<T>(all: T[], order: (a: T, b: T) => number): { total: number; entries: T[] } {
  return { total: all.length, entries: all.sort(order).slice(0, MOST_NEEDS) };
}

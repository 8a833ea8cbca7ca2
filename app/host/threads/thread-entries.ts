// What a list shows of threads to one member: unread counts, votes over merged threads, filters and order. Pure.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { Level } from '../../../shared/model/personal/levels.ts';
import { readPostsFrom, type ReadPosts } from '../../../shared/model/personal/read-posts.ts';
import type { ThreadType } from '../../../shared/model/thread/facts.ts';
import type { ThreadEntry, ThreadFilter, ThreadList } from '../../contract/threads.ts';
import type { ThreadRow } from './thread-row.ts';

/** Who asks, and what their own documents say. */
export interface Reader {
  readonly member: string;
  readonly read: ReadonlyMap<string, ReadPosts>;
  readonly level: (thread: string) => Level;
  readonly drafts: ReadonlySet<string>;
}

export interface ThreadQuestion {
  readonly filter: ThreadFilter;
  readonly type: ThreadType | null;
  readonly from: number;
  readonly most: number;
}

const UNREAD = readPostsFrom([]);

/** Posts of others that were not read on any device. */
export function unreadIn(row: ThreadRow, member: string, read: ReadPosts = UNREAD): number {
  let count = 0;
  for (const [key, ranges] of Object.entries(row.numbers)) {
    const cut = key.indexOf('/');
    if (key.slice(0, cut) === member) continue;
    const device = key.slice(cut + 1);
    for (const [first, last] of ranges) count += last - first + 1 - read.countIn(device, first, last);
  }
  return count;
}

/** Threads that lead to themselves by going on in others: two managers merged them while apart. None of them has ended. */
function inCircles(byId: ReadonlyMap<string, ThreadRow>): ReadonlySet<string> {
  const circles = new Set<string>();
  const looked = new Set<string>();
  for (const [id, { mergedInto }] of byId) {
    if (mergedInto === null || looked.has(id)) continue;
    const way = new Map<string, number>();
    let at: string | null = id;
    for (let row = byId.get(id); at !== null && row && !looked.has(at); row = byId.get(at ?? '')) {
      looked.add(at);
      way.set(at, way.size);
      at = row.mergedInto;
    }
    const from = at === null ? undefined : way.get(at);
    if (from !== undefined) for (const [one, place] of way) if (place >= from) circles.add(one);
  }
  return circles;
}

/**
 * What lists and badges show. Of threads that go on in another one those alone in which something is unread: it may have been written by
 * somebody who knew nothing of the merge.
 */
function* shownIn(
  byId: ReadonlyMap<string, ThreadRow>,
  reader: Reader,
): Iterable<readonly [id: string, row: ThreadRow, unread: number]> {
  const circles = inCircles(byId);
  for (const [id, row] of byId) {
    if (row.archived) continue;
    const unread = unreadIn(row, reader.member, reader.read.get(id));
    const ended = row.mergedInto !== null && byId.has(row.mergedInto) && !circles.has(id);
    if (!ended || unread > 0) yield [id, row, unread];
  }
}

/** Threads that are looked into for the votes of one. */
const MOST_MERGED = 1_000;

/** Each member once over a thread and all that go on in it, however far; a thread counts only where both ends say so. */
function votersOf(id: string, row: ThreadRow, byId: ReadonlyMap<string, ThreadRow>): ReadonlySet<string> {
  const voters = new Set<string>();
  const threads = new Map([[id, row]]);
  // What is added while it is gone through is gone through as well.
  for (const [thread, { voters: some, merged }] of threads) {
    for (const voter of some) voters.add(voter);
    for (const other of merged) {
      const found = byId.get(other);
      if (found?.mergedInto === thread && threads.size < MOST_MERGED) threads.set(other, found);
    }
  }
  return voters;
}

function idOf(row: ThreadRow): string {
  return parseRoomName(row.room)?.document ?? '';
}

export function listThreads(
  rows: Iterable<ThreadRow>,
  reader: Reader,
  question: ThreadQuestion,
): Omit<ThreadList, 'waiting'> {
  const byId = new Map([...rows].map((row) => [idOf(row), row]));
  const counts = { all: 0, unread: 0, unanswered: 0, mine: 0, reported: 0 };
  const wanted: ThreadEntry[] = [];
  for (const [id, row, unread] of shownIn(byId, reader)) {
    const entry = entryOf(id, row, byId, reader, unread);
    const is = passes(entry, reader.member);
    for (const name of Object.keys(counts) as ThreadFilter[]) if (is[name]) counts[name] += 1;
    if (is[question.filter] && (question.type === null || question.type === entry.type)) wanted.push(entry);
  }
  wanted.sort(question.type === 'idea' ? byVotes : byNews);
  return { threads: wanted.slice(question.from, question.from + question.most), total: wanted.length, counts };
}

/** Entries of some rows of a space, in their order. */
export function threadEntries(some: readonly ThreadRow[], rows: Iterable<ThreadRow>, reader: Reader): ThreadEntry[] {
  const byId = new Map([...rows].map((row) => [idOf(row), row]));
  return some.map((row) => {
    const id = idOf(row);
    return entryOf(id, row, byId, reader, unreadIn(row, reader.member, reader.read.get(id)));
  });
}

/** Unread posts of a space, without muted threads: what its badge says. */
export function unreadOfSpace(rows: Iterable<ThreadRow>, reader: Reader): number {
  const byId = new Map([...rows].map((row) => [idOf(row), row]));
  let count = 0;
  for (const [id, , unread] of shownIn(byId, reader)) if (reader.level(id) !== 'mute') count += unread;
  return count;
}

function entryOf(
  id: string,
  row: ThreadRow,
  byId: ReadonlyMap<string, ThreadRow>,
  reader: Reader,
  unread: number,
): ThreadEntry {
  const voters = votersOf(id, row, byId);
  const { title, type, starter, startedAt, last, posts, pinned, closed, answered, state, confirm, until, reported } =
    row;
  return {
    id,
    space: parseRoomName(row.room)?.space ?? '',
    title,
    type,
    starter,
    startedAt,
    last,
    posts,
    unread,
    pinned,
    closed,
    answered,
    state,
    votes: voters.size,
    voted: voters.has(reader.member),
    confirm,
    until,
    topics: [...row.topics],
    reported,
    level: reader.level(id),
    draft: reader.drafts.has(id),
  };
}

function passes(entry: ThreadEntry, member: string): Readonly<Record<ThreadFilter, boolean>> {
  return {
    all: true,
    unread: entry.unread > 0,
    unanswered: entry.type === 'question' && !entry.answered && !entry.closed,
    mine: entry.starter === member,
    reported: entry.reported > 0,
  };
}

const newsOf = (entry: ThreadEntry): number => entry.last?.at ?? entry.startedAt;

function byNews(a: ThreadEntry, b: ThreadEntry): number {
  return Number(b.pinned) - Number(a.pinned) || newsOf(b) - newsOf(a) || (a.id < b.id ? -1 : 1);
}

function byVotes(a: ThreadEntry, b: ThreadEntry): number {
  return Number(b.pinned) - Number(a.pinned) || b.votes - a.votes || byNews(a, b);
}

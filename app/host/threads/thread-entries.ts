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

/** Threads that go on in another one, and archived ones, stand in no list. */
function isListed(row: ThreadRow, byId: ReadonlyMap<string, ThreadRow>): boolean {
  return !row.archived && !(row.mergedInto !== null && byId.has(row.mergedInto));
}

/** Each member once over a thread and those that go on in it; a thread counts only where both say so. */
function votersOf(id: string, row: ThreadRow, byId: ReadonlyMap<string, ThreadRow>): ReadonlySet<string> {
  const voters = new Set(row.voters);
  for (const merged of row.merged) {
    const other = byId.get(merged);
    if (other?.mergedInto === id) for (const voter of other.voters) voters.add(voter);
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
  for (const [id, row] of byId) {
    if (!isListed(row, byId)) continue;
    const entry = entryOf(id, row, byId, reader);
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
  return some.map((row) => entryOf(idOf(row), row, byId, reader));
}

/** Unread posts of a space, without muted threads: what its badge says. */
export function unreadOfSpace(rows: Iterable<ThreadRow>, reader: Reader): number {
  const byId = new Map([...rows].map((row) => [idOf(row), row]));
  let count = 0;
  for (const [id, row] of byId) {
    if (isListed(row, byId) && reader.level(id) !== 'mute') count += unreadIn(row, reader.member, reader.read.get(id));
  }
  return count;
}

function entryOf(id: string, row: ThreadRow, byId: ReadonlyMap<string, ThreadRow>, reader: Reader): ThreadEntry {
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
    unread: unreadIn(row, reader.member, reader.read.get(id)),
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

// One row of the threads projection: what lists need of a thread, read out of it, stored as JSON. It knows nothing of who asks.
import type * as Y from 'yjs';
import { z } from 'zod';
import { plainText } from '../../../shared/model/markdown/plain-text.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { readArrivals, readMovedTo } from '../../../shared/model/document/moved.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { IDEA_STATES, stateOf, THREAD_TYPES } from '../../../shared/model/thread/facts.ts';
import { readReports } from '../../../shared/model/thread/moderation.ts';
import type { Post } from '../../../shared/model/thread/posts.ts';
import { readReaders } from '../../../shared/model/thread/readers.ts';
import { readThread, type Thread } from '../../../shared/model/thread/read.ts';
import { similarWords } from './similar.ts';

/** Rows of another version are thrown away and read again from the documents. */
export const THREADS_VERSION = 3;

const LONGEST_EXCERPT = 200;
/** Letters of a first post. */
const MOST_LOOKED_AT = 2_000;

export const threadRow = z.object({
  room: z.string(),
  title: z.string(),
  archived: z.boolean(),
  type: z.enum(THREAD_TYPES),
  starter: z.string().nullable(),
  startedAt: z.number(),
  last: z.object({ post: z.string(), author: z.string().nullable(), at: z.number(), excerpt: z.string() }).nullable(),
  /** Ranges of the numbers of shown posts, by `<author>/<posting device>`. */
  numbers: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
  posts: z.number(),
  pinned: z.boolean(),
  closed: z.boolean(),
  answered: z.boolean(),
  state: z.enum(IDEA_STATES),
  voters: z.array(z.string()),
  confirm: z.boolean(),
  until: z.number().nullable(),
  topics: z.array(z.string()),
  reported: z.number(),
  mergedInto: z.string().nullable(),
  merged: z.array(z.string()),
  /** Spaces that it came from. */
  cameFrom: z.array(z.string()),
  /** The words of its title and of its first post, by which similar ones are found. */
  words: z.array(z.string()),
  /** Of an announcement: members who have read it. */
  readers: z.array(z.string()),
});
export type ThreadRow = Readonly<z.output<typeof threadRow>>;

/** The row of a document, or null where it is no thread. Total. */
export function readThreadRow(room: string, doc: Y.Doc): ThreadRow | null {
  const meta = readMeta(doc);
  if (meta?.kind !== 'thread') return null;
  // It is in another space now, and has its row there.
  if (readMovedTo(doc, parseRoomName(room)?.space ?? '') !== null) return null;
  const thread = readThread(doc);
  const { facts, votes, poll } = thread;
  const shown = shownPosts(thread);
  const last = shown.at(-1);
  const { accepted } = facts;
  return {
    room,
    title: readTitle(doc),
    archived: meta.archivedAt !== null,
    type: facts.type,
    starter: meta.createdBy,
    startedAt: meta.createdAt,
    last: last
      ? { post: last.id, author: last.author, at: last.at, excerpt: plainText(last.text, LONGEST_EXCERPT) }
      : null,
    numbers: numbersOf(shown),
    posts: shown.length,
    pinned: facts.pinned !== null,
    closed: facts.closed !== null,
    answered: facts.type === 'question' && accepted !== null && shown.some(({ id }) => id === accepted.post),
    state: stateOf(facts),
    voters: [...votes.keys()],
    confirm: facts.confirm,
    until: poll?.until ?? null,
    topics: [...readProperties(doc).tags],
    reported: new Set(readReports(doc).map(({ post }) => post)).size,
    mergedInto: facts.mergedInto?.thread ?? null,
    merged: [...facts.merged],
    cameFrom: [...readArrivals(doc)],
    words: [...similarWords(`${readTitle(doc)} ${shown[0]?.text.slice(0, MOST_LOOKED_AT) ?? ''}`)],
    readers: facts.type === 'announcement' ? [...readReaders(doc).keys()] : [],
  };
}

/** In their order, without those that stand there as a mere place. */
export function shownPosts({ posts, marks }: Pick<Thread, 'posts' | 'marks'>): readonly Post[] {
  return posts.filter(({ id, removal }) => removal.kind !== 'removed' && !marks.hidden.has(id) && !marks.split.has(id));
}

function numbersOf(posts: readonly Post[]): ThreadRow['numbers'] {
  const numbers = new Map<string, number[]>();
  for (const { author, device, number } of posts) {
    if (device === null || number < 1) continue;
    const key = `${author ?? ''}/${device}`;
    const known = numbers.get(key);
    if (known) known.push(number);
    else numbers.set(key, [number]);
  }
  return Object.fromEntries([...numbers].map(([key, list]) => [key, rangesOf(list)]));
}

function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

// The calls about threads: what lists show of them, what I have read, my drafts and how much I want to hear. Posts themselves windows read and write in the document.
import { z } from 'zod';
import { LEVELS } from '../../shared/model/personal/levels.ts';
import { IDEA_STATES, THREAD_TYPES } from '../../shared/model/thread/facts.ts';
import { docEntry } from './entities.ts';

const id = z.string().min(1).max(64);
const inSpace = z.object({ workspace: id, space: id });
const ofThread = z.object({ workspace: id, document: id });
const none = z.object({});
const count = z.number().int().min(0);
const ranges = z.record(z.string(), z.array(z.tuple([count, count])));

/** What a list shows of a thread. */
export const threadEntry = z.object({
  id,
  space: id,
  title: z.string(),
  type: z.enum(THREAD_TYPES),
  /** Member ids; null where it is not readable. */
  starter: id.nullable(),
  startedAt: z.number(),
  /** The last post by its place in the thread; null where there is none. */
  last: z.object({ post: id, author: id.nullable(), at: z.number(), excerpt: z.string() }).nullable(),
  /** Without those that were removed, hidden or taken into a thread of their own. */
  posts: count,
  /** Of others, and not read on any device of mine. */
  unread: count,
  pinned: z.boolean(),
  closed: z.boolean(),
  /** Of a question: an answer was accepted and is there. */
  answered: z.boolean(),
  /** Of an idea. */
  state: z.enum(IDEA_STATES),
  /** Members who voted, said "me too" or confirmed, those of merged threads as well. */
  votes: count,
  /** I am one of them. */
  voted: z.boolean(),
  /** Of an announcement: it asks for a confirmation. */
  confirm: z.boolean(),
  /** Of a poll: the last millisecond for votes. */
  until: z.number().nullable(),
  topics: z.array(z.string()),
  /** Posts that somebody told the managers of. */
  reported: count,
  level: z.enum(LEVELS),
  /** Something is typed here and not posted. */
  draft: z.boolean(),
});
export type ThreadEntry = z.infer<typeof threadEntry>;

export const THREAD_FILTERS = ['all', 'unread', 'unanswered', 'mine', 'reported'] as const;
export type ThreadFilter = (typeof THREAD_FILTERS)[number];

export const threadList = z.object({
  threads: z.array(threadEntry),
  /** Of this filter and type, before `from` and `most`. */
  total: count,
  /** Of the whole space, by what the filter is called. */
  counts: z.object({ all: count, unread: count, unanswered: count, mine: count, reported: count }),
  /** Documents that this computer has not read since they changed. */
  waiting: count,
});
export type ThreadList = z.infer<typeof threadList>;

const numbered = z.object({ device: id, number: z.number().int().min(1) });
const choice = z.string().min(1).max(200);

/** `form`: what else stands in the form of a new thread, as its window wrote it. */
export const draftEntry = z.object({ device: id, text: z.string(), form: z.string(), at: z.number() });
export type DraftEntry = z.infer<typeof draftEntry>;

export const THREAD_CALLS = {
  /** 50 from the first where nothing else is said; the pinned first, then the last written in; ideas, where they alone are asked for, by votes. `threads` is announced when it becomes different. */
  'thread.list': {
    params: inSpace.extend({
      filter: z.enum(THREAD_FILTERS).optional(),
      type: z.enum(THREAD_TYPES).nullable().optional(),
      from: count.optional(),
      most: z.number().int().min(1).max(200).optional(),
    }),
    result: threadList,
  },
  /** What a list shows of one; null while it was not read yet. */
  'thread.entry': { params: ofThread, result: threadEntry.nullable() },
  /** Unread posts by space, of the spaces that have any. */
  'thread.unread': { params: z.object({ workspace: id }), result: z.record(z.string(), count) },
  /** Begins a thread with its first post. */
  'thread.begin': {
    params: inSpace.extend({
      type: z.enum(THREAD_TYPES),
      title: z.string().min(1).max(2_000),
      text: z.string().max(100_000),
      topics: z.array(z.string().min(1).max(50)).max(20).optional(),
      confirm: z.boolean().optional(),
      poll: z
        .object({
          choices: z.array(choice).min(2).max(50),
          multiple: z.boolean(),
          anonymous: z.boolean(),
          until: z.number().nullable(),
        })
        .nullable()
        .optional(),
    }),
    result: docEntry,
  },
  /** What I have read of it, on any device: ranges of numbers by posting device. */
  'thread.reading': { params: ofThread, result: z.object({ read: ranges }) },
  'thread.read': { params: ofThread.extend({ posts: z.array(numbered).min(1).max(2_000) }), result: none },
  /** Posts that are nowhere but on this computer; none where there is no relay. */
  'thread.waiting': { params: ofThread, result: z.object({ posts: z.array(id) }) },
  /** From this post on everything is unread again. */
  'thread.unreadFrom': { params: ofThread.extend({ post: id }), result: none },
  /** `place`: a thread, or a space in which one is begun; `post`: one of the thread that is edited. The newest first; an empty text is none. */
  'draft.of': {
    params: z.object({ workspace: id, place: id, post: id.optional() }),
    result: z.array(draftEntry),
  },
  'draft.write': {
    params: z.object({
      workspace: id,
      place: id,
      post: id.optional(),
      text: z.string().max(100_000),
      form: z.string().max(20_000).optional(),
    }),
    result: none,
  },
  /** Of a thread or a space; null: what holds for all. */
  'level.of': {
    params: z.object({ workspace: id, place: id }),
    result: z.object({ level: z.enum(LEVELS).nullable() }),
  },
  /** I posted in it: where nothing was said of it, and its space has another level than all, it is followed. The answer is what was said of it then. */
  'level.follow': { params: ofThread, result: z.object({ level: z.enum(LEVELS).nullable() }) },
  /** Threads of a space that speak of the same, the best first; asked while somebody types. */
  'thread.similar': {
    params: inSpace.extend({ text: z.string().max(4_000), most: z.number().int().min(1).max(20).optional() }),
    result: z.array(threadEntry),
  },
  /** Posts go into a thread of their own in the same space, with their ids; who manages the space may. */
  'thread.split': {
    params: ofThread.extend({ posts: z.array(id).min(1).max(2_000), title: z.string().min(1).max(2_000) }),
    result: docEntry,
  },
  /** The document goes on in another thread of its space; its votes count there. Who manages the space may. */
  'thread.merge': { params: ofThread.extend({ into: id }), result: none },
  /** Takes a merge back. `document`: the one that ended. */
  'thread.unmerge': { params: ofThread, result: none },
  /** A card on a board with a link to the thread, which says of it in turn. */
  'thread.card': {
    params: ofThread.extend({ board: id, column: id, title: z.string().min(1).max(2_000) }),
    result: z.object({ card: id }),
  },
  /** Members of the space: who has read an announcement, whose devices are known to have it, and all. */
  'thread.seen': {
    params: ofThread,
    result: z.object({ seen: z.array(id), synced: z.array(id), members: z.array(id) }),
  },
  'level.set': {
    params: z.object({ workspace: id, place: id, level: z.enum(LEVELS).nullable() }),
    result: none,
  },
} as const;

// A whole thread as plain data and back: for files. It knows roots and keys, so that what a later version adds goes along; what they mean, readThread() says.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import {
  isJson,
  type IsLeft,
  readEntries,
  readEntry,
  storedValue,
  writeEntry,
  type PlainEntries,
  type PlainEntry,
  type PlainValue,
} from '../document/plain-maps.ts';
import { markRemoved, readRemoval, unmarkRemoved } from '../document/removal.ts';
import {
  choicesOf,
  filesOf,
  marksOf,
  metaOf,
  postsOf,
  reactionsOf,
  readersOf,
  reportsOf,
  votesOf,
} from '../document/roots.ts';
import { readTitle, rewriteTitle } from '../document/title.ts';
import { finishPost, readPlainPosts, wordsOfPost } from './plain-posts.ts';
import { readPoll } from './poll.ts';
import { readVotes } from './votes.ts';

/** Keys whose values are JSON, each a thing of its own. */
const LISTS = { votes: votesOf, marks: marksOf, reports: reportsOf, readers: readersOf } as const;
export type ThreadList = keyof typeof LISTS;
export const THREAD_LISTS = Object.keys(LISTS) as readonly ThreadList[];

export interface PlainThread extends Readonly<Record<ThreadList, PlainEntry>> {
  readonly title: string;
  readonly createdBy: string | null;
  readonly createdAt: number;
  /** What is said of the thread, by key: without what belongs to this document, or to its place. */
  readonly meta: PlainEntry;
  readonly choices: PlainEntries;
  /** What is attached, as it is stored. */
  readonly files: PlainEntries;
  /** Without device and number. Of a removed one no words, but `removed` = `{at, by}`. */
  readonly posts: PlainEntries;
  /** `<post>/<member>/<emoji>`, sorted. */
  readonly reactions: readonly string[];
}

/** What stands in meta and is not the thread's own word: what every document has, where it went and where it came from. */
const PLACED = new Set(['kind', 'createdBy', 'createdAt', 'parent', 'order', 'trashed', 'locked']);
const CAME = new Set(['source', 'imported']);

function isOwn(key: string): boolean {
  return !PLACED.has(key) && !CAME.has(key) && !/^moved(?:To|From)\//.test(key);
}

/** @param whole also words that a manager hid, and reports: for who manages the space. */
export function readPlainThread(doc: Y.Doc, whole: boolean): PlainThread {
  const meta = metaOf(doc);
  const createdBy = meta.get('createdBy');
  const marks = readEntry(marksOf(doc));
  const own = readEntry(meta, (_, key) => key !== undefined && !isOwn(key));
  return {
    title: readTitle(doc),
    createdBy: isDocumentId(createdBy) ? createdBy : null,
    createdAt: readTime(meta.get('createdAt')) ?? 0,
    meta: own,
    choices: readEntries(choicesOf(doc), isGone),
    files: readEntries(filesOf(doc), isGone),
    posts: readPlainPosts(postsOf(doc), (id) => !whole && Object.hasOwn(marks, `hidden/${id}`)),
    reactions: [...reactionsOf(doc).keys()].sort(),
    votes: readEntry(votesOf(doc)),
    marks,
    reports: whole ? readEntry(reportsOf(doc)) : {},
    readers: readEntry(readersOf(doc)),
  };
}

const isGone: IsLeft = (map, key) => (key === undefined ? readRemoval(map).kind === 'removed' : key === 'removed');

/**
 * A poll in which nobody is told who voted for what: its votes stand under ids that are nobody's, at one time, sorted by what they say. It ends with
 * the last of them, for nobody could tell any more who has voted.
 */
export function withoutVoters(thread: PlainThread, doc: Y.Doc): PlainThread {
  const poll = thread.meta['type'] === 'poll' ? readPoll(doc) : null;
  if (!poll?.anonymous) return thread;
  const { until } = poll;
  const counted = [...readVotes(doc, []).values()].filter(({ at }) => until === null || at <= until);
  const end = counted.reduce((last, { at }) => Math.max(last, at), thread.createdAt);
  const votes = counted
    .map(({ choices }) => JSON.stringify(choices))
    .sort()
    .map((choices, index) => {
      const nobody = `voter-${String(index + 1)}-of-${String(thread.createdAt)}`;
      return [nobody, { choices: JSON.parse(choices) as unknown, at: end }] as const;
    });
  const settings = { ...(thread.meta['poll'] as object), until: end };
  return { ...thread, votes: Object.fromEntries(votes), meta: { ...thread.meta, poll: settings } };
}

/**
 * Brings a document to what the plain thread says: a new one, or one that nobody changed since it was brought in. Posts and versions are added, never taken
 * out; a post that the plain thread has not is removed by `doing`. The caller owns the transaction, and says before what kind the document is.
 */
export function writePlainThread(
  doc: Y.Doc,
  thread: PlainThread,
  doing: { readonly by: string; readonly at: number },
): void {
  if (readTitle(doc) !== thread.title) rewriteTitle(doc, thread.title);
  // A file may say anything: what belongs to a document's place is nothing that a thread says.
  const own = Object.fromEntries(Object.entries(thread.meta).filter(([key]) => isOwn(key)));
  writeKeys(metaOf(doc), own, isOwn);
  for (const [id, choice] of thread.choices) mergeUnder(choicesOf(doc), id, choice);
  for (const [id, file] of thread.files) mergeUnder(filesOf(doc), id, file);
  for (const [id, post] of thread.posts) {
    const map = mergeUnder(postsOf(doc), id, wordsOfPost(post));
    if (post['removed'] === undefined && readRemoval(map).kind === 'removed') unmarkRemoved(map);
    finishPost(map, post, doing.by);
  }
  for (const [root, kept] of [
    [postsOf(doc), thread.posts],
    [choicesOf(doc), thread.choices],
    [filesOf(doc), thread.files],
  ] as const)
    for (const [id, stored] of root.entries()) {
      if (!kept.has(id) && stored instanceof Y.Map && readRemoval(stored as Y.Map<unknown>).kind !== 'removed')
        markRemoved(stored as Y.Map<unknown>, doing.at, doing.by);
    }
  writeKeys(reactionsOf(doc), Object.fromEntries(thread.reactions.map((key) => [key, true])), () => true);
  for (const name of THREAD_LISTS) writeKeys(LISTS[name](doc), thread[name], () => name !== 'readers');
}

/** Sets what differs, and deletes what is not said any more where it may go. */
function writeKeys(map: Y.Map<unknown>, said: PlainEntry, mayGo: (key: string) => boolean): void {
  for (const [key, value] of Object.entries(said)) {
    if (!isSame(map.get(key), value)) map.set(key, storedValue(value));
  }
  for (const key of [...map.keys()]) if (!Object.hasOwn(said, key) && mayGo(key)) map.delete(key);
}

/** Adds to the map under a key, and makes it where there is none; nothing is taken out of it. */
function mergeUnder(root: Y.Map<unknown>, id: string, entry: PlainEntry): Y.Map<unknown> {
  const stored = root.get(id);
  if (!(stored instanceof Y.Map)) return writeEntry(root, id, entry);
  const waiting: [Y.Map<unknown>, PlainEntry][] = [[stored as Y.Map<unknown>, entry]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [map, said] = next;
    for (const [key, value] of Object.entries(said)) mergeKey(map, key, value, waiting);
  }
  return stored as Y.Map<unknown>;
}

function mergeKey(map: Y.Map<unknown>, key: string, value: PlainValue, waiting: [Y.Map<unknown>, PlainEntry][]): void {
  const here = map.get(key);
  const { $text, $map } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly $text?: unknown;
    readonly $map?: unknown;
  };
  if (here instanceof Y.Text && typeof $text === 'string') {
    if (here.toJSON() === $text) return;
    here.delete(0, here.length);
    here.insert(0, $text);
  } else if (here instanceof Y.Map && typeof $map === 'object' && $map !== null) {
    waiting.push([here as Y.Map<unknown>, $map as PlainEntry]);
  } else if (!isSame(here, value)) map.set(key, storedValue(value));
}

/** @param here as it is stored, where a peer may have written anything. */
function isSame(here: unknown, said: PlainValue): boolean {
  return isJson(here) && canonical(here) === canonical(said);
}

/** The same text for the same plain data, whatever the order of its keys. */
export function canonical(value: PlainValue, indent = 0): string {
  const sorted = (_: string, one: unknown): unknown =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one;
  return JSON.stringify(value, sorted, indent);
}

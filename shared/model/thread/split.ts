// Posts that go into a thread of their own (docs/documents.md, TH13): with their ids, words, authors and reactions; their place here says where they are.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { createDocument } from '../document/commands.ts';
import { readEntry, writeEntry, type PlainEntry } from '../document/plain-maps.ts';
import { metaOf, postsOf, reactionsOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { hidePost, type Hiding } from './moderation.ts';
import { readThread } from './read.ts';

export interface TakenPosts {
  /** Who wrote the first of them. */
  readonly author: string | null;
  readonly posts: readonly (readonly [id: string, post: PlainEntry])[];
  /** The version of each that counts. */
  readonly versions: ReadonlyMap<string, string>;
  readonly reactions: readonly string[];
  /** Those that a manager hid stay hidden. */
  readonly hidden: readonly (readonly [id: string, hiding: Hiding])[];
}

/** Without device and number: which of them somebody has read is counted in the thread that they were written in, and they make nothing unread. */
export function takePosts(doc: Y.Doc, ids: readonly string[]): TakenPosts {
  const wanted = new Set(ids);
  const { posts, marks } = readThread(doc);
  const taken = posts.filter(({ id, removal }) => wanted.has(id) && removal.kind !== 'removed' && !marks.split.has(id));
  if (taken.length === 0 || taken[0]?.id === posts[0]?.id) {
    throw new AppError('bad-input', 'A thread keeps its first post, and at least one other goes. Nothing was changed.');
  }
  const kept = new Set(taken.map(({ id }) => id));
  return {
    author: taken[0]?.author ?? null,
    posts: taken.flatMap(({ id }) => {
      const stored = postsOf(doc).get(id);
      if (!(stored instanceof Y.Map)) return [];
      return [[id, readEntry(stored as Y.Map<unknown>, (_, key) => key === 'device' || key === 'number')] as const];
    }),
    versions: new Map(taken.flatMap(({ id, versions }) => versions.slice(-1).map((last) => [id, last.id] as const))),
    reactions: [...reactionsOf(doc).keys()].filter((key) => kept.has(key.slice(0, key.indexOf('/')))),
    hidden: [...marks.hidden].filter(([id]) => kept.has(id)),
  };
}

/** The new thread, whole in one transaction. A document that has a kind is left as it is. */
export function beginSplit(
  doc: Y.Doc,
  { title, from, taken, doing }: { title: string; from: string; taken: TakenPosts; doing: Doing },
  origin: unknown = null,
): void {
  doc.transact(() => {
    if (metaOf(doc).has('kind')) return;
    createDocument(doc, { kind: 'thread', title, createdBy: taken.author ?? doing.by, createdAt: doing.at });
    metaOf(doc).set('splitFrom', { thread: from, by: doing.by, at: doing.at });
    for (const [id, post] of taken.posts) writeEntry(postsOf(doc), id, post);
    for (const key of taken.reactions) reactionsOf(doc).set(key, true);
    for (const [id, hiding] of taken.hidden) hidePost(doc, id, hiding);
  }, origin);
}

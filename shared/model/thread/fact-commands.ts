// What can be said of a thread: its type, pinned, closed, an accepted answer, what becomes of an idea. One transaction each; no command reads a clock.
import type * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { createDocument } from '../document/commands.ts';
import { metaOf, postsOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { shortLine } from '../properties/tag.ts';
import {
  CARD,
  DECISION,
  LONGEST_REASON,
  MERGED,
  readFacts,
  stateOf,
  type IdeaState,
  type ThreadType,
} from './facts.ts';
import { writePollSettings, type PollSettings } from './poll.ts';
import { postIn, writePost, type NewPost } from './write-posts.ts';

export interface NewThread {
  readonly type: ThreadType;
  readonly title: string;
  /** Its first post, whose author begins the thread. */
  readonly post: NewPost;
  /** Of an announcement. */
  readonly confirm?: boolean;
  /** Of a poll. */
  readonly poll?: PollSettings;
}

/** Begins a thread with its first post. A document that has a kind is left as it is. */
export function beginThread(doc: Y.Doc, thread: NewThread, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (meta.has('kind')) return;
    const { author, at } = thread.post;
    createDocument(doc, { kind: 'thread', title: thread.title, createdBy: author, createdAt: at });
    if (thread.type !== 'discussion') meta.set('type', thread.type);
    if (thread.confirm && thread.type === 'announcement') meta.set('confirm', true);
    if (thread.type === 'poll') writePollSettings(doc, thread.poll ?? {});
    writePost(postsOf(doc), [], thread.post);
  }, origin);
}

/** A discussion becomes a question, or the other way; what belonged to the type before is kept and not shown. */
export function setType(doc: Y.Doc, type: ThreadType, origin: unknown = null): void {
  doc.transact(() => {
    if (readFacts(doc).type !== type) metaOf(doc).set('type', type);
  }, origin);
}

/** @param doing null: not any more. */
export function setPinned(doc: Y.Doc, doing: Doing | null, origin: unknown = null): void {
  doc.transact(() => setDoing(doc, 'pinned', doing), origin);
}

/** @param doing null: it is open again. */
export function setClosed(doc: Y.Doc, doing: Doing | null, origin: unknown = null): void {
  doc.transact(() => setDoing(doc, 'closed', doing), origin);
}

function setDoing(doc: Y.Doc, key: 'pinned' | 'closed', doing: Doing | null): void {
  const meta = metaOf(doc);
  if (doing === null) {
    if (meta.has(key)) meta.delete(key);
  } else if (readFacts(doc)[key] === null) meta.set(key, { by: doing.by, at: doing.at });
}

/** The answer that counts; another one instead of an earlier one. */
export function acceptAnswer(doc: Y.Doc, post: string, doing: Doing, origin: unknown = null): void {
  doc.transact(() => {
    postIn(postsOf(doc), post);
    if (readFacts(doc).accepted?.post === post) return;
    metaOf(doc).set('accepted', { post, by: doing.by, at: doing.at });
  }, origin);
}

export function unacceptAnswer(doc: Y.Doc, origin: unknown = null): void {
  doc.transact(() => {
    if (metaOf(doc).has('accepted')) metaOf(doc).delete('accepted');
  }, origin);
}

/** What becomes of an idea, and why. The decisions before stay. */
export function decide(
  doc: Y.Doc,
  decision: { readonly state: IdeaState; readonly reason: string } & Doing,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const facts = readFacts(doc);
    const reason = shortLine(decision.reason, LONGEST_REASON);
    const last = facts.decisions.at(-1);
    if (stateOf(facts) === decision.state && reason === (last?.reason ?? '')) return;
    const number = (last?.number ?? 0) + 1;
    const { state, by, at } = decision;
    metaOf(doc).set(`${DECISION}${randomId()}`, { state, reason, by, at, number });
  }, origin);
}

/** This thread goes on in another; its posts stay where they are, and its votes count there too (`markMerged` says so there). */
export function mergeInto(doc: Y.Doc, target: string, doing: Doing, origin: unknown = null): void {
  doc.transact(() => metaOf(doc).set('mergedInto', { thread: target, by: doing.by, at: doing.at }), origin);
}

/** In the thread that another one goes on in. */
export function markMerged(doc: Y.Doc, source: string, origin: unknown = null): void {
  doc.transact(() => {
    if (metaOf(doc).get(`${MERGED}${source}`) !== true) metaOf(doc).set(`${MERGED}${source}`, true);
  }, origin);
}

/** Takes a merge back, at either end. */
export function unmerge(doc: Y.Doc, other: string, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (readFacts(doc).mergedInto?.thread === other) meta.delete('mergedInto');
    if (meta.has(`${MERGED}${other}`)) meta.delete(`${MERGED}${other}`);
  }, origin);
}

/** A card was made of it. */
export function noteCard(doc: Y.Doc, card: string, board: string, origin: unknown = null): void {
  if (card === '' || board === '') throw new AppError('bad-input', 'A card without an id. Nothing was changed.');
  doc.transact(() => metaOf(doc).set(`${CARD}${card}`, board), origin);
}

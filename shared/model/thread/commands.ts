// What can be done to a thread: post, edit, remove, react, vote. One transaction with an origin each; no command reads a clock.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { postsOf, reactionsOf, votesOf } from '../document/roots.ts';
import { wellFormed } from '../page/well-formed.ts';
import { MOST_AFTER, readThread } from './read.ts';

export interface NewPost {
  readonly id?: string;
  /** Member id. */
  readonly author: string;
  readonly device: string;
  /** Markdown. */
  readonly text: string;
  readonly at: number;
}

/** Adds a post behind the newest ones that are known here, with the device's next number. */
export function addPost(doc: Y.Doc, post: NewPost, origin: unknown = null): string {
  const id = post.id ?? randomId();
  doc.transact(() => {
    const stored = postsOf(doc);
    if (stored.has(id)) throw new AppError('already-exists', 'The thread already has this post. Nothing was changed.');
    const { posts } = readThread(doc);
    const followed = new Set(posts.flatMap((one) => one.after));
    const own = posts.filter((one) => one.device === post.device);
    const made = new Y.Map<unknown>();
    made.set('author', post.author);
    made.set('device', post.device);
    made.set('number', own.reduce((highest, one) => Math.max(highest, one.number), 0) + 1);
    // The latest in order: what is left out, when very many were apart, is older than what is named.
    made.set(
      'after',
      posts
        .map((one) => one.id)
        .filter((one) => !followed.has(one))
        .slice(-MOST_AFTER),
    );
    made.set('at', post.at);
    const versions = new Y.Map<unknown>();
    versions.set(randomId(), { text: wellFormed(post.text), at: post.at, number: 1 });
    made.set('versions', versions);
    stored.set(id, made);
  }, origin);
  return id;
}

/** Adds a version; the earlier ones stay. The same text again is nothing new. */
export function editPost(
  doc: Y.Doc,
  id: string,
  edit: { readonly text: string; readonly at: number },
  origin: unknown = null,
): void {
  doc.transact(() => {
    const stored = postOf(doc, id);
    const post = readThread(doc).posts.find((one) => one.id === id);
    const text = wellFormed(edit.text);
    if (!post || post.text === text) return;
    const number = (post.versions.at(-1)?.number ?? 0) + 1;
    const versions = stored.get('versions');
    if (versions instanceof Y.Map) versions.set(randomId(), { text, at: edit.at, number });
    else throw new AppError('damaged', 'This post cannot be edited: its text cannot be read. It was left as it is.');
  }, origin);
}

/** Leaves a place that says that a post was removed; an edit that did not know of it brings the post back. */
export function removePost(
  doc: Y.Doc,
  id: string,
  removing: { readonly at: number; readonly by: string },
  origin: unknown = null,
): void {
  doc.transact(() => markRemoved(postOf(doc, id), removing.at, removing.by), origin);
}

export function restorePost(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(postOf(doc, id)), origin);
}

/** Sets or takes back a member's reaction. */
export function react(
  doc: Y.Doc,
  reaction: { readonly post: string; readonly member: string; readonly emoji: string },
  on: boolean,
  origin: unknown = null,
): void {
  if (reaction.emoji === '' || reaction.emoji.includes('/')) {
    throw new AppError('bad-input', 'This is not an emoji. Nothing was changed.');
  }
  doc.transact(() => {
    const reactions = reactionsOf(doc);
    const key = `${reaction.post}/${reaction.member}/${reaction.emoji}`;
    if (on && !reactions.has(key)) reactions.set(key, true);
    if (!on && reactions.has(key)) reactions.delete(key);
  }, origin);
}

/** A member's vote, instead of an earlier one. */
export function vote(
  doc: Y.Doc,
  cast: { readonly member: string; readonly choices: readonly string[]; readonly at: number },
  origin: unknown = null,
): void {
  doc.transact(() => votesOf(doc).set(cast.member, { choices: [...cast.choices], at: cast.at }), origin);
}

export function takeBackVote(doc: Y.Doc, member: string, origin: unknown = null): void {
  doc.transact(() => {
    if (votesOf(doc).has(member)) votesOf(doc).delete(member);
  }, origin);
}

function postOf(doc: Y.Doc, id: string): Y.Map<unknown> {
  const stored = postsOf(doc).get(id);
  if (stored instanceof Y.Map) return stored as Y.Map<unknown>;
  throw new AppError('not-found', 'This post is not in the thread. Nothing was changed.', { details: { id } });
}

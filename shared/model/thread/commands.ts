// What can be done to a thread: post, edit, remove, react, vote. One transaction with an origin each; no command reads a clock.
import type * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { postsOf, reactionsOf, votesOf } from '../document/roots.ts';
import { readThread } from './read.ts';
import { postIn, writePost, writeReaction, writeVersion, type NewPost } from './write-posts.ts';

/** Adds a post behind the newest ones that are known here, with the device's next number. */
export function addPost(doc: Y.Doc, post: NewPost, origin: unknown = null): string {
  const id = post.id ?? randomId();
  doc.transact(() => writePost(postsOf(doc), readThread(doc).posts, { ...post, id }), origin);
  return id;
}

/** Adds a version; the earlier ones stay. The same text again is nothing new. */
export function editPost(
  doc: Y.Doc,
  id: string,
  edit: { readonly text: string; readonly at: number },
  origin: unknown = null,
): void {
  doc.transact(() => writeVersion(postsOf(doc), id, edit), origin);
}

/** Leaves a place that says that a post was removed; an edit that did not know of it brings the post back. */
export function removePost(
  doc: Y.Doc,
  id: string,
  removing: { readonly at: number; readonly by: string },
  origin: unknown = null,
): void {
  doc.transact(() => markRemoved(postIn(postsOf(doc), id), removing.at, removing.by), origin);
}

export function restorePost(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(postIn(postsOf(doc), id)), origin);
}

/** Sets or takes back a member's reaction. */
export function react(
  doc: Y.Doc,
  reaction: { readonly post: string; readonly member: string; readonly emoji: string },
  on: boolean,
  origin: unknown = null,
): void {
  doc.transact(() => writeReaction(reactionsOf(doc), reaction, on), origin);
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

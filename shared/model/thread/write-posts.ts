// How posts are written into a map of posts: of a thread, or of one comment. Its callers open the transaction; nothing here reads a clock.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { wellFormed } from '../page/well-formed.ts';
import { HIGHEST_NUMBER, MOST_AFTER, readPosts, type Post } from './posts.ts';

export interface NewPost {
  readonly id?: string;
  /** Member id. */
  readonly author: string;
  readonly device: string;
  /** Markdown. */
  readonly text: string;
  readonly at: number;
  /** The post that it answers. */
  readonly reply?: string | null;
}

/** The posts that no known post follows, the latest of very many: what an author has seen, said shortly. */
export function newestOf(posts: readonly Post[]): string[] {
  const followed = new Set(posts.flatMap((one) => one.after));
  return posts
    .map((one) => one.id)
    .filter((one) => !followed.has(one))
    .slice(-MOST_AFTER);
}

/** Adds a post behind the newest ones that are known here, with the device's next number. `known`: what stands there now. */
export function writePost(stored: Y.Map<unknown>, known: readonly Post[], post: NewPost): string {
  const id = post.id ?? randomId();
  if (stored.has(id)) throw new AppError('already-exists', 'The thread already has this post. Nothing was changed.');
  const made = new Y.Map<unknown>();
  made.set('author', post.author);
  made.set('device', post.device);
  made.set('number', nextNumber(known, post.device));
  made.set('after', newestOf(known));
  made.set('at', post.at);
  if (post.reply) made.set('reply', post.reply);
  const versions = new Y.Map<unknown>();
  versions.set(randomId(), { text: wellFormed(post.text), at: post.at, number: 1 });
  made.set('versions', versions);
  stored.set(id, made);
  return id;
}

/** One more than the highest; where somebody forged the highest there is, the next that is free. */
function nextNumber(known: readonly Post[], device: string): number {
  const used = new Set(known.flatMap((one) => (one.device === device ? [one.number] : [])));
  let next = 1;
  for (const number of used) next = Math.max(next, number + 1);
  if (next <= HIGHEST_NUMBER) return next;
  for (next = used.size; used.has(next);) next += 1;
  return next;
}

/** Adds a version; the earlier ones stay. The same text again is nothing new. */
export function writeVersion(
  stored: Y.Map<unknown>,
  id: string,
  edit: { readonly text: string; readonly at: number },
): void {
  const made = postIn(stored, id);
  const post = readPosts(stored, null, []).find((one) => one.id === id);
  const text = wellFormed(edit.text);
  if (!post || post.text === text) return;
  const number = (post.versions.at(-1)?.number ?? 0) + 1;
  const versions = made.get('versions');
  if (versions instanceof Y.Map) versions.set(randomId(), { text, at: edit.at, number });
  else throw new AppError('damaged', 'This post cannot be edited: its text cannot be read. It was left as it is.');
}

/** Sets or takes back a member's reaction in a map of reactions. */
export function writeReaction(
  reactions: Y.Map<unknown>,
  reaction: { readonly post: string; readonly member: string; readonly emoji: string },
  on: boolean,
): void {
  if (reaction.emoji === '' || reaction.emoji.includes('/')) {
    throw new AppError('bad-input', 'This is not an emoji. Nothing was changed.');
  }
  const key = `${reaction.post}/${reaction.member}/${reaction.emoji}`;
  if (on && !reactions.has(key)) reactions.set(key, true);
  if (!on && reactions.has(key)) reactions.delete(key);
}

/** The stored post; `not-found` where there is none. */
export function postIn(stored: Y.Map<unknown>, id: string): Y.Map<unknown> {
  const post = stored.get(id);
  if (post instanceof Y.Map) return post as Y.Map<unknown>;
  throw new AppError('not-found', 'This post is not in the thread. Nothing was changed.', { details: { id } });
}

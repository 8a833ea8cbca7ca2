// What can be done to a page's comments: begin, reply, edit, remove, react, resolve. One transaction with an origin each; none reads a clock.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { commentsOf } from '../document/roots.ts';
import { wellFormed } from '../page/well-formed.ts';
import { readPosts, type Post } from '../thread/posts.ts';
import { newestOf, postIn, writePost, writeReaction, writeVersion, type NewPost } from '../thread/write-posts.ts';
import { LONGEST_QUOTE, MOST_PIECES, type AnchorPiece } from './read.ts';

export interface NewComment {
  readonly anchor: readonly AnchorPiece[];
  readonly quote: string;
  readonly post: NewPost;
}

/** Begins a comment on a piece of the text; its parts are made together, so that nobody's can take another's place. Gives its id. */
export function addComment(doc: Y.Doc, { anchor, quote, post }: NewComment, origin: unknown = null): string {
  const id = randomId();
  doc.transact(() => {
    const made = new Y.Map<unknown>();
    commentsOf(doc).set(id, made);
    made.set('anchor', anchor.slice(0, MOST_PIECES));
    made.set('quote', wellFormed(quote.slice(0, LONGEST_QUOTE)));
    const posts = new Y.Map<unknown>();
    made.set('posts', posts);
    made.set('reactions', new Y.Map<unknown>());
    writePost(posts, [], post);
  }, origin);
  return id;
}

export function replyTo(doc: Y.Doc, comment: string, post: NewPost, origin: unknown = null): string {
  const id = post.id ?? randomId();
  doc.transact(() => {
    const posts = postsIn(doc, comment);
    writePost(posts, knownIn(posts), { ...post, id });
  }, origin);
  return id;
}

/** Adds a version to a post; the earlier ones stay. */
export function editReply(
  doc: Y.Doc,
  comment: string,
  post: string,
  edit: { readonly text: string; readonly at: number },
  origin: unknown = null,
): void {
  doc.transact(() => writeVersion(postsIn(doc, comment), post, edit), origin);
}

/** A comment of which every post is removed is shown no more; an edit that did not know of it brings its post back. */
export function removeReply(
  doc: Y.Doc,
  comment: string,
  post: string,
  removing: { readonly at: number; readonly by: string },
  origin: unknown = null,
): void {
  doc.transact(() => markRemoved(postIn(postsIn(doc, comment), post), removing.at, removing.by), origin);
}

export function restoreReply(doc: Y.Doc, comment: string, post: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(postIn(postsIn(doc, comment), post)), origin);
}

export function reactTo(
  doc: Y.Doc,
  comment: string,
  reaction: { readonly post: string; readonly member: string; readonly emoji: string },
  on: boolean,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const reactions = commentIn(doc, comment).get('reactions');
    if (reactions instanceof Y.Map) writeReaction(reactions as Y.Map<unknown>, reaction, on);
  }, origin);
}

/** Resolves it as far as it is known here: a post that came from elsewhere meanwhile opens it again. */
export function resolveComment(
  doc: Y.Doc,
  comment: string,
  resolving: { readonly at: number; readonly by: string },
  origin: unknown = null,
): void {
  doc.transact(() => {
    const seen = newestOf(knownIn(postsIn(doc, comment)));
    commentIn(doc, comment).set('resolved', { ...resolving, seen });
  }, origin);
}

export function reopenComment(doc: Y.Doc, comment: string, origin: unknown = null): void {
  doc.transact(() => commentIn(doc, comment).delete('resolved'), origin);
}

function commentIn(doc: Y.Doc, id: string): Y.Map<unknown> {
  const stored = commentsOf(doc).get(id);
  if (stored instanceof Y.Map) return stored as Y.Map<unknown>;
  throw new AppError('not-found', 'This comment is not on the page. Nothing was changed.', { details: { id } });
}

function postsIn(doc: Y.Doc, id: string): Y.Map<unknown> {
  const posts = commentIn(doc, id).get('posts');
  if (posts instanceof Y.Map) return posts as Y.Map<unknown>;
  throw new AppError('damaged', 'This comment cannot be read. It was left as it is.', { details: { id } });
}

function knownIn(posts: Y.Map<unknown>): readonly Post[] {
  return readPosts(posts, null, []);
}

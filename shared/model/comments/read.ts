// The comments of a page as everybody sees them. Total on anything a peer wrote; where in the text they stand is the editor's to find.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { commentsOf } from '../document/roots.ts';
import { cutLine } from '../document/title.ts';
import { readPosts, type Post } from '../thread/posts.ts';

/** One run of commented text: relative positions of the body, or of a text in a cell of a table, as Yjs writes them to JSON; not checked here. */
export type AnchorPiece = readonly [start: unknown, end: unknown];

export interface Resolution {
  readonly at: number;
  readonly by: string | null;
}

export interface Comment {
  readonly id: string;
  readonly anchor: readonly AnchorPiece[];
  /** The text when it was commented, at most LONGEST_QUOTE characters: shown when the text is gone. */
  readonly quote: string;
  /** In order, removed ones too. */
  readonly posts: readonly Post[];
  /** Null while it is open: also when a post came that whoever resolved it had not seen. */
  readonly resolved: Resolution | null;
  /** It was resolved, and posts came that were not seen then. */
  readonly reopenedByPost: boolean;
  /** The time of the first post; 0 where none can be read. */
  readonly at: number;
}

export interface Comments {
  /** By time, then id. A comment whose posts were all removed is left out. */
  readonly comments: readonly Comment[];
  /** What was written there and cannot be read, by key; it is kept. */
  readonly unreadable: readonly string[];
}

export const LONGEST_QUOTE = 500;
/** A selection of more blocks keeps the first ones. */
export const MOST_PIECES = 64;

export function readComments(doc: Y.Doc): Comments {
  const unreadable: string[] = [];
  const comments: Comment[] = [];
  for (const [id, stored] of commentsOf(doc).entries()) {
    const comment = isDocumentId(id) && stored instanceof Y.Map ? readComment(id, stored as Y.Map<unknown>) : null;
    if (!comment) unreadable.push(cutLine(id));
    else if (comment.posts.some(({ removal }) => removal.kind !== 'removed')) comments.push(comment);
  }
  comments.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return { comments, unreadable: unreadable.sort() };
}

function readComment(id: string, stored: Y.Map<unknown>): Comment | null {
  const [kept, reacted, quote] = [stored.get('posts'), stored.get('reactions'), stored.get('quote')];
  if (!(kept instanceof Y.Map)) return null;
  const reactions = reacted instanceof Y.Map ? (reacted as Y.Map<unknown>) : null;
  const posts = readPosts(kept as Y.Map<unknown>, reactions, []);
  const mark = readResolved(stored.get('resolved'));
  const reopenedByPost = mark !== null && !seesAll(mark.seen, posts);
  return {
    id,
    anchor: readAnchor(stored.get('anchor')),
    quote: typeof quote === 'string' ? quote.slice(0, LONGEST_QUOTE) : '',
    posts,
    resolved: mark && !reopenedByPost ? { at: mark.at, by: mark.by } : null,
    reopenedByPost,
    at: posts[0]?.at ?? 0,
  };
}

function readAnchor(stored: unknown): AnchorPiece[] {
  if (!Array.isArray(stored)) return [];
  return (stored as unknown[])
    .slice(0, MOST_PIECES)
    .filter((piece): piece is [unknown, unknown] => Array.isArray(piece) && piece.length === 2);
}

function readResolved(stored: unknown): (Resolution & { readonly seen: readonly string[] }) | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { at, by, seen } = stored as { at?: unknown; by?: unknown; seen?: unknown };
  if (!Array.isArray(seen)) return null;
  return { at: readTime(at) ?? 0, by: isDocumentId(by) ? by : null, seen: (seen as unknown[]).filter(isDocumentId) };
}

/** Whether every post is one of `seen`, or one that those were written behind. Posts that were removed need not be seen. */
function seesAll(seen: readonly string[], posts: readonly Post[]): boolean {
  const byId = new Map(posts.map((post) => [post.id, post]));
  const known = new Set<string>();
  const waiting = [...seen];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (known.has(id)) continue;
    known.add(id);
    waiting.push(...(byId.get(id)?.after ?? []));
  }
  return posts.every(({ id, removal }) => known.has(id) || removal.kind === 'removed');
}

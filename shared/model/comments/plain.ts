// The comments of a page and what became of them as plain data and back: for files. Where they stand is said by the words themselves, since no position outlives its document.
import * as Y from 'yjs';
import { readEntry, type PlainEntries, type PlainEntry } from '../document/plain-maps.ts';
import { bodyOf, commentsOf, decisionsOf } from '../document/roots.ts';
import { readPlainPosts, writePlainPost } from '../thread/plain-posts.ts';
import { LONGEST_QUOTE, MOST_PIECES, readComments, type AnchorPiece } from './read.ts';

/** Commented words, and which of the places where the page has them is meant, from 0. */
export interface PlainPlace {
  readonly words: string;
  readonly nth: number;
}

export interface PlainComment {
  readonly quote: string;
  readonly places: readonly PlainPlace[];
  readonly posts: PlainEntries;
  readonly reactions: readonly string[];
  /** As it is stored; null: it is open, and was never resolved. */
  readonly resolved: PlainEntry | null;
}

export interface PlainComments {
  readonly comments: ReadonlyMap<string, PlainComment>;
  /** `<comment>/<decision>`, as they are stored. */
  readonly decisions: PlainEntry;
}

/** Comments whose posts were all removed stay behind. */
export function readPlainComments(doc: Y.Doc): PlainComments {
  const shown = readComments(doc).comments;
  const comments = new Map<string, PlainComment>();
  const texts = shown.length === 0 ? [] : textsOf(bodyOf(doc));
  for (const { id, anchor, quote } of shown) {
    const stored = commentsOf(doc).get(id) as Y.Map<unknown>;
    const posts = stored.get('posts') as Y.Map<unknown>;
    const reactions = stored.get('reactions');
    const { resolved } = readEntry(stored, (_, key) => key !== undefined && key !== 'resolved');
    comments.set(id, {
      quote,
      places: anchor.flatMap((piece) => placeOf(piece, doc, texts) ?? []),
      posts: readPlainPosts(posts),
      reactions: reactions instanceof Y.Map ? [...(reactions as Y.Map<unknown>).keys()].sort() : [],
      resolved: typeof resolved === 'object' && resolved !== null ? (resolved as PlainEntry) : null,
    });
  }
  return { comments, decisions: readEntry(decisionsOf(doc)) };
}

/** Adds what is not here yet: comments, posts, decisions. What is here stays as it is. The caller owns the transaction. Answers whether something was added. */
export function addPlainComments(doc: Y.Doc, { comments, decisions }: PlainComments): boolean {
  let isAdded = false;
  const texts = comments.size === 0 ? [] : textsOf(bodyOf(doc));
  for (const [id, comment] of comments) {
    const stored = commentsOf(doc).get(id);
    if (stored instanceof Y.Map) {
      const posts: unknown = (stored as Y.Map<unknown>).get('posts');
      if (!(posts instanceof Y.Map)) continue;
      for (const [post, entry] of comment.posts) {
        if (posts.has(post)) continue;
        writePlainPost(posts as Y.Map<unknown>, post, entry);
        isAdded = true;
      }
      continue;
    }
    if (stored === undefined) addOne(doc, id, comment, texts);
    isAdded ||= stored === undefined;
  }
  for (const [key, decision] of Object.entries(decisions)) {
    if (decisionsOf(doc).has(key)) continue;
    decisionsOf(doc).set(key, decision);
    isAdded = true;
  }
  return isAdded;
}

function addOne(doc: Y.Doc, id: string, comment: PlainComment, texts: readonly Y.Text[]): void {
  const made = new Y.Map<unknown>();
  commentsOf(doc).set(id, made);
  const pieces = comment.places.slice(0, MOST_PIECES).map((place) => anchorOf(place, texts));
  const found = pieces.filter((piece) => piece !== null);
  made.set('anchor', found);
  made.set('quote', comment.quote.slice(0, LONGEST_QUOTE));
  const posts = new Y.Map<unknown>();
  made.set('posts', posts);
  for (const [post, entry] of comment.posts) writePlainPost(posts, post, entry);
  const reactions = new Y.Map<unknown>();
  made.set('reactions', reactions);
  for (const key of comment.reactions) reactions.set(key, true);
  if (comment.resolved) made.set('resolved', comment.resolved);
}

/** The body, and the cells of its tables in the order of their markers. */
function textsOf(body: Y.Text): readonly Y.Text[] {
  const found = [body];
  for (const { insert } of body.toDelta() as readonly { readonly insert?: unknown }[]) {
    const cells: unknown = insert instanceof Y.Map ? (insert as Y.Map<unknown>).get('cells') : null;
    if (!(cells instanceof Y.Map)) continue;
    for (const text of (cells as Y.Map<unknown>).values()) if (text instanceof Y.Text) found.push(text);
  }
  return found;
}

/** Its signs at the indexes that they have in it: whatever is no text is one sign. */
function signsOf(text: Y.Text): string {
  return (text.toDelta() as readonly { readonly insert?: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? insert : '\n'))
    .join('');
}

function placeOf([start, end]: AnchorPiece, doc: Y.Doc, texts: readonly Y.Text[]): PlainPlace | null {
  const [from, to] = [positionOf(start, doc), positionOf(end, doc)];
  if (!from || !to || from.type !== to.type || from.index >= to.index) return null;
  const place = texts.findIndex((text) => text === from.type);
  const text = texts[place];
  if (!text) return null;
  const signs = signsOf(text);
  const words = signs.slice(from.index, to.index);
  if (words.trim() === '') return null;
  const before = texts.slice(0, place).reduce((sum, one) => sum + indexesOf(signsOf(one), words).length, 0);
  return { words, nth: before + indexesOf(signs, words).filter((at) => at < from.index).length };
}

function anchorOf({ words, nth }: PlainPlace, texts: readonly Y.Text[]): AnchorPiece | null {
  if (words === '') return null;
  const found = texts.flatMap((text) => indexesOf(signsOf(text), words).map((at) => ({ text, at })));
  const meant = found[nth] ?? found[0];
  if (!meant) return null;
  const relative = (at: number, assoc: number): unknown =>
    Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(meant.text, at, assoc));
  return [relative(meant.at, 0), relative(meant.at + words.length, -1)];
}

/** Where it begins, each time; at most a thousand times. */
function indexesOf(signs: string, words: string): number[] {
  const found: number[] = [];
  for (let at = signs.indexOf(words); at >= 0 && found.length < 1_000; at = signs.indexOf(words, at + 1))
    found.push(at);
  return found;
}

/** Null for whatever is none, or leads nowhere here: peers write anchors. */
function positionOf(json: unknown, doc: Y.Doc): Y.AbsolutePosition | null {
  if (typeof json !== 'object' || json === null) return null;
  try {
    return Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), doc);
  } catch {
    return null; // Yjs throws on ids and types that are none.
  }
}

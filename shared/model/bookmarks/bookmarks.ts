// Bookmarks (docs/documents.md, BK1 to BK3): one's own in a personal document, shared ones in a space's own. One thing has one bookmark in each, however many put it there.
import type * as Y from 'yjs';
import { asWebAddress } from '../board/card-files.ts';
import { isDocumentId, readTime } from '../document/meta.ts';
import { bookmarksOf } from '../document/roots.ts';
import { shortLine } from '../properties/tag.ts';

/** A document, or a part of one (a block, a card, a post), or an address of the web. */
export type BookmarkPlace =
  | { readonly kind: 'document'; readonly document: string; readonly part: string | null }
  | { readonly kind: 'web'; readonly url: string };

export interface Bookmark {
  readonly place: BookmarkPlace;
  /** Of an address of the web, or what somebody called it; '': as the document is called. One line. */
  readonly name: string;
  /** Member id; null where it is missing. */
  readonly by: string | null;
  readonly at: number;
}

/** More are kept, and not shown. */
export const MOST_BOOKMARKS = 1_000;
/** Code units. */
export const LONGEST_BOOKMARK_NAME = 200;
const WEB = 'web:';

/** Null for a place that cannot be bookmarked. */
export function bookmarkKey(place: BookmarkPlace): string | null {
  if (place.kind === 'web') {
    const url = asWebAddress(place.url);
    return url === null ? null : `${WEB}${url}`;
  }
  const { document, part } = place;
  if (!isDocumentId(document) || (part !== null && !isDocumentId(part))) return null;
  return part === null ? document : `${document}/${part}`;
}

function placeOf(key: string): BookmarkPlace | null {
  if (key.startsWith(WEB)) {
    const url = asWebAddress(key.slice(WEB.length));
    // The same address written in another way would stand there twice.
    return url !== null && key === `${WEB}${url}` ? { kind: 'web', url } : null;
  }
  const [document, part, ...more] = key.split('/');
  if (!isDocumentId(document) || more.length > 0 || (part !== undefined && !isDocumentId(part))) return null;
  return { kind: 'document', document, part: part ?? null };
}

/** The newest first. Total. */
export function readBookmarks(doc: Y.Doc): readonly Bookmark[] {
  const found: { readonly key: string; readonly bookmark: Bookmark }[] = [];
  for (const [key, value] of bookmarksOf(doc).entries()) {
    const place = placeOf(key);
    if (!place || !isPlain(value)) continue;
    const { name, by, at } = value as { name?: unknown; by?: unknown; at?: unknown };
    const bookmark = {
      place,
      name: typeof name === 'string' ? shortLine(name, LONGEST_BOOKMARK_NAME) : '',
      by: isDocumentId(by) ? by : null,
      at: readTime(at) ?? 0,
    };
    found.push({ key, bookmark });
  }
  found.sort((a, b) => b.bookmark.at - a.bookmark.at || (a.key < b.key ? -1 : 1));
  return found.slice(0, MOST_BOOKMARKS).map(({ bookmark }) => bookmark);
}

/** A Y type under a key is no value. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Another name for what is there already keeps who put it there, and when. False: it is no place to bookmark, and nothing is written. */
export function setBookmark(doc: Y.Doc, { place, name, by, at }: Bookmark, origin: unknown = null): boolean {
  const key = bookmarkKey(place);
  if (key === null) return false;
  const bookmarks = bookmarksOf(doc);
  const known = readBookmarks(doc).find((one) => bookmarkKey(one.place) === key);
  const said = shortLine(name, LONGEST_BOOKMARK_NAME);
  if (known?.name === said) return true;
  const value = { ...(said === '' ? {} : { name: said }), by: known?.by ?? by, at: known?.at ?? at };
  doc.transact(() => bookmarks.set(key, value), origin);
  return true;
}

export function removeBookmark(doc: Y.Doc, place: BookmarkPlace, origin: unknown = null): void {
  const key = bookmarkKey(place);
  const bookmarks = bookmarksOf(doc);
  if (key !== null && bookmarks.has(key)) doc.transact(() => bookmarks.delete(key), origin);
}

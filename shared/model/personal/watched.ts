// What a member watches (docs/documents.md, PS10): whole documents, and columns and cards of boards. It tells nobody anything; others never see it.
import type * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { watchedOf } from '../document/roots.ts';

/** A board as a whole, one of its columns, or one of its cards. */
export interface WatchPlace {
  readonly board: string;
  readonly column?: string;
  readonly card?: string;
}

export interface WatchedOnBoard {
  readonly board: boolean;
  readonly columns: ReadonlySet<string>;
  readonly cards: ReadonlySet<string>;
}

/** More of one board are kept, and not heeded. */
const MOST = 5_000;

function keyOf({ board, column, card }: WatchPlace): string {
  if (card !== undefined) return `${board}/card/${card}`;
  return column === undefined ? board : `${board}/column/${column}`;
}

/** Total. */
export function readWatched(doc: Y.Doc, board: string): WatchedOnBoard {
  const columns = new Set<string>();
  const cards = new Set<string>();
  if (readMeta(doc)?.kind !== 'personal') return { board: false, columns, cards };
  for (const key of watchedOf(doc).keys()) {
    const [document, kind, id, ...rest] = key.split('/');
    if (document !== board || !isDocumentId(id) || rest.length > 0) continue;
    const into = kind === 'column' ? columns : kind === 'card' ? cards : null;
    if (into && into.size < MOST) into.add(id);
  }
  return { board: watchedOf(doc).has(board), columns, cards };
}

/** The documents that are watched, as a whole or in part, sorted. Total. */
export function watchedDocuments(doc: Y.Doc): readonly string[] {
  if (readMeta(doc)?.kind !== 'personal') return [];
  const found = new Set<string>();
  for (const key of watchedOf(doc).keys()) {
    const [document] = key.split('/');
    if (isDocumentId(document) && found.size < MOST) found.add(document);
  }
  return [...found].sort();
}

/** Everything that is watched, as places are written; asked of by `isWatchedIn`. Total. */
export function watchedPlaces(doc: Y.Doc): ReadonlySet<string> {
  if (readMeta(doc)?.kind !== 'personal') return new Set();
  return new Set([...watchedOf(doc).keys()].slice(0, 10 * MOST));
}

/** By itself, by the column where it stands, or with its board. */
export function isWatchedIn(
  places: ReadonlySet<string>,
  board: string,
  card?: string,
  column?: string | null,
): boolean {
  return (
    places.has(keyOf({ board })) ||
    (card !== undefined && places.has(keyOf({ board, card }))) ||
    (column !== undefined && column !== null && places.has(keyOf({ board, column })))
  );
}

/** Since when, by the clock of whoever says it; null: no more. What is so already is not written. */
export function setWatched(doc: Y.Doc, place: WatchPlace, since: number | null, origin: unknown = null): void {
  const key = keyOf(place);
  const watched = watchedOf(doc);
  if ((since !== null) === watched.has(key)) return;
  doc.transact(() => {
    if (since === null) watched.delete(key);
    else watched.set(key, since);
  }, origin);
}

// A member's favourites (docs/documents.md, PS2): documents by id, each with its key in the list. Others never see them.
import type * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { compareSiblings, isOrderKey, placeAt, type Ordered } from '../document/order.ts';
import { favouritesOf } from '../document/roots.ts';

/** More are kept, and not shown. */
export const MOST_FAVOURITES = 500;

/** Ids in the order of the list. Total; a favourite may be of a document that is not here. */
export function readFavourites(doc: Y.Doc): readonly string[] {
  return listed(doc).map(({ id }) => id);
}

function listed(doc: Y.Doc): readonly Ordered[] {
  if (readMeta(doc)?.kind !== 'personal') return [];
  const found: Ordered[] = [];
  for (const [id, order] of favouritesOf(doc)) {
    if (isDocumentId(id)) found.push({ id, order: isOrderKey(order) ? order : '' });
  }
  return found.sort(compareSiblings).slice(0, MOST_FAVOURITES);
}

/** Puts it behind `after` (null: first; left out: last, or where it is already). */
export function addFavourite(doc: Y.Doc, id: string, after?: string | null, origin: unknown = null): void {
  doc.transact(() => {
    const favourites = favouritesOf(doc);
    if (after === undefined && favourites.has(id)) return;
    const others = listed(doc).filter((one) => one.id !== id);
    const behind = after === null || after === undefined ? -1 : others.findIndex((one) => one.id === after);
    const { order, rekeyed } = placeAt(others, after === null ? 0 : behind < 0 ? others.length : behind + 1);
    for (const one of rekeyed) favourites.set(one.id, one.order);
    favourites.set(id, order);
  }, origin);
}

export function removeFavourite(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => {
    const favourites = favouritesOf(doc);
    if (favourites.has(id)) favourites.delete(id);
  }, origin);
}

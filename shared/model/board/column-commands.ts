// What can be done to a board's columns: one transaction with an origin each. No command reads a clock or writes what is already so;
// whether a window shows a column folded is that person's own, and is not here.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { columnsOf } from '../document/roots.ts';
import { cardIn, cardsIn, moveCards, removeCards } from './card-commands.ts';
import { readCompleted } from './card.ts';
import { MOST_LIMIT, type WipLimit } from './read.ts';
import {
  newLine,
  placeAmong,
  refuseTaken,
  rewrite,
  shownIn,
  storedIn,
  write,
  type After,
  type Colour,
  type Doing,
} from './stored.ts';

export function addColumn(
  doc: Y.Doc,
  column: { readonly id?: string; readonly name: string; readonly after?: After },
  origin: unknown = null,
): string {
  const id = column.id ?? randomId();
  doc.transact(() => {
    const columns = columnsOf(doc);
    refuseTaken(columns, id, 'column');
    const stored = new Y.Map<unknown>();
    stored.set('name', newLine(column.name));
    stored.set('order', placeAmong(columns, shownIn(columns), column.after));
    columns.set(id, stored);
  }, origin);
  return id;
}

export function renameColumn(doc: Y.Doc, id: string, name: string, origin: unknown = null): void {
  doc.transact(() => rewrite(columnIn(doc, id), 'name', name), origin);
}

export function moveColumn(doc: Y.Doc, id: string, after: After, origin: unknown = null): void {
  doc.transact(() => {
    const columns = columnsOf(doc);
    const column = columnIn(doc, id);
    const others = shownIn(columns).filter((other) => other.id !== id);
    write(column, 'order', placeAmong(columns, others, after));
  }, origin);
}

export function setColumnColour(doc: Y.Doc, id: string, colour: Colour | null, origin: unknown = null): void {
  doc.transact(() => write(columnIn(doc, id), 'colour', colour), origin);
}

/** Null: as many as there are. */
export function setColumnLimit(doc: Y.Doc, id: string, limit: WipLimit | null, origin: unknown = null): void {
  if (limit && (!Number.isInteger(limit.most) || limit.most < 1 || limit.most > MOST_LIMIT)) {
    const message = `A limit is a whole number from 1 to ${String(MOST_LIMIT)}. Nothing was changed.`;
    throw new AppError('bad-input', message);
  }
  doc.transact(() => {
    const column = columnIn(doc, id);
    write(column, 'limit', limit?.most ?? null);
    write(column, 'limitHard', limit?.hard ? true : null);
  }, origin);
}

/** The rule "what comes in here is complete". What stands in the column already stays as it is. */
export function setColumnCompletes(doc: Y.Doc, id: string, completes: boolean, origin: unknown = null): void {
  doc.transact(() => write(columnIn(doc, id), 'completes', completes ? true : null), origin);
}

/** Removes a column; the cards that are in it now go to the end of another, or are removed with it. */
export function removeColumn(
  doc: Y.Doc,
  id: string,
  cards: { readonly to: string } | 'remove',
  removing: Doing,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const column = columnIn(doc, id);
    const inside = cardsIn(doc, id).map((card) => card.id);
    if (cards === 'remove') removeCards(doc, inside, removing, origin);
    else {
      if (cards.to === id) {
        throw new AppError('bad-input', 'The cards cannot stay in the column that goes. Nothing was changed.');
      }
      const done = new Map(inside.map((card) => [card, readCompleted(completedOf(doc, card), id)]));
      moveCards(doc, inside, { column: cards.to }, removing, origin);
      // What the column's rule completed stays complete: nobody took the card out of it.
      for (const [card, before] of done) {
        if (!before || readCompleted(completedOf(doc, card), cards.to)) continue;
        cardIn(doc, card).set('completed', { by: before.by, at: before.at });
      }
    }
    markRemoved(column, removing.at, removing.by);
  }, origin);
}

/** Shows a removed column again. */
export function restoreColumn(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(columnIn(doc, id)), origin);
}

function columnIn(doc: Y.Doc, id: string): Y.Map<unknown> {
  return storedIn(columnsOf(doc), id, 'column');
}

function completedOf(doc: Y.Doc, card: string): unknown {
  return cardIn(doc, card).get('completed');
}

// What can be done to a board's cards and columns: one transaction with an origin each. No command reads a clock or writes
// what is already so; what a card's page holds is not here.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { placeAt, type Ordered } from '../document/order.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import { cardsOf, columnsOf } from '../document/roots.ts';
import { asOneLine, rewriteLine } from '../document/title.ts';
import { readBoard, type Board, type Card } from './read.ts';

/** Behind a sibling, at the start (null), or at the end (undefined, and when the sibling is not there any more). */
export type After = string | null | undefined;

export interface NewCard {
  readonly id?: string;
  readonly title: string;
  readonly column: string;
  readonly after?: After;
  /** Member id. */
  readonly createdBy: string;
  readonly createdAt: number;
}

/** Who removes, and when. */
export interface Removing {
  readonly at: number;
  readonly by: string;
}

export function addColumn(
  doc: Y.Doc,
  column: { readonly id?: string; readonly name: string; readonly after?: After },
  origin: unknown = null,
): string {
  const id = column.id ?? randomId();
  doc.transact(() => {
    const columns = columnsOf(doc);
    if (columns.has(id)) throw taken('column');
    const stored = new Y.Map<unknown>();
    stored.set('name', new Y.Text(asOneLine(column.name)));
    stored.set('order', place(columns, readBoard(doc).columns, column.after));
    columns.set(id, stored);
  }, origin);
  return id;
}

export function renameColumn(doc: Y.Doc, id: string, name: string, origin: unknown = null): void {
  doc.transact(() => rewrite(stored(columnsOf(doc), id, 'column'), 'name', name), origin);
}

export function moveColumn(doc: Y.Doc, id: string, after: After, origin: unknown = null): void {
  doc.transact(() => {
    const columns = columnsOf(doc);
    const column = stored(columns, id, 'column');
    const others = readBoard(doc).columns.filter((other) => other.id !== id);
    write(column, 'order', place(columns, others, after));
  }, origin);
}

/** Removes a column; the cards that are in it now go to the end of another, or are removed with it. */
export function removeColumn(
  doc: Y.Doc,
  id: string,
  cards: { readonly to: string } | 'remove',
  removing: Removing,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const column = stored(columnsOf(doc), id, 'column');
    for (const card of columnOf(readBoard(doc), id).cards) {
      if (cards === 'remove') removeCard(doc, card.id, removing, origin);
      else moveCard(doc, card.id, { column: cards.to, after: undefined }, origin);
    }
    markRemoved(column, removing.at, removing.by);
  }, origin);
}

/** Shows a removed column again. */
export function restoreColumn(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(stored(columnsOf(doc), id, 'column')), origin);
}

export function addCard(doc: Y.Doc, card: NewCard, origin: unknown = null): string {
  const id = card.id ?? randomId();
  doc.transact(() => {
    const cards = cardsOf(doc);
    if (cards.has(id)) throw taken('card');
    const made = new Y.Map<unknown>();
    made.set('title', new Y.Text(asOneLine(card.title)));
    made.set('column', card.column);
    made.set('order', place(cards, columnOf(readBoard(doc), card.column).cards, card.after));
    made.set('createdBy', card.createdBy);
    made.set('createdAt', card.createdAt);
    cards.set(id, made);
  }, origin);
  return id;
}

export function renameCard(doc: Y.Doc, id: string, title: string, origin: unknown = null): void {
  doc.transact(() => rewrite(stored(cardsOf(doc), id, 'card'), 'title', title), origin);
}

/** Puts the card into a column. A card that came back after a removal is there for good again. */
export function moveCard(
  doc: Y.Doc,
  id: string,
  to: { readonly column: string; readonly after?: After },
  origin: unknown = null,
): void {
  doc.transact(() => {
    const cards = cardsOf(doc);
    const card = stored(cards, id, 'card');
    const others = columnOf(readBoard(doc), to.column).cards.filter((other) => other.id !== id);
    write(card, 'column', to.column);
    write(card, 'order', place(cards, others, to.after));
    unmarkRemoved(card);
  }, origin);
}

/** @param due milliseconds since the epoch, or null for none. */
export function setCardDue(doc: Y.Doc, id: string, due: number | null, origin: unknown = null): void {
  doc.transact(() => write(stored(cardsOf(doc), id, 'card'), 'due', due), origin);
}

/** Archives at a time; what is archived already keeps its first time. */
export function archiveCard(doc: Y.Doc, id: string, at: number, origin: unknown = null): void {
  doc.transact(() => {
    const card = stored(cardsOf(doc), id, 'card');
    if (typeof card.get('archivedAt') !== 'number') card.set('archivedAt', at);
  }, origin);
}

export function unarchiveCard(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => write(stored(cardsOf(doc), id, 'card'), 'archivedAt', null), origin);
}

export function removeCard(doc: Y.Doc, id: string, removing: Removing, origin: unknown = null): void {
  doc.transact(() => markRemoved(stored(cardsOf(doc), id, 'card'), removing.at, removing.by), origin);
}

/** Brings a removed card back to its column, or keeps one that an edit brought back. */
export function restoreCard(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(stored(cardsOf(doc), id, 'card')), origin);
}

/** The key for a place among `siblings`; those that shared one key get their own first. */
function place(root: Y.Map<unknown>, siblings: readonly Ordered[], after: After): string {
  const found = after === null ? -1 : siblings.findIndex((sibling) => sibling.id === after);
  const index = after === null ? 0 : found < 0 ? siblings.length : found + 1;
  const { order, rekeyed } = placeAt(siblings, index);
  for (const sibling of rekeyed) {
    const entry = root.get(sibling.id);
    if (entry instanceof Y.Map) write(entry as Y.Map<unknown>, 'order', sibling.order);
  }
  return order;
}

function columnOf(board: Board, id: string): { readonly cards: readonly Card[] } {
  const column = board.columns.find((one) => one.id === id);
  if (column) return column;
  throw new AppError('not-found', 'This column is not on the board any more. Nothing was changed; choose another.');
}

function stored(root: Y.Map<unknown>, id: string, what: 'card' | 'column'): Y.Map<unknown> {
  const entry = root.get(id);
  if (entry instanceof Y.Map) return entry as Y.Map<unknown>;
  throw new AppError('not-found', `This ${what} is not on the board. Nothing was changed.`, { details: { id } });
}

/** A line that is not there as a Y.Text (another program wrote it) becomes one. */
function rewrite(entry: Y.Map<unknown>, key: string, line: string): void {
  const text = entry.get(key);
  if (text instanceof Y.Text) rewriteLine(text, line);
  else entry.set(key, new Y.Text(asOneLine(line)));
}

function write(entry: Y.Map<unknown>, key: string, value: unknown): void {
  if (value === null) {
    if (entry.has(key)) entry.delete(key);
  } else if (entry.get(key) !== value) entry.set(key, value);
}

function taken(what: 'card' | 'column'): AppError {
  return new AppError('already-exists', `The board already has a ${what} with this id. Nothing was changed.`);
}

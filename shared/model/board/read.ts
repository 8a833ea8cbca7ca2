// A board as everybody sees it: its columns with their cards in order. Total on anything a peer wrote; it writes nothing.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { compareSiblings, isOrderKey } from '../document/order.ts';
import { readRemoval, type Removal } from '../document/removal.ts';
import { cardsOf, columnsOf } from '../document/roots.ts';
import { cutLine, readLine } from '../document/title.ts';

export interface Card {
  /** The id of the document with its description, comments and activity. */
  readonly id: string;
  readonly title: string;
  /** The column that was written last, whether it is still there or not. */
  readonly column: string | null;
  readonly order: string;
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly archivedAt: number | null;
  /** When it is due, or null. */
  readonly due: number | null;
  readonly removal: Removal;
}

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly order: string;
  readonly removal: Removal;
  readonly cards: readonly Card[];
}

/** Every card that can be read stands in exactly one of the lists. */
export interface Board {
  readonly columns: readonly Column[];
  /** Cards whose column is not there, or was removed. */
  readonly unsorted: readonly Card[];
  /** Cards that somebody edited without knowing that they had been removed. */
  readonly restored: readonly Card[];
  readonly archived: readonly Card[];
  readonly removed: readonly Card[];
  readonly removedColumns: readonly Column[];
  /** What was written there and cannot be read, by key; it is kept. */
  readonly unreadable: readonly string[];
}

export function readBoard(doc: Y.Doc): Board {
  const unreadable: string[] = [];
  const columns: (Column & { readonly cards: Card[] })[] = [];
  const removedColumns: Column[] = [];
  for (const [id, stored] of entriesOf(columnsOf(doc), 'columns', unreadable)) {
    const column = { id, name: lineOf(stored.get('name')), order: orderOf(stored), removal: readRemoval(stored) };
    if (column.removal.kind === 'removed') removedColumns.push({ ...column, cards: [] });
    else columns.push({ ...column, cards: [] });
  }
  const shown = new Map(columns.map((column) => [column.id, column.cards]));
  const unsorted: Card[] = [];
  const restored: Card[] = [];
  const archived: Card[] = [];
  const removed: Card[] = [];
  for (const [id, stored] of entriesOf(cardsOf(doc), 'cards', unreadable)) {
    const card = readCard(id, stored);
    const list = (card.column === null ? undefined : shown.get(card.column)) ?? unsorted;
    if (card.removal.kind === 'removed') removed.push(card);
    else if (card.archivedAt !== null) archived.push(card);
    else if (card.removal.kind === 'overtaken') restored.push(card);
    else list.push(card);
  }
  for (const list of [...shown.values(), unsorted, restored, archived, removed]) list.sort(compareSiblings);
  columns.sort(compareSiblings);
  removedColumns.sort(compareSiblings);
  unreadable.sort();
  return { columns, unsorted, restored, archived, removed, removedColumns, unreadable };
}

export function readCard(id: string, stored: Y.Map<unknown>): Card {
  const column = stored.get('column');
  const createdBy = stored.get('createdBy');
  return {
    id,
    title: lineOf(stored.get('title')),
    column: isDocumentId(column) ? column : null,
    order: orderOf(stored),
    createdBy: isDocumentId(createdBy) ? createdBy : null,
    createdAt: readTime(stored.get('createdAt')) ?? 0,
    archivedAt: readTime(stored.get('archivedAt')),
    due: readTime(stored.get('due')),
    removal: readRemoval(stored),
  };
}

/** Entries whose key is an id and whose value is a map; the others are named in `unreadable`. */
function* entriesOf(root: Y.Map<unknown>, name: string, unreadable: string[]): Iterable<[string, Y.Map<unknown>]> {
  for (const [id, stored] of root.entries()) {
    if (isDocumentId(id) && stored instanceof Y.Map) yield [id, stored as Y.Map<unknown>];
    else unreadable.push(`${name}/${cutLine(id)}`);
  }
}

/** A name is a Y.Text; a plain string, which an importer of another program may have written, reads as well. */
function lineOf(value: unknown): string {
  if (value instanceof Y.Text) return readLine(value);
  return typeof value === 'string' ? cutLine(value) : '';
}

function orderOf(stored: Y.Map<unknown>): string {
  const order = stored.get('order');
  return isOrderKey(order) ? order : '';
}

// A board as everybody sees it: its columns with their cards in order, labels and fields. Total on anything a peer wrote; it writes nothing.
import type * as Y from 'yjs';
import { compareSiblings } from '../document/order.ts';
import { readRemoval, type Removal } from '../document/removal.ts';
import { cardsOf, columnsOf } from '../document/roots.ts';
import { readCard, type Card } from './card.ts';
import { readDefinitions, type Definitions } from './definitions.ts';
import { withLinksOfOthers } from './links.ts';
import { readPeople, type NamedPerson } from './people.ts';
import { readViews, sharedViews, type SavedView } from './views.ts';
import { colourOf, entriesOf, lineOf, orderOf, type Colour } from './stored.ts';

/** How many cards a column should hold; a hard one refuses more. */
export interface WipLimit {
  readonly most: number;
  readonly hard: boolean;
}

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly order: string;
  readonly colour: Colour | null;
  readonly limit: WipLimit | null;
  /** The rule "what comes in here is complete". */
  readonly completes: boolean;
  readonly removal: Removal;
  readonly cards: readonly Card[];
}

/** Every card that can be read stands in exactly one of the lists. */
export interface Board extends Definitions {
  readonly columns: readonly Column[];
  /** Cards whose column is not there, or was removed. */
  readonly unsorted: readonly Card[];
  /** Cards that somebody edited without knowing that they had been removed. */
  readonly restored: readonly Card[];
  readonly archived: readonly Card[];
  readonly removed: readonly Card[];
  readonly removedColumns: readonly Column[];
  /** Whom cards and comments name who is no member. */
  readonly people: readonly NamedPerson[];
  /** Saved by anybody, for everybody. */
  readonly views: readonly SavedView[];
  /** What was written there and cannot be read, by key; it is kept. */
  readonly unreadable: readonly string[];
}

export const MOST_LIMIT = 9_999;

/** @param cardOf reads a card; a window hands in one that remembers those that did not change. */
export function readBoard(doc: Y.Doc, cardOf: typeof readCard = readCard): Board {
  const unreadable: string[] = [];
  const definitions = readDefinitions(doc, unreadable);
  const columns: (Column & { readonly cards: Card[] })[] = [];
  const removedColumns: Column[] = [];
  for (const [id, stored] of entriesOf(columnsOf(doc), 'columns', unreadable)) {
    const column = { ...readColumn(id, stored), cards: [] };
    if (column.removal.kind === 'removed') removedColumns.push(column);
    else columns.push(column);
  }
  const shown = new Map(columns.map((column) => [column.id, column.cards]));
  const unsorted: Card[] = [];
  const restored: Card[] = [];
  const archived: Card[] = [];
  const removed: Card[] = [];
  const cards: Card[] = [];
  for (const [id, stored] of entriesOf(cardsOf(doc), 'cards', unreadable)) {
    cards.push(cardOf(id, stored, definitions));
  }
  for (const card of withLinksOfOthers(cards)) {
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
  const people = readPeople(doc);
  const views = readViews(sharedViews(doc));
  return { ...definitions, columns, unsorted, restored, archived, removed, removedColumns, people, views, unreadable };
}

function readColumn(id: string, stored: Y.Map<unknown>): Omit<Column, 'cards'> {
  return {
    id,
    name: lineOf(stored.get('name')),
    order: orderOf(stored),
    colour: colourOf(stored),
    limit: readLimit(stored),
    completes: stored.get('completes') === true,
    removal: readRemoval(stored),
  };
}

export function readLimit(stored: Y.Map<unknown>): WipLimit | null {
  const most = stored.get('limit');
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > MOST_LIMIT) return null;
  return { most, hard: stored.get('limitHard') === true };
}

/** How full a column is, with `more` cards put into it. Beyond its limit it is `over`, or `full` where the limit is hard. */
export function fullnessOf(
  { cards, limit }: { readonly cards: readonly unknown[]; readonly limit: WipLimit | null },
  more = 0,
): 'free' | 'at' | 'over' | 'full' {
  const count = cards.length + more;
  if (!limit || count < limit.most) return 'free';
  if (count === limit.most) return 'at';
  return limit.hard && more > 0 ? 'full' : 'over';
}

/** The column that completes what comes in, for a card of which every item is ticked and that stands elsewhere; else null. */
export function suggestedColumn(board: Board, card: Card): string | null {
  const items = card.checklists.flatMap((list) => list.items);
  if (items.length === 0 || items.some((item) => !item.checked) || card.completed) return null;
  if (board.columns.some((column) => column.id === card.column && column.completes)) return null;
  return board.columns.find((column) => column.completes)?.id ?? null;
}

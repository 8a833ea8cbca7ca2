// A board as everybody sees it: its columns with their cards in order, labels and fields. Total on anything a peer wrote; it writes nothing.
import * as Y from 'yjs';
import { compareSiblings } from '../document/order.ts';
import { isSeen, readRemoval, type Removal } from '../document/removal.ts';
import { cardsOf, columnsOf } from '../document/roots.ts';
import { readCard, type Card } from './card.ts';
import { readDefinitions, type Definitions } from './definitions.ts';
import { withLinksOfOthers } from './links.ts';
import { cutLine } from '../document/title.ts';
import { readPeople, type NamedPerson } from './people.ts';
import { readViews, sharedViews, type SavedView } from './views.ts';
import { colourOf, entriesOf, lineOf, orderOf, type Colour, type Doing } from './stored.ts';
import { cardOfKey, lateKeys, shownOf } from './whereabouts.ts';

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

/** What a board still holds of a card that is not here any more, or that came twice (GO1, GO3). */
export interface Elsewhere {
  /** As it was here. */
  readonly card: Card;
  /** The board that it was taken to; null where the card shows here by another going. */
  readonly to: string | null;
  /** Who took it, and when. */
  readonly taken: Doing;
  /** Of a card that one put here while another took it there: who put it here, until they hear of it. */
  readonly beaten: Doing | null;
  /** Keys of the card in which something stands that did not go along. */
  readonly late: readonly string[];
  /** Somebody wrote in its own document since it came here; in another space those words are in none that the card has now. */
  readonly touched: boolean;
}

/** Every card that can be read stands in exactly one of the lists, but for those that are elsewhere. */
export interface Board extends Definitions {
  readonly columns: readonly Column[];
  /** Cards whose column is not there, or was removed. */
  readonly unsorted: readonly Card[];
  /** Cards that somebody edited without knowing that they had been removed. */
  readonly restored: readonly Card[];
  readonly archived: readonly Card[];
  readonly removed: readonly Card[];
  readonly removedColumns: readonly Column[];
  /** Cards that went to another board, by their ids and goings. */
  readonly elsewhere: readonly Elsewhere[];
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
  const aside = { restored: [] as Card[], archived: [] as Card[], removed: [] as Card[] };
  const { restored, archived, removed } = aside;
  const { cards, elsewhere } = cardsThatShow(doc, unreadable, (key, stored) => cardOf(key, stored, definitions));
  for (const card of withLinksOfOthers(cards)) {
    const standing = standingOf(card);
    if (standing !== 'listed') aside[standing].push(card);
    else ((card.column === null ? undefined : shown.get(card.column)) ?? unsorted).push(card);
  }
  for (const list of [...shown.values(), unsorted, restored, archived, removed]) list.sort(compareSiblings);
  columns.sort(compareSiblings);
  removedColumns.sort(compareSiblings);
  unreadable.sort();
  const people = readPeople(doc);
  const views = readViews(sharedViews(doc));
  return {
    ...definitions,
    columns,
    unsorted,
    restored,
    archived,
    removed,
    removedColumns,
    elsewhere,
    people,
    views,
    unreadable,
  };
}

/** Whether a card that shows is in the list of its column, or aside. */
export function standingOf(card: Card): 'listed' | 'removed' | 'archived' | 'restored' {
  if (card.removal.kind === 'removed') return 'removed';
  if (card.archivedAt !== null) return 'archived';
  return card.removal.kind === 'overtaken' ? 'restored' : 'listed';
}

function cardsThatShow(
  doc: Y.Doc,
  unreadable: string[],
  read: (key: string, stored: Y.Map<unknown>) => Card,
): { readonly cards: readonly Card[]; readonly elsewhere: readonly Elsewhere[] } {
  const found = new Map<string, Card[]>();
  const root = cardsOf(doc);
  for (const [key, stored] of root.entries()) {
    if (!(stored instanceof Y.Map) || !cardOfKey(key)) {
      unreadable.push(`cards/${cutLine(key)}`);
      continue;
    }
    const card = read(key, stored as Y.Map<unknown>);
    const known = found.get(card.id);
    if (known) known.push(card);
    else found.set(card.id, [card]);
  }
  const cards: Card[] = [];
  const elsewhere: Elsewhere[] = [];
  for (const maps of found.values()) {
    const shown = shownOf(maps.map((card) => ({ card, ...card.place })))?.card ?? null;
    if (shown) cards.push(shown);
    for (const card of maps) if (card !== shown) elsewhere.push(elsewhereOf(card, shown, root));
  }
  elsewhere.sort((a, b) => (a.card.place.key < b.card.place.key ? -1 : 1));
  return { cards, elsewhere };
}

function elsewhereOf(card: Card, shown: Card | null, root: Y.Map<unknown>): Elsewhere {
  const { key, came, left } = card.place;
  const late = lateKeys(root.get(key) as Y.Map<unknown>, card.place);
  const by = left ?? shown?.place.came;
  const isHeard = left ? left.heard || !left.over : came?.heard === true;
  return {
    card,
    to: left?.to ?? null,
    taken: { by: by?.by ?? '', at: by?.at ?? 0 },
    beaten: came && !isHeard ? { by: came.by, at: came.at } : null,
    late,
    touched: left?.over === true && !isSeen(root.get(key) as Y.Map<unknown>, 'touched', left.seen),
  };
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

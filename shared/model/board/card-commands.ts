// Where a board's cards come from, stand and go: one transaction with an origin each. No command reads a clock or writes what is already so;
// what a card says is in card-details.ts, and what its page holds is not here.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId, readTime } from '../document/meta.ts';
import { compareSiblings, type Ordered } from '../document/order.ts';
import { markRemoved, readRemoval, unmarkRemoved } from '../document/removal.ts';
import { cardsOf, columnsOf, labelsOf } from '../document/roots.ts';
import { readCompleted } from './card.ts';
import { checkLane, writeLane, type Lane } from './lanes.ts';
import { movesOf, writeMove } from './moves.ts';
import { fullnessOf, readLimit } from './read.ts';
import { cardMap, cardsThatCame, mapsOfCards, shownMap, shownOf } from './whereabouts.ts';
import {
  newLine,
  orderOf,
  placesAmong,
  refuseTaken,
  rewrite,
  shownIn,
  write,
  type After,
  type Doing,
} from './stored.ts';

/** So many are looked for one by one. */
const FEW = 8;

export interface CardPlace {
  readonly column: string;
  readonly after?: After;
  readonly lane?: Lane;
}

export interface NewCard extends CardPlace {
  readonly id?: string;
  readonly title: string;
  /** Member id. */
  readonly createdBy: string;
  readonly createdAt: number;
}

export function addCard(doc: Y.Doc, card: NewCard, origin: unknown = null): string {
  const { id, title, createdBy, createdAt, ...place } = card;
  const one = id === undefined ? { title } : { id, title };
  return addCards(doc, [one], place, { by: createdBy, at: createdAt }, origin)[0] ?? '';
}

/** Cards behind one another, as pasted lines become; they stay together whatever others add at the same place. Answers their ids. */
export function addCards(
  doc: Y.Doc,
  cards: readonly { readonly id?: string; readonly title: string }[],
  place: CardPlace,
  doing: Doing,
  origin: unknown = null,
): readonly string[] {
  const made = cards.map((card) => ({ id: card.id ?? randomId(), title: card.title }));
  doc.transact(() => {
    const root = cardsOf(doc);
    for (const { id } of made) refuseTaken(root, id, 'card');
    if (new Set(made.map((card) => card.id)).size !== made.length) {
      throw new AppError('already-exists', 'Two new cards have one id. Nothing was changed.');
    }
    const column = openColumn(doc, place, made.length);
    const labels = labelIds(doc);
    const orders = placesFor(doc, placedIn(doc, place.column), place.after, made.length);
    for (const [at, { id, title }] of made.entries()) {
      const stored = new Y.Map<unknown>();
      root.set(id, stored);
      stored.set('title', newLine(title));
      stored.set('column', place.column);
      stored.set('order', orders[at] ?? '');
      stored.set('createdBy', doing.by);
      stored.set('createdAt', doing.at);
      if (column.get('completes') === true) stored.set('completed', byRule(doing, place.column));
      if (place.lane) writeLane(stored, place.lane, labels, doing);
    }
  }, origin);
  return made.map((card) => card.id);
}

export function renameCard(doc: Y.Doc, id: string, title: string, origin: unknown = null): void {
  doc.transact(() => rewrite(cardIn(doc, id), 'title', title), origin);
}

/** As moveCards() with one. */
export function moveCard(doc: Y.Doc, id: string, to: CardPlace, doing: Doing, origin: unknown = null): void {
  moveCards(doc, [id], to, doing, origin);
}

/**
 * Puts cards behind one another into a column, in the order of `ids`. A card that came back after a removal is there for good again;
 * a move to another column says who made it (BD10), and a column with the rule completes what comes in (BD12).
 */
export function moveCards(
  doc: Y.Doc,
  ids: readonly string[],
  to: CardPlace,
  doing: Doing,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const moving = cardsBy(doc, ids);
    const before = placedIn(doc, to.column);
    const here = new Set(before.map((card) => card.id));
    const arriving = [...moving.keys()].filter((id) => !here.has(id)).length;
    const column = openColumn(doc, to, arriving);
    const labels = labelIds(doc);
    const others = before.filter((card) => !moving.has(card.id));
    const after = stayingBefore(before, moving, to.after);
    if (arriving > 0 || !standsSo(before, others, [...moving.keys()], after)) {
      const orders = placesFor(doc, others, after, moving.size);
      for (const [at, card] of [...moving.values()].entries()) write(card, 'order', orders[at] ?? '');
    }
    for (const card of moving.values()) {
      enter(card, to.column, column, doing);
      if (to.lane) writeLane(card, to.lane, labels, doing);
      unmarkRemoved(card);
    }
  }, origin);
}

function enter(card: Y.Map<unknown>, id: string, column: Y.Map<unknown>, doing: Doing): void {
  const from = card.get('column');
  if (from === id) return;
  writeMove(card, doing, isDocumentId(from) ? from : null, id);
  card.set('column', id);
  if (column.get('completes') === true && !readCompleted(card.get('completed'), id)) {
    card.set('completed', byRule(doing, id));
  }
}

/** Says that of several moves that were made apart the one that stands is wanted: nobody is asked again. */
export function keepPlace(doc: Y.Doc, id: string, doing: Doing, origin: unknown = null): void {
  doc.transact(() => {
    const card = cardIn(doc, id);
    const column = card.get('column');
    if (!isDocumentId(column) || movesOf(card).length < 2) return;
    const from = movesOf(card).findLast((one) => one.to === column)?.from ?? null;
    writeMove(card, doing, from, column);
  }, origin);
}

/** Archives at a time; what is archived already keeps its first time. */
export function archiveCard(doc: Y.Doc, id: string, at: number, origin: unknown = null): void {
  archiveCards(doc, [id], at, origin);
}

export function archiveCards(doc: Y.Doc, ids: readonly string[], at: number, origin: unknown = null): void {
  doc.transact(() => {
    for (const card of cardsBy(doc, ids).values()) {
      if (typeof card.get('archivedAt') !== 'number') card.set('archivedAt', at);
    }
  }, origin);
}

export function unarchiveCard(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => write(cardIn(doc, id), 'archivedAt', null), origin);
}

export function removeCard(doc: Y.Doc, id: string, removing: Doing, origin: unknown = null): void {
  removeCards(doc, [id], removing, origin);
}

export function removeCards(doc: Y.Doc, ids: readonly string[], removing: Doing, origin: unknown = null): void {
  doc.transact(() => {
    for (const card of cardsBy(doc, ids).values()) markRemoved(card, removing.at, removing.by);
  }, origin);
}

/** Brings a removed card back to its column, or keeps one that an edit brought back. */
export function restoreCard(doc: Y.Doc, id: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(cardIn(doc, id)), origin);
}

/**
 * Says on the board that something was written in the card's own document: who removes the card meanwhile has not seen it, so that
 * the card comes back (B17). Once an editing session is enough.
 */
export function touchCard(doc: Y.Doc, id: string, doing: Doing, origin: unknown = null): void {
  doc.transact(() => cardIn(doc, id).set('touched', { by: doing.by, at: doing.at }), origin);
}

/** The cards that show in a column, in order: as readBoard() has them, without reading what they say. */
export function cardsIn(doc: Y.Doc, column: string): Ordered[] {
  return placedIn(doc, column).map(({ id, order }) => ({ id, order }));
}

/** A card in its place. */
export interface Placed extends Ordered {
  /** Under which its map stands. */
  readonly key: string;
}

/** As cardsIn(), with where their maps are. */
export function placedIn(doc: Y.Doc, column: string): readonly Placed[] {
  const found: Placed[] = [];
  const root = cardsOf(doc);
  const several = cardsThatCame(root);
  for (const [key, stored] of root.entries()) {
    if (!(stored instanceof Y.Map) || stored.get('column') !== column) continue;
    const map = cardMap(key, stored);
    if (!map || map.left) continue;
    if (readTime(map.stored.get('archivedAt')) !== null || readRemoval(map.stored).kind !== 'none') continue;
    if (several.has(map.card) && shownMap(root, map.card) !== map.stored) continue;
    found.push({ id: map.card, key, order: orderOf(map.stored) });
  }
  return found.sort(compareSiblings);
}

/** Order keys for places among cards; those that shared one key get their own first. */
export function placesFor(doc: Y.Doc, siblings: readonly Placed[], after: After, count: number): readonly string[] {
  const keys = siblings.map(({ key, order }) => ({ id: key, order }));
  const behind = typeof after === 'string' ? siblings.find(({ id }) => id === after)?.key : after;
  return placesAmong(cardsOf(doc), keys, behind, count);
}

export function cardIn(doc: Y.Doc, id: string): Y.Map<unknown> {
  const card = shownMap(cardsOf(doc), id);
  if (card) return card;
  throw new AppError('not-found', 'This card is not on the board. Nothing was changed.', { details: { id } });
}

/** Each once, in their order; refused where one of them is not on the board. */
export function cardsBy(doc: Y.Doc, ids: readonly string[]): ReadonlyMap<string, Y.Map<unknown>> {
  const found = new Map<string, Y.Map<unknown>>();
  const all = ids.length > FEW ? mapsOfCards(cardsOf(doc)) : null;
  for (const id of ids) {
    const card = all ? shownOf(all.get(id) ?? [])?.stored : shownMap(cardsOf(doc), id);
    if (!card)
      throw new AppError('not-found', 'This card is not on the board. Nothing was changed.', { details: { id } });
    found.set(id, card);
  }
  return found;
}

export function labelIds(doc: Y.Doc): ReadonlySet<string> {
  return new Set(shownIn(labelsOf(doc)).map((label) => label.id));
}

/** The column, if it shows and takes that many more. */
export function openColumn(doc: Y.Doc, { column: id, lane }: CardPlace, arriving: number): Y.Map<unknown> {
  const column = columnsOf(doc).get(id);
  if (!(column instanceof Y.Map) || readRemoval(column as Y.Map<unknown>).kind === 'removed') {
    throw new AppError('not-found', 'This column is not on the board any more. Nothing was changed; choose another.');
  }
  if (lane) checkLane(lane, labelIds(doc));
  const limit = readLimit(column as Y.Map<unknown>);
  if (limit && fullnessOf({ cards: cardsIn(doc, id), limit }, arriving) === 'full') {
    const message = `This column takes no more than ${String(limit.most)} cards. Nothing was changed; make room or raise its limit.`;
    throw new AppError('not-allowed', message, { details: { limit: limit.most } });
  }
  return column as Y.Map<unknown>;
}

/** Behind which card that stays: the sibling that was asked for, or where it moves as well the nearest before it. */
function stayingBefore(before: readonly Ordered[], moving: ReadonlyMap<string, unknown>, after: After): After {
  if (typeof after !== 'string' || !moving.has(after)) return after;
  const at = before.findIndex((card) => card.id === after);
  return before.slice(0, Math.max(0, at)).findLast((card) => !moving.has(card.id))?.id ?? null;
}

/** Whether the cards stand there already. */
function standsSo(
  before: readonly Ordered[],
  others: readonly Ordered[],
  moving: readonly string[],
  after: After,
): boolean {
  const wanted = others.map((card) => card.id);
  const found = typeof after === 'string' ? wanted.indexOf(after) : -1;
  wanted.splice(after === null ? 0 : found < 0 ? wanted.length : found + 1, 0, ...moving);
  return before.every((card, at) => card.id === wanted[at]);
}

export function byRule({ by, at }: Doing, column: string): { by: string; at: number; column: string } {
  return { by, at, column };
}

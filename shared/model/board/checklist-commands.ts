// What can be done to a card's checklists: one transaction with an origin each. No command reads a clock or writes what is already so.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId } from '../document/meta.ts';
import type { Ordered } from '../document/order.ts';
import { markRemoved, readRemoval, unmarkRemoved } from '../document/removal.ts';
import { addCards, cardIn } from './card-commands.ts';
import { ITEM, LIST, listOf } from './checklist.ts';
import { checkDate, type CardDate } from './field-value.ts';
import {
  lineOf,
  newLine,
  placeAmong,
  placesAmong,
  refuseTaken,
  rewrite,
  shownIn,
  storedIn,
  write,
  type After,
  type Doing,
} from './stored.ts';

/** An item of a card's lists. */
export interface ItemPlace {
  readonly card: string;
  readonly item: string;
}

export function addChecklist(
  doc: Y.Doc,
  card: string,
  list: { readonly id?: string; readonly name: string; readonly after?: After },
  origin: unknown = null,
): string {
  const id = list.id ?? randomId();
  doc.transact(() => {
    const on = cardIn(doc, card);
    refuseTaken(on, LIST + id, 'checklist');
    const made = new Y.Map<unknown>();
    made.set('name', newLine(list.name));
    made.set('order', placeAmong(on, shownIn(on, LIST), list.after, LIST));
    on.set(LIST + id, made);
  }, origin);
  return id;
}

export function renameChecklist(doc: Y.Doc, card: string, list: string, name: string, origin: unknown = null): void {
  doc.transact(() => rewrite(listIn(doc, card, list), 'name', name), origin);
}

export function moveChecklist(doc: Y.Doc, card: string, list: string, after: After, origin: unknown = null): void {
  doc.transact(() => {
    const on = cardIn(doc, card);
    const others = shownIn(on, LIST).filter((other) => other.id !== list);
    write(listIn(doc, card, list), 'order', placeAmong(on, others, after, LIST));
  }, origin);
}

/** Removes the list with the items that stand in it now; one that somebody adds or edits apart brings it back. */
export function removeChecklist(doc: Y.Doc, card: string, list: string, removing: Doing, origin: unknown = null): void {
  doc.transact(() => {
    const stored = listIn(doc, card, list);
    for (const { id } of itemsIn(doc, card, list))
      markRemoved(itemIn(doc, { card, item: id }), removing.at, removing.by);
    markRemoved(stored, removing.at, removing.by);
  }, origin);
}

/** Keeps a list that came back, with the items that are in it. */
export function restoreChecklist(doc: Y.Doc, card: string, list: string, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(listIn(doc, card, list)), origin);
}

/** Items behind one another, as pasted lines become. Answers their ids. */
export function addItems(
  doc: Y.Doc,
  place: { readonly card: string; readonly list: string; readonly after?: After },
  items: readonly { readonly id?: string; readonly text: string; readonly checked?: boolean }[],
  origin: unknown = null,
): readonly string[] {
  const made = items.map((item) => ({ ...item, id: item.id ?? randomId() }));
  doc.transact(() => {
    const on = cardIn(doc, place.card);
    listIn(doc, place.card, place.list);
    for (const { id } of made) refuseTaken(on, ITEM + id, 'checklist item');
    const orders = placesAmong(on, itemsIn(doc, place.card, place.list), place.after, made.length, ITEM);
    for (const [at, { id, text, checked }] of made.entries()) {
      const stored = new Y.Map<unknown>();
      stored.set('checklist', place.list);
      stored.set('text', newLine(text));
      stored.set('order', orders[at] ?? '');
      if (checked === true) stored.set('checked', true);
      on.set(ITEM + id, stored);
    }
  }, origin);
  return made.map((item) => item.id);
}

export function renameItem(doc: Y.Doc, at: ItemPlace, text: string, origin: unknown = null): void {
  doc.transact(() => rewrite(itemIn(doc, at), 'text', text), origin);
}

export function checkItem(doc: Y.Doc, at: ItemPlace, checked: boolean, origin: unknown = null): void {
  doc.transact(() => write(itemIn(doc, at), 'checked', checked ? true : null), origin);
}

/** @param due a time in milliseconds since the epoch, a day as `YYYY-MM-DD`, or null for none. */
export function setItemDue(doc: Y.Doc, at: ItemPlace, due: CardDate | null, origin: unknown = null): void {
  checkDate(due);
  doc.transact(() => write(itemIn(doc, at), 'due', due), origin);
}

/** Who does it: a member id, or null for nobody. */
export function setItemMember(doc: Y.Doc, at: ItemPlace, member: string | null, origin: unknown = null): void {
  doc.transact(() => write(itemIn(doc, at), 'member', member), origin);
}

/** Moves an item in its list, or into another list of the same card. */
export function moveItem(
  doc: Y.Doc,
  at: ItemPlace,
  to: { readonly list: string; readonly after?: After },
  origin: unknown = null,
): void {
  doc.transact(() => {
    const item = itemIn(doc, at);
    listIn(doc, at.card, to.list);
    const others = itemsIn(doc, at.card, to.list).filter((other) => other.id !== at.item);
    write(item, 'order', placeAmong(cardIn(doc, at.card), others, to.after, ITEM));
    write(item, 'checklist', to.list);
  }, origin);
}

export function removeItem(doc: Y.Doc, at: ItemPlace, removing: Doing, origin: unknown = null): void {
  doc.transact(() => markRemoved(itemIn(doc, at), removing.at, removing.by), origin);
}

export function restoreItem(doc: Y.Doc, at: ItemPlace, origin: unknown = null): void {
  doc.transact(() => unmarkRemoved(itemIn(doc, at)), origin);
}

/** Makes a card of an item, in the column of its card and behind it; the item goes. Answers the new card's id. */
export function itemToCard(
  doc: Y.Doc,
  at: ItemPlace,
  doing: Doing,
  id: string = randomId(),
  origin: unknown = null,
): string {
  doc.transact(() => {
    const item = itemIn(doc, at);
    const column = cardIn(doc, at.card).get('column');
    if (!isDocumentId(column)) {
      throw new AppError('not-found', 'The card stands in no column: put it into one first. Nothing was changed.');
    }
    addCards(doc, [{ id, title: lineOf(item.get('text')) }], { column, after: at.card }, doing, origin);
    markRemoved(item, doing.at, doing.by);
  }, origin);
  return id;
}

function listIn(doc: Y.Doc, card: string, list: string): Y.Map<unknown> {
  return storedPart(doc, card, LIST + list, 'checklist');
}

function itemIn(doc: Y.Doc, { card, item }: ItemPlace): Y.Map<unknown> {
  return storedPart(doc, card, ITEM + item, 'checklist item');
}

function storedPart(doc: Y.Doc, card: string, key: string, what: string): Y.Map<unknown> {
  return storedIn(cardIn(doc, card), key, what);
}

function itemsIn(doc: Y.Doc, card: string, list: string): Ordered[] {
  const on = cardIn(doc, card);
  return shownIn(on, ITEM).filter(({ id }) => {
    const item = on.get(ITEM + id);
    return (
      item instanceof Y.Map &&
      readRemoval(item as Y.Map<unknown>).kind !== 'removed' &&
      listOf(item as Y.Map<unknown>) === list
    );
  });
}

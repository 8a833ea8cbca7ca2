// A copy of a board for another document: what shows on it, with new ids for its cards. What cards' own documents hold is in card-page.ts. It writes nothing on the board that is copied.
import { generateNKeysBetween } from 'fractional-indexing';
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId } from '../document/meta.ts';
import { readRemoval } from '../document/removal.ts';
import { cardsOf, columnsOf, fieldsOf, labelsOf } from '../document/roots.ts';
import { copyType } from '../page/copy.ts';
import { LINK_KINDS, type Card } from './card.ts';
import { MOVED } from './moves.ts';
import { readBoard, type Board } from './read.ts';
import type { Doing } from './stored.ts';

type Entries = readonly (readonly [id: string, entry: Y.Map<unknown>])[];

/** Its types belong to no document yet, so it can be written once. */
export interface CopiedBoard {
  readonly columns: Entries;
  readonly labels: Entries;
  readonly fields: Entries;
  readonly cards: Entries;
}

/** What is said of the original alone. */
const LEFT = new Set(['removed', 'touched']);
const LINKS = LINK_KINDS.map((kind) => `${kind}/`);

/** The cards that a copy takes along: all that are not removed, each list in its order. */
export function cardsToCopy(board: Board): readonly (readonly Card[])[] {
  return [...board.columns.map((column) => column.cards), board.unsorted, board.restored, board.archived];
}

/** A new id for each card that is copied, by its old one. */
export function freshCards(doc: Y.Doc): ReadonlyMap<string, string> {
  const cards = cardsToCopy(readBoard(doc)).flat();
  return new Map(cards.map(({ id }) => [id, randomId()]));
}

/** @param ids of cards and pages that are copied together, by their old ones: links between them lead to the copies. */
export function copyBoard(doc: Y.Doc, ids: ReadonlyMap<string, string>, doing: Doing): CopiedBoard {
  const cards: [string, Y.Map<unknown>][] = [];
  for (const list of cardsToCopy(readBoard(doc))) {
    const orders = tellingApart(list);
    for (const [at, { id }] of list.entries()) {
      const stored = cardsOf(doc).get(id);
      const fresh = ids.get(id);
      const card = stored instanceof Y.Map ? copyType(stored, { left: removedIn(stored as Y.Map<unknown>) }) : null;
      if (fresh === undefined || !(card instanceof Y.Map)) continue;
      cards.push([fresh, asNew(card as Y.Map<unknown>, stored as Y.Map<unknown>, ids, doing)]);
      const order = orders?.[at];
      if (order !== undefined) card.set('order', order);
    }
  }
  return { columns: shown(columnsOf(doc)), labels: shown(labelsOf(doc)), fields: shown(fieldsOf(doc)), cards };
}

/** Into a new document. */
export function writeBoardCopy(doc: Y.Doc, copied: CopiedBoard, origin: unknown = null): void {
  doc.transact(() => {
    for (const [id, entry] of copied.columns) columnsOf(doc).set(id, entry);
    for (const [id, entry] of copied.labels) labelsOf(doc).set(id, entry);
    for (const [id, entry] of copied.fields) fieldsOf(doc).set(id, entry);
    for (const [id, entry] of copied.cards) cardsOf(doc).set(id, entry);
  }, origin);
}

/** Cards that share a key stand by their ids, which are others in the copy: then all of a list get new keys. */
function tellingApart(list: readonly Card[]): readonly string[] | null {
  const isApart = list.every((card, at) => at === 0 || card.order !== list[at - 1]?.order);
  return isApart ? null : generateNKeysBetween(null, null, list.length);
}

function shown(root: Y.Map<unknown>): Entries {
  return [...root.entries()].flatMap(([id, stored]): [string, Y.Map<unknown>][] => {
    if (!isDocumentId(id) || !(stored instanceof Y.Map)) return [];
    const entry = stored as Y.Map<unknown>;
    if (readRemoval(entry).kind === 'removed') return [];
    const copy = copyType(entry, { left: removedIn(entry) });
    if (!(copy instanceof Y.Map)) return [];
    copy.delete('removed');
    return [[id, copy as Y.Map<unknown>]];
  });
}

/** Parts of an entry that are removed (checklists, their items, choices), and the marks of removals that were overtaken. */
function removedIn(entry: Y.Map<unknown>): ReadonlySet<unknown> {
  const left = new Set<unknown>();
  for (const part of entry.values()) {
    if (!(part instanceof Y.Map)) continue;
    const { kind } = readRemoval(part as Y.Map<unknown>);
    if (kind !== 'none') left.add(kind === 'removed' ? part : part.get('removed'));
  }
  return left;
}

/** Makes the copy of a card say who made it and when, and lead to copies. `stored`: the original, since a type without a document is not read. */
function asNew(copy: Y.Map<unknown>, stored: Y.Map<unknown>, ids: ReadonlyMap<string, string>, doing: Doing) {
  for (const key of stored.keys()) {
    const link = LINKS.find((prefix) => key.startsWith(prefix));
    const target = link === undefined ? undefined : ids.get(key.slice(link.length));
    if (LEFT.has(key) || key.startsWith(MOVED) || target !== undefined) copy.delete(key);
    if (link !== undefined && target !== undefined) copy.set(link + target, stored.get(key));
  }
  copy.set('createdBy', doing.by);
  copy.set('createdAt', doing.at);
  return copy;
}

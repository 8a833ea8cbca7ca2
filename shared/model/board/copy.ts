// A board that becomes another one: new ids for its cards and for what they name, its order as it was. Plain data to plain data; it reads no document.
import { generateNKeysBetween } from 'fractional-indexing';
import { isDocumentId } from '../document/meta.ts';
import { compareSiblings, isOrderKey } from '../document/order.ts';
import type { PlainEntry } from '../document/plain-maps.ts';
import { ASSIGNED } from './assigned.ts';
import { FIELD, LINK_KINDS, MEMBER } from './card.ts';
import { ITEM } from './checklist.ts';
import { MOVED } from './moves.ts';
import type { PlainBoard } from './plain.ts';
import type { Doing } from './stored.ts';

export interface BoardChange {
  /** Of cards and pages that links lead to; what is not in it stays as it is. */
  readonly ids: ReadonlyMap<string, string>;
  /** Who is meant where a member is named; left out: the same. */
  readonly member?: (id: string) => string;
  /** Who makes the copy, where it is one: then nothing is said of who made and moved the cards before. */
  readonly copiedBy?: Doing;
}

const LINKS = LINK_KINDS.map((kind) => `${kind}/`);

/** Cards that have no new id stay behind. */
export function changeBoard(board: PlainBoard, change: BoardChange): PlainBoard {
  const person = new Set([...board.fields].flatMap(([id, field]) => (field['kind'] === 'person' ? [id] : [])));
  const cards = new Map<string, PlainEntry>();
  for (const [id, card] of inPlaces(board)) {
    const fresh = change.ids.get(id);
    if (fresh !== undefined) cards.set(fresh, changeCard(card, change, person));
  }
  const { member = (id) => id } = change;
  const people = board.people.map(({ id, name }) => ({ id: member(id), name }));
  const views = new Map([...board.views].map(([id, view]) => [id, { ...view, look: lookBy(view['look'], member) }]));
  return { ...board, cards, people, views };
}

/** The cards with an order that does not need their ids: those that share a key stand by their ids, which become others. */
function inPlaces(board: PlainBoard): ReadonlyMap<string, PlainEntry> {
  const columns = new Map<string | null, { id: string; order: string }[]>();
  for (const [id, card] of board.cards) {
    const { column } = card;
    // All that stand in no column stand together.
    const place = typeof column === 'string' && board.columns.has(column) ? column : null;
    const list = columns.get(place) ?? [];
    columns.set(place, list);
    list.push({ id, order: isOrderKey(card['order']) ? card['order'] : '' });
  }
  const cards = new Map(board.cards);
  for (const list of columns.values()) {
    list.sort(compareSiblings);
    if (list.every(({ order }, at) => order !== '' && (at === 0 || order !== list[at - 1]?.order))) continue;
    const orders = generateNKeysBetween(null, null, list.length);
    for (const [at, { id }] of list.entries()) cards.set(id, { ...cards.get(id), order: orders[at] });
  }
  return cards;
}

function changeCard(card: PlainEntry, change: BoardChange, person: ReadonlySet<string>): PlainEntry {
  const { ids, member = (id) => id, copiedBy } = change;
  const who = (value: unknown): unknown => (isDocumentId(value) ? member(value) : value);
  const changed: [string, unknown][] = [];
  for (const [key, value] of Object.entries(card)) {
    const link = LINKS.find((prefix) => key.startsWith(prefix));
    if (link !== undefined) changed.push([link + (ids.get(key.slice(link.length)) ?? key.slice(link.length)), value]);
    else if (key.startsWith(MEMBER)) changed.push([MEMBER + member(key.slice(MEMBER.length)), value]);
    // Who put somebody there before is no news where it is copied to.
    else if (key.startsWith(ASSIGNED)) continue;
    else if (key.startsWith(FIELD)) changed.push([key, person.has(key.slice(FIELD.length)) ? who(value) : value]);
    else if (key.startsWith(MOVED)) {
      if (!copiedBy) changed.push([MOVED + member(key.slice(MOVED.length)), moveBy(value, member)]);
    } else if (key.startsWith(ITEM)) changed.push([key, itemBy(value, who)]);
    else if (key === 'completed') changed.push([key, doneBy(value, who)]);
    else if (key === 'createdBy') changed.push([key, copiedBy ? copiedBy.by : who(value)]);
    else if (key === 'createdAt') changed.push([key, copiedBy ? copiedBy.at : value]);
    else changed.push([key, value]);
  }
  return Object.fromEntries(changed);
}

/** Whom its filter names. */
function lookBy(value: unknown, member: (id: string) => string): unknown {
  const filter = isObject(value) ? value['filter'] : undefined;
  if (!isObject(value) || !isObject(filter) || !Array.isArray(filter['members'])) return value;
  const members = (filter['members'] as unknown[]).map((id) => (isDocumentId(id) ? member(id) : id));
  return { ...value, filter: { ...filter, members } };
}

function doneBy(value: unknown, who: (id: unknown) => unknown): unknown {
  return isObject(value) ? { ...value, by: who(value['by']) } : value;
}

function itemBy(value: unknown, who: (id: unknown) => unknown): unknown {
  if (!isObject(value) || !isObject(value['$map'])) return value;
  const { member, ...rest } = value['$map'];
  return { $map: member === undefined ? rest : { ...rest, member: who(member) } };
}

/** What a move knew of others' names their members. */
function moveBy(value: unknown, member: (id: string) => string): unknown {
  if (!isObject(value)) return value;
  const knew: unknown = value['knew'];
  const known = Array.isArray(knew) ? (knew as unknown[]) : [];
  return {
    ...value,
    knew: known.map((pair) => (Array.isArray(pair) && isDocumentId(pair[0]) ? [member(pair[0]), pair[1]] : pair)),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

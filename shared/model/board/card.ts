// A card as everybody sees it, read from its map on the board: total on anything a peer wrote, one pass over its keys. It writes nothing,
// and what the card's own document holds is not here.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { compareSiblings, isOrderKey, type Ordered } from '../document/order.ts';
import { readRemoval, type Removal } from '../document/removal.ts';
import { ITEM, LIST, readChecklists, type Checklist } from './checklist.ts';
import { readCover, type Cover } from './cover.ts';
import type { Definitions } from './definitions.ts';
import { fittingValue, joinedTexts, readDate, type CardDate, type FieldValue } from './field-value.ts';
import { contestedOf, enteredAt, MOVED, readMoves, type Contested } from './moves.ts';
import { lineOf, orderOf, type Doing } from './stored.ts';
import { BEAT, cardOfKey, readBeaten, whereaboutsOf, type Beaten, type Whereabouts } from './whereabouts.ts';

export const PRIORITIES = ['urgent', 'high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What a card can be to another, or to a page. */
export const LINK_KINDS = ['blocks', 'blockedBy', 'relates', 'page'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];
/** Ids of cards and pages, sorted. */
export type Links = Readonly<Record<LinkKind, readonly string[]>>;

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
  readonly start: CardDate | null;
  readonly due: CardDate | null;
  readonly completed: Doing | null;
  readonly priority: Priority | null;
  readonly cover: Cover | null;
  /** Member ids, in the order in which they were put there. */
  readonly members: readonly string[];
  /** Ids of the board's labels, likewise. */
  readonly labels: readonly string[];
  readonly checklists: readonly Checklist[];
  readonly links: Links;
  /** In the order of the board's fields. */
  readonly values: readonly FieldValue[];
  readonly contested: Contested | null;
  /** Of a card that came from another board, or went to one. */
  readonly place: CardPlacing;
  /** When it came into its column, as far as that is known. */
  readonly since: number;
  readonly removal: Removal;
}

export interface CardPlacing extends Whereabouts {
  /** Under which its map stands. */
  readonly key: string;
  /** Where others had taken it at the same time, as long as nobody heard of it. */
  readonly beaten: readonly Beaten[];
}

export const LABEL = 'label/';
export const MEMBER = 'member/';
export const FIELD = 'field/';
export const TEXT = 'text/';

const PREFIXES = [LABEL, MEMBER, FIELD, TEXT, LIST, ITEM, MOVED, BEAT, ...LINK_KINDS.map((kind) => `${kind}/`)];
type Parts = ReadonlyMap<string, (readonly [key: string, value: unknown])[]>;

/** @param key under which its map stands. */
export function readCard(key: string, stored: Y.Map<unknown>, definitions: Definitions): Card {
  const id = cardOfKey(key)?.card ?? key;
  const parts = partsOf(stored);
  const whereabouts = whereaboutsOf(key, stored);
  const written = stored.get('column');
  const column = isDocumentId(written) ? written : null;
  const createdBy = stored.get('createdBy');
  const createdAt = readTime(stored.get('createdAt')) ?? 0;
  const priority = stored.get('priority');
  const moves = readMoves(parts.get(MOVED) ?? []);
  const known = new Set(definitions.labels.map((label) => label.id));
  return {
    id,
    title: lineOf(stored.get('title')),
    column,
    order: orderOf(stored),
    createdBy: isDocumentId(createdBy) ? createdBy : null,
    createdAt,
    archivedAt: readTime(stored.get('archivedAt')),
    start: readDate(stored.get('start')),
    due: readDate(stored.get('due')),
    completed: readCompleted(stored.get('completed'), column),
    priority: PRIORITIES.find((one) => one === priority) ?? null,
    cover: readCover(stored.get('cover')),
    members: put(parts.get(MEMBER)),
    labels: put(parts.get(LABEL)).filter((label) => known.has(label)),
    checklists: readChecklists(parts.get(LIST) ?? [], parts.get(ITEM) ?? []),
    links: readLinks(id, parts),
    values: readValues(parts, definitions),
    contested: contestedOf(moves, column),
    place: { key, ...whereabouts, beaten: parts.has(BEAT) ? readBeaten(stored).filter((one) => !one.heard) : [] },
    since: enteredAt(moves, column) ?? whereabouts.came?.at ?? createdAt,
    removal: readRemoval(stored),
  };
}

/** The keys of a card that name a part of it, by their prefix and without it. */
function partsOf(stored: Y.Map<unknown>): Parts {
  const parts = new Map<string, (readonly [string, unknown])[]>();
  for (const [key, value] of stored.entries()) {
    const prefix = key.slice(0, key.indexOf('/') + 1);
    if (prefix === '' || !PREFIXES.includes(prefix)) continue;
    const list = parts.get(prefix);
    const part = [key.slice(prefix.length), value] as const;
    if (list) list.push(part);
    else parts.set(prefix, [part]);
  }
  return parts;
}

/** Ids that stand on the card with a key for their order; any other value stands in front. */
export function put(parts: readonly (readonly [id: string, value: unknown])[] | undefined): readonly string[] {
  const found: Ordered[] = [];
  for (const [id, value] of parts ?? []) {
    if (isDocumentId(id)) found.push({ id, order: isOrderKey(value) ? value : '' });
  }
  return found.sort(compareSiblings).map((one) => one.id);
}

/** BD12: what a column's rule completed counts while the card stands in that column. */
export function readCompleted(value: unknown, column: string | null): Doing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { by, at, column: only } = value as Record<string, unknown>;
  const time = readTime(at);
  if (!isDocumentId(by) || time === null) return null;
  return only === undefined || only === column ? { by, at: time } : null;
}

function readLinks(id: string, parts: Parts): Links {
  const of = (kind: LinkKind): string[] =>
    (parts.get(`${kind}/`) ?? [])
      .filter(([target, value]) => value === true && target !== id && isDocumentId(target))
      .map(([target]) => target)
      .sort();
  return { blocks: of('blocks'), blockedBy: of('blockedBy'), relates: of('relates'), page: of('page') };
}

function readValues(parts: Parts, { fields }: Definitions): readonly FieldValue[] {
  const plain = new Map(parts.get(FIELD));
  const texts = new Map<string, (readonly [string, unknown])[]>();
  for (const part of parts.get(TEXT) ?? []) {
    const field = part[0].slice(0, part[0].indexOf('/'));
    const list = texts.get(field);
    if (list) list.push(part);
    else texts.set(field, [part]);
  }
  const values: FieldValue[] = [];
  if (plain.size === 0 && texts.size === 0) return values;
  for (const field of fields) {
    const value =
      field.kind === 'text' ? joinedTexts(texts.get(field.id) ?? []) : fittingValue(field, plain.get(field.id));
    if (value !== null && value !== '') values.push({ field: field.id, value });
  }
  return values;
}

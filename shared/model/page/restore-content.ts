// Turns a text or map of a document into what it was in a past copy of the same document, by the smallest change. It knows no pages.
import * as Y from 'yjs';
import { copyType } from './copy.ts';
import { AttributeTable, NO_ATTRIBUTES, sameAttributes, type Attributes } from './fragments.ts';

/** A stretch of one client's clocks that was there, with what stood there. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly item: Y.Item;
  readonly attributes: Attributes;
}

/** What of a text was there in the past, by the ids of its items. */
class PastText {
  readonly #pieces = new Map<number, Piece[]>();

  constructor(text: Y.Text) {
    const table = new AttributeTable();
    let attributes = NO_ATTRIBUTES;
    for (let item = text._start; item !== null; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentFormat) {
        attributes = table.with(attributes, item.content.key, item.content.value);
        continue;
      }
      if (!item.countable) continue;
      const { client, clock } = item.id;
      const list = this.#pieces.get(client) ?? [];
      list.push({ start: clock, end: clock + item.length, item, attributes });
      this.#pieces.set(client, list);
    }
    for (const list of this.#pieces.values()) list.sort((a, b) => a.start - b.start);
  }

  /** The pieces within a range of clocks, and null for what between them was not there. */
  *within(client: number, start: number, end: number): Iterable<{ from: number; to: number; piece: Piece | null }> {
    const list = this.#pieces.get(client) ?? [];
    let at = start;
    for (let index = firstEndingAfter(list, start); index < list.length && at < end; index += 1) {
      const piece = list[index];
      if (!piece || piece.start >= end) break;
      if (piece.start > at) yield { from: at, to: piece.start, piece: null };
      const from = Math.max(at, piece.start);
      at = Math.min(end, piece.end);
      yield { from, to: at, piece };
    }
    if (at < end) yield { from: at, to: end, piece: null };
  }
}

function firstEndingAfter(list: readonly Piece[], clock: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.end ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

type Born = (was: Y.Item, now: unknown) => void;
export type Delta = { retain?: number; delete?: number; insert?: unknown; attributes?: Record<string, unknown> };

/**
 * What stands in both keeps its items; what came since is deleted; what was deleted since is written again at its place. The
 * caller owns the transaction. @param past of another Y.Doc, which holds a past state of the same document. Total.
 * @param onBorn is told of each embedded type that was written again, as it was and as it is.
 */
export function restoreText(current: Y.Text, past: Y.Text, onBorn: Born = () => undefined): void {
  const before = new PastText(past);
  const delta: Delta[] = [];
  const kept: (readonly [now: Y.AbstractType<unknown>, was: Y.AbstractType<unknown>])[] = [];
  const table = new AttributeTable();
  let attributes = NO_ATTRIBUTES;
  for (let item = current._start; item !== null; item = item.right) {
    if (item.content instanceof Y.ContentFormat) {
      if (!item.deleted) attributes = table.with(attributes, item.content.key, item.content.value);
      continue;
    }
    const { client, clock } = item.id;
    for (const { from, to, piece } of before.within(client, clock, clock + item.length)) {
      if (item.deleted) {
        if (piece) delta.push(...insertionsOf(piece, from, to, onBorn));
      } else if (!item.countable) continue;
      else if (!piece) delta.push({ delete: to - from });
      else {
        delta.push({ retain: to - from, ...changeOf(attributes, piece.attributes) });
        const [now, was] = [typeOf(item), typeOf(piece.item)];
        if (now && was) kept.push([now, was]);
      }
    }
  }
  for (const [now, was] of kept) restoreType(now, was);
  while (delta.at(-1)?.retain !== undefined && !delta.at(-1)?.attributes) delta.pop();
  if (delta.length > 0) current.applyDelta(delta, { sanitize: false });
}

/** As restoreText(). @param except keys that are left as they are. */
export function restoreMap(current: Y.Map<unknown>, past: Y.Map<unknown>, except: ReadonlySet<string> = NONE): void {
  for (const key of [...current.keys()]) if (!past.has(key) && !except.has(key)) current.delete(key);
  for (const [key, was] of past) {
    if (except.has(key)) continue;
    const now = current.get(key);
    if (was instanceof Y.AbstractType) {
      if (now instanceof Y.AbstractType && sameItem(now, was)) restoreType(now, was);
      else current.set(key, copyType(was));
    } else if (!sameJson(now, was)) current.set(key, was);
  }
}

const NONE: ReadonlySet<string> = new Set();

function restoreType(now: Y.AbstractType<unknown>, was: Y.AbstractType<unknown>): void {
  if (now instanceof Y.Text && was instanceof Y.Text) restoreText(now, was);
  else if (now instanceof Y.Map && was instanceof Y.Map) restoreMap(now, was, SLOT);
}

/** Where a fragment stands is decided when all markers are there. */
const SLOT: ReadonlySet<string> = new Set(['slot']);

function insertionsOf({ item, start, attributes }: Piece, from: number, to: number, onBorn: Born): Delta[] {
  const marks = { attributes: { ...attributes } };
  const { content } = item;
  if (content instanceof Y.ContentString) return [{ insert: content.str.slice(from - start, to - start), ...marks }];
  if (content instanceof Y.ContentEmbed) return [{ insert: content.embed as object, ...marks }];
  if (!(content instanceof Y.ContentType)) return [];
  const born = copyType(content.type);
  if (!born) return [];
  onBorn(item, born);
  return [{ insert: born, ...marks }];
}

function typeOf(item: Y.Item): Y.AbstractType<unknown> | null {
  return item.content instanceof Y.ContentType ? item.content.type : null;
}

/** The attributes to set so that a stretch has those of the past; none where nothing differs. */
export function changeOf(now: Attributes, was: Attributes): Pick<Delta, 'attributes'> {
  if (sameAttributes(now, was)) return {};
  const attributes: Record<string, unknown> = {};
  for (const name of Object.keys(now)) if (!(name in was)) attributes[name] = null;
  for (const [name, value] of Object.entries(was)) if (!sameJson(now[name], value)) attributes[name] = value;
  return Object.keys(attributes).length > 0 ? { attributes } : {};
}

function sameItem(a: Y.AbstractType<unknown>, b: Y.AbstractType<unknown>): boolean {
  const [one, other] = [a._item?.id, b._item?.id];
  return one !== undefined && one.client === other?.client && one.clock === other.clock;
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

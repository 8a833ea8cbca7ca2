// Where a card is that may have gone from board to board (docs/documents.md, GO1): its maps on one board, how each came and left, and which of them shows. It reads no board whole.
import * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { contentsOf, unseenKeys, type Seen } from '../document/removal.ts';
import type { Doing } from './stored.ts';

/** How often a card has gone from one board to another, and which going that was: of two the later one counts, of two at once the greater id. */
export interface Level {
  readonly n: number;
  /** '' for a card that was made where it stands. */
  readonly id: string;
}

/** A going of a card to another board, as either of the two says it. */
export interface Going extends Level, Doing {}

export interface Arrival extends Going {
  /** A board. */
  readonly from: string;
  /** What stood in the map when it came. */
  readonly seen: Seen;
  /** Who had put it here was told that another map of it shows. */
  readonly heard: boolean;
}

export interface Leaving extends Going {
  /** A board. */
  readonly to: string;
  /** What stood in the map when it left, or of a map that another's going took the place of, when it came. */
  readonly seen: Seen;
  /** It is there: only then the card is not here any more. */
  readonly sure: boolean;
  /** Others had taken the card to another board at the same time, and that holds. */
  readonly over: boolean;
  /** Who had put it here was told. */
  readonly heard: boolean;
}

/** Of a map that holds, one that stands on another board because somebody took the card there at the same time. */
export interface Beaten extends Doing {
  readonly id: string;
  /** A board. */
  readonly to: string;
  readonly heard: boolean;
}

export const CAME = 'came';
export const WENT = 'went/';
export const BEAT = 'beat/';
const BETWEEN = '~';
/** More goings of one card nobody makes; what is said beyond them is not looked at. */
const MOST = 256;
const MOST_TIMES = 1_000_000_000;

/** Keys that say where the card is and nothing of what it says. */
export function isOfPlace(key: string): boolean {
  return key === CAME || key.startsWith(WENT) || key.startsWith(BEAT) || key === 'touched';
}

/** The key of the map of a card that comes by a going. */
export function arrivalKey(card: string, going: string): string {
  return card + BETWEEN + going;
}

/** Of which card the map under a key is; null for a key of another form. */
export function cardOfKey(key: string): { readonly card: string; readonly going: string } | null {
  const at = key.indexOf(BETWEEN);
  if (at < 0) return isDocumentId(key) ? { card: key, going: '' } : null;
  const [card, going] = [key.slice(0, at), key.slice(at + 1)];
  return isDocumentId(card) && isDocumentId(going) ? { card, going } : null;
}

export function isLater(a: Level, b: Level): boolean {
  return a.n === b.n ? a.id > b.id : a.n > b.n;
}

export const MADE_HERE: Level = Object.freeze({ n: 0, id: '' });

/** Total. */
export function readArrival(key: string, stored: Y.Map<unknown>): Arrival | null {
  const going = cardOfKey(key)?.going ?? '';
  if (going === '') return null;
  const said = stored.get(CAME);
  const { from, seen, heard, ...rest } = isObject(said) ? said : {};
  const { n, by, at } = doingOf(rest);
  return {
    id: going,
    n: Math.max(1, n),
    by,
    at,
    from: isDocumentId(from) ? from : '',
    seen: seenOf(seen),
    heard: heard === true,
  };
}

/** Total: what is no leaving is none. */
export function readLeavings(stored: Y.Map<unknown>): readonly Leaving[] {
  const found: Leaving[] = [];
  for (const [key, said] of stored.entries()) {
    if (!key.startsWith(WENT) || found.length >= MOST || !isObject(said)) continue;
    const id = key.slice(WENT.length);
    const { to, seen, sure, over, heard, ...rest } = said;
    const { n, by, at } = doingOf(rest);
    if (!isDocumentId(id) || !isDocumentId(to) || n < 1) continue;
    found.push({
      id,
      n,
      by,
      at,
      to,
      seen: seenOf(seen),
      sure: sure === true,
      over: over === true,
      heard: heard === true,
    });
  }
  return found;
}

/** The last leaving that is sure, if the map came before it. */
export function leftBy(level: Level, leavings: readonly Leaving[]): Leaving | null {
  let last: Leaving | null = null;
  for (const one of leavings) if (one.sure && isLater(one, last ?? level)) last = one;
  return last;
}

export function readBeaten(stored: Y.Map<unknown>): readonly Beaten[] {
  const found: Beaten[] = [];
  for (const [key, said] of stored.entries()) {
    if (!key.startsWith(BEAT) || found.length >= MOST || !isObject(said)) continue;
    const id = key.slice(BEAT.length);
    const { to, heard, ...rest } = said;
    const { by, at } = doingOf(rest);
    if (isDocumentId(id) && isDocumentId(to)) found.push({ id, by, at, to, heard: heard === true });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** How a map of a card came and left. */
export interface Whereabouts {
  readonly came: Arrival | null;
  /** By which it is not here any more. */
  readonly left: Leaving | null;
}

/** One map of a card. */
export interface CardMap extends Whereabouts {
  readonly card: string;
  readonly key: string;
  readonly stored: Y.Map<unknown>;
}

/** Of the maps of one card on one board the one that shows, or null: the card is on another board, or nowhere. Pure, and the same everywhere. */
export function shownOf<T extends Whereabouts>(maps: readonly T[]): T | null {
  let last: T | null = null;
  let leaving: Level | null = null;
  for (const map of maps) {
    if (!last || isLater(map.came ?? MADE_HERE, last.came ?? MADE_HERE)) last = map;
    if (map.left && (!leaving || isLater(map.left, leaving))) leaving = map.left;
  }
  return last && !(leaving && isLater(leaving, last.came ?? MADE_HERE)) ? last : null;
}

/** All readable maps under `cards`, by card. */
export function mapsOfCards(root: Y.Map<unknown>): ReadonlyMap<string, readonly CardMap[]> {
  const found = new Map<string, CardMap[]>();
  for (const [key, stored] of root.entries()) {
    const map = cardMap(key, stored);
    if (!map) continue;
    const known = found.get(map.card);
    if (known) known.push(map);
    else found.set(map.card, [map]);
  }
  return found;
}

/** Cards of which a map came from another board: only they can have several. */
export function cardsThatCame(root: Y.Map<unknown>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const key of root.keys()) if (key.includes(BETWEEN)) found.add(key.slice(0, key.indexOf(BETWEEN)));
  return found;
}

/** The maps of one card. */
export function mapsOf(root: Y.Map<unknown>, card: string): readonly CardMap[] {
  const found: CardMap[] = [];
  const begin = card + BETWEEN;
  for (const key of root.keys()) {
    const map = key === card || key.startsWith(begin) ? cardMap(key, root.get(key)) : null;
    if (map) found.push(map);
  }
  return found;
}

export function cardMap(key: string, stored: unknown): CardMap | null {
  const of = cardOfKey(key);
  if (!of || !(stored instanceof Y.Map)) return null;
  const map = stored as Y.Map<unknown>;
  return { card: of.card, key, stored: map, ...whereaboutsOf(key, map) };
}

export function whereaboutsOf(key: string, stored: Y.Map<unknown>): Whereabouts {
  const came = readArrival(key, stored);
  return { came, left: leftBy(came ?? MADE_HERE, readLeavings(stored)) };
}

/** The map of a card that shows on this board, or undefined. */
export function shownMap(root: Y.Map<unknown>, card: string): Y.Map<unknown> | undefined {
  return shownOf(mapsOf(root, card))?.stored;
}

/** How often a card has gone, as far as this board knows. */
export function timesGone(maps: readonly CardMap[]): number {
  let most = 0;
  for (const { came, stored } of maps) {
    most = Math.max(most, came?.n ?? 0);
    for (const one of readLeavings(stored)) most = Math.max(most, one.n);
  }
  return Math.min(most, MOST_TIMES - 1);
}

/** Keys of a map that does not show in which something stands that did not go along. */
export function lateKeys(stored: Y.Map<unknown>, { came, left }: Whereabouts): readonly string[] {
  const seen = left?.seen ?? came?.seen;
  if (!seen) return [];
  return unseenKeys(stored, seen)
    .filter((key) => !isOfPlace(key) && key !== 'order')
    .sort();
}

/** What stands in a map now. */
export function seenNow(stored: Y.Map<unknown>): Seen {
  return [...contentsOf(stored)];
}

function doingOf({ n, by, at }: Record<string, unknown>): Doing & { readonly n: number } {
  const times = typeof n === 'number' && Number.isInteger(n) ? Math.min(Math.max(n, 0), MOST_TIMES) : 0;
  return { n: times, by: isDocumentId(by) ? by : '', at: readTime(at) ?? 0 };
}

function seenOf(value: unknown): Seen {
  const pairs = Array.isArray(value) ? (value as unknown[]) : [];
  return pairs.filter(
    (pair): pair is [number, number] =>
      Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'number'),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Y.AbstractType);
}

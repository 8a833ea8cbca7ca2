// Maps of a document as plain JSON and back: for copies and files. Total and bounded both ways; what an entry means is not known here, and readers judge it.
import * as Y from 'yjs';
import { isDocumentId } from './meta.ts';

/** JSON; a text that several people may edit is `{$text}`, a map of its own `{$map}`. */
export type PlainValue = unknown;
export type PlainEntry = Readonly<Record<string, PlainValue>>;
/** By id. */
export type PlainEntries = ReadonlyMap<string, PlainEntry>;

/** Maps inside one another that anybody honest writes: a card, its checklist; a post, its versions. */
const DEEPEST_MAP = 3;
/** Values inside one another: what a move knew is the deepest. */
const DEEPEST_JSON = 6;
const LONGEST_KEY = 300;
/** Written with `__proto__` an object would get another prototype instead of a key. */
const NEVER = new Set(['__proto__', 'constructor', 'prototype']);

/** The maps of a root by their ids, without what `isLeft` says of their parts. Types of another kind stay behind. */
export function readEntries(root: Y.Map<unknown>, isLeft: IsLeft = () => false): Map<string, PlainEntry> {
  const found = new Map<string, PlainEntry>();
  for (const [id, stored] of root.entries()) {
    if (!isDocumentId(id) || !(stored instanceof Y.Map) || isLeft(stored as Y.Map<unknown>)) continue;
    found.set(id, entryOf(stored as Y.Map<unknown>, isLeft, 1));
  }
  return found;
}

/** One map. */
export function readEntry(map: Y.Map<unknown>, isLeft: IsLeft = () => false): PlainEntry {
  return entryOf(map, isLeft, 1);
}

/** Asked of every map, and of every key of one: whether it stays behind. */
export type IsLeft = (map: Y.Map<unknown>, key?: string) => boolean;

function entryOf(map: Y.Map<unknown>, isLeft: IsLeft, depth: number): PlainEntry {
  const entry: [string, PlainValue][] = [];
  for (const [key, value] of map.entries()) {
    if (NEVER.has(key) || key.length > LONGEST_KEY || isLeft(map, key)) continue;
    if (value instanceof Y.Text) entry.push([key, { $text: value.toJSON() }]);
    else if (value instanceof Y.Map) {
      const part = value as Y.Map<unknown>;
      if (depth < DEEPEST_MAP && !isLeft(part)) entry.push([key, { $map: entryOf(part, isLeft, depth + 1) }]);
    } else if (!(value instanceof Y.AbstractType) && isJson(value)) entry.push([key, value]);
  }
  return Object.fromEntries(entry);
}

/** Writes one entry under a key and answers its map. The caller owns the transaction. */
export function writeEntry(root: Y.Map<unknown>, key: string, entry: PlainEntry): Y.Map<unknown> {
  const map = mapOf(entry);
  root.set(key, map);
  return map;
}

/** Writes entries under their ids; what stands under one is replaced. The caller owns the transaction. */
export function writeEntries(root: Y.Map<unknown>, entries: PlainEntries): void {
  for (const [id, entry] of entries) root.set(id, mapOf(entry));
}

function mapOf(entry: PlainEntry): Y.Map<unknown> {
  const map = new Y.Map<unknown>();
  for (const [key, value] of Object.entries(entry)) map.set(key, storedValue(value));
  return map;
}

/** What is to be stored for a value as it was read. */
export function storedValue(value: PlainValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { $text, $map } = value as { readonly $text?: unknown; readonly $map?: unknown };
  if (typeof $text === 'string') return new Y.Text($text);
  return typeof $map === 'object' && $map !== null ? mapOf($map as PlainEntry) : value;
}

/** Whether it is what readEntries() could have given for one entry: for what a file says. */
export function isPlainEntry(value: unknown, depth = 1): value is PlainEntry {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([key, one]) => {
    if (NEVER.has(key) || key.length > LONGEST_KEY) return false;
    if (isObject(one) && Object.hasOwn(one, '$map')) return depth < DEEPEST_MAP && isPlainEntry(one['$map'], depth + 1);
    return isJson(one);
  });
}

/** Strings, finite numbers, booleans, null, lists and plain objects of them, not too deep. Iterative. */
export function isJson(value: unknown): boolean {
  const waiting: (readonly [unknown, number])[] = [[value, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [one, depth] = next;
    if (one === null || typeof one === 'string' || typeof one === 'boolean') continue;
    if (typeof one === 'number') {
      if (!Number.isFinite(one)) return false;
      continue;
    }
    if (typeof one !== 'object' || depth >= DEEPEST_JSON) return false;
    if (!Array.isArray(one) && !isObject(one)) return false;
    if (Object.keys(one).some((key) => NEVER.has(key))) return false;
    for (const inside of Object.values(one)) waiting.push([inside, depth + 1]);
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

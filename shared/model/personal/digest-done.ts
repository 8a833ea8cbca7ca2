// What a member is done with of what came while they were away (docs/documents.md, PS16): by what it is about, so that it counts on every device. Others never see it.
import type * as Y from 'yjs';
import { readMeta, readTime } from '../document/meta.ts';
import { digestDoneOf } from '../document/roots.ts';

/** How far each client's writing goes. */
export type DoneClocks = readonly (readonly [client: number, end: number])[];

/** A thing that comes once, or a page, of which more comes later: done as far as it was known then. */
export interface DoneThing {
  readonly key: string;
  /** Null: the thing comes once. */
  readonly clocks: DoneClocks | null;
}

export interface DigestDone {
  has(thing: DoneThing): boolean;
}

const LONGEST_KEY = 500;
/** Entries that are heeded, and clients of one; more are kept. */
const MOST = 20_000;
const MOST_CLIENTS = 2_000;
/** What was done longer ago is of no landing that anybody still looks at. */
const KEPT = 180 * 24 * 60 * 60 * 1000;

/** Total. */
export function readDigestDone(doc: Y.Doc): DigestDone {
  const done = new Map<string, ReadonlyMap<number, number>>();
  if (readMeta(doc)?.kind === 'personal') {
    for (const [key, value] of digestDoneOf(doc).entries()) {
      if (done.size >= MOST) break;
      const entry = key.length <= LONGEST_KEY ? readEntry(value) : null;
      if (entry) done.set(key, entry.clocks);
    }
  }
  return {
    has: ({ key, clocks }) => {
      const known = done.get(key);
      if (!known) return false;
      return clocks?.every(([client, end]) => (known.get(client) ?? 0) >= end) ?? true;
    },
  };
}

/** What is done already is not written; what was done half a year ago is let go of. */
export function markDigestDone(doc: Y.Doc, things: readonly DoneThing[], at: number, origin: unknown = null): void {
  const stored = digestDoneOf(doc);
  const done = readDigestDone(doc);
  const fresh = things.filter((thing) => thing.key.length <= LONGEST_KEY && !done.has(thing));
  if (fresh.length === 0) return;
  doc.transact(() => {
    for (const [key, value] of [...stored.entries()]) {
      const entry = readEntry(value);
      if (entry && entry.at < at - KEPT) stored.delete(key);
    }
    for (const { key, clocks } of fresh)
      stored.set(key, clocks ? { at, clocks: joined(stored.get(key), clocks) } : { at });
  }, origin);
}

/** Not done after all. */
export function unmarkDigestDone(doc: Y.Doc, keys: readonly string[], origin: unknown = null): void {
  const stored = digestDoneOf(doc);
  doc.transact(() => {
    for (const key of keys) if (stored.has(key)) stored.delete(key);
  }, origin);
}

function joined(before: unknown, clocks: DoneClocks): [number, number][] {
  const ends = new Map(readEntry(before)?.clocks ?? []);
  for (const [client, end] of clocks) ends.set(client, Math.max(end, ends.get(client) ?? 0));
  return [...ends];
}

function readEntry(value: unknown): { readonly at: number; readonly clocks: ReadonlyMap<number, number> } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { at, clocks } = value as { at?: unknown; clocks?: unknown };
  const time = readTime(at);
  if (time === null) return null;
  const ends = new Map<number, number>();
  for (const pair of Array.isArray(clocks) ? (clocks as unknown[]).slice(0, MOST_CLIENTS) : []) {
    const [client, end]: unknown[] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (isClock(client) && isClock(end)) ends.set(client, end);
  }
  return { at: time, clocks: ends };
}

function isClock(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

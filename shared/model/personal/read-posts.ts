// Which posts of a thread a member has read (docs/documents.md, PS6): by device of theirs and posting device, as ranges of numbers. Others never see it.
import type * as Y from 'yjs';
import { isDeviceId, isDocumentId, readMeta } from '../document/meta.ts';
import { readPostsOf } from '../document/roots.ts';

/** A post as its device counted it. */
export interface Numbered {
  readonly device: string | null;
  /** 1 and up; 0 where it is missing. */
  readonly number: number;
}

/** From the first to the last number, both read. */
type Range = readonly [first: number, last: number];
type Ranges = ReadonlyMap<string, readonly Range[]>;

interface Entry {
  /** How often "unread from here" was said before it was written. */
  readonly mark: number;
  readonly read: Ranges;
}

export interface ReadPosts {
  /** One that nobody numbered cannot be told from others, and counts as read: it would stay unread for ever. */
  has(post: Numbered): boolean;
  /** How many of the numbers from `first` to `last` of a device were read. */
  countIn(device: string, first: number, last: number): number;
  /** By posting device, as `readPostsFrom` takes them again. */
  readonly ranges: ReadonlyMap<string, readonly (readonly [first: number, last: number])[]>;
  /** Nothing of this thread was read on any device. */
  readonly none: boolean;
}

/** Devices that post in one thread, and ranges of one of them, that are kept; beyond that the oldest gaps count as read. */
const MOST_DEVICES = 5_000;
const MOST_RANGES = 200;
const HIGHEST = 1_000_000_000;

/** What any of the member's devices has read of a thread since the last "unread from here". Total. */
export function readReadPosts(doc: Y.Doc, thread: string): ReadPosts {
  return asRead(unionOf(doc, thread).read);
}

/** The same of every thread at once, by thread. */
export function readAllReadPosts(doc: Y.Doc): ReadonlyMap<string, ReadPosts> {
  return new Map([...unions(doc)].map(([thread, { read }]) => [thread, asRead(read)]));
}

function asRead(read: Ranges): ReadPosts {
  return {
    none: read.size === 0,
    ranges: read,
    countIn(device, first, last) {
      let count = 0;
      for (const [from, to] of read.get(device) ?? []) {
        count += Math.max(0, Math.min(to, last) - Math.max(from, first) + 1);
      }
      return count;
    },
    has({ device, number }) {
      if (device === null || number < 1) return true;
      return (read.get(device) ?? []).some(([first, last]) => first <= number && number <= last);
    },
  };
}

/** What was read, given as ranges: at the other end of a call. */
export function readPostsFrom(ranges: Iterable<readonly [string, readonly (readonly [number, number])[]]>): ReadPosts {
  return asRead(new Map(ranges));
}

/** These were on screen. What was read already writes nothing. */
export function markPostsRead(
  doc: Y.Doc,
  place: { readonly device: string; readonly thread: string },
  posts: readonly Numbered[],
  origin: unknown = null,
): void {
  const { mark, read } = unionOf(doc, place.thread);
  const known = asRead(read);
  const news = posts.filter((post) => !known.has(post));
  if (news.length === 0) return;
  doc.transact(() => write(doc, place, { mark, read: withPosts(read, news) }), origin);
}

/** What was read of a thread in the space that it came from, where nothing is said of it in its new one. */
export function bringRead(
  doc: Y.Doc,
  place: { readonly device: string; readonly thread: string },
  { ranges }: ReadPosts,
  origin: unknown = null,
): void {
  const { read } = unionOf(doc, place.thread);
  if (read.size === 0 && ranges.size > 0) doc.transact(() => write(doc, place, { mark: 0, read: ranges }), origin);
}

/** "Unread from here": of everything that was read only `posts` still are. It wins over what any device said before. */
export function markUnreadBut(
  doc: Y.Doc,
  place: { readonly device: string; readonly thread: string },
  posts: readonly Numbered[],
  origin: unknown = null,
): void {
  const { mark } = unionOf(doc, place.thread);
  doc.transact(() => write(doc, place, { mark: mark + 1, read: withPosts(new Map(), posts) }), origin);
}

function unionOf(doc: Y.Doc, thread: string): Entry {
  return unions(doc, thread).get(thread) ?? { mark: 0, read: new Map() };
}

/** By thread, what the devices with its highest mark have read together. */
function unions(doc: Y.Doc, only?: string): ReadonlyMap<string, Entry> {
  const found = new Map<string, { mark: number; read: Map<string, readonly Range[]> }>();
  if (readMeta(doc)?.kind !== 'personal') return found;
  for (const [key, value] of readPostsOf(doc)) {
    const thread = key.slice(key.indexOf('/') + 1);
    if (!isDocumentId(thread) || (only !== undefined && thread !== only)) continue;
    const entry = readEntry(value);
    const known = found.get(thread);
    if (!entry || (known && entry.mark < known.mark)) continue;
    const union = known?.mark === entry.mark ? known : { mark: entry.mark, read: new Map<string, readonly Range[]>() };
    for (const [device, ranges] of entry.read) {
      union.read.set(device, joined([...(union.read.get(device) ?? []), ...ranges]));
    }
    found.set(thread, union);
  }
  return found;
}

function readEntry(value: unknown): Entry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { mark, read } = value as { mark?: unknown; read?: unknown };
  if (typeof read !== 'object' || read === null) return null;
  const found = new Map<string, readonly Range[]>();
  for (const [device, ranges] of Object.entries(read).slice(0, MOST_DEVICES)) {
    if (isDeviceId(device) && Array.isArray(ranges))
      found.set(device, joined((ranges as unknown[]).flatMap(readRange)));
  }
  return { mark: isCount(mark) ? mark : 0, read: found };
}

function readRange(value: unknown): Range[] {
  if (!Array.isArray(value)) return [];
  const [first, last] = value as unknown[];
  return isCount(first) && isCount(last) && first <= last ? [[first, last]] : [];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= HIGHEST;
}

/** Sorted, and those that touch as one. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const whole: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = whole.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else whole.push([first, last]);
  }
  while (whole.length > MOST_RANGES) whole.splice(0, 2, [whole[0]?.[0] ?? 0, whole[1]?.[1] ?? 0]);
  return whole;
}

function withPosts(read: Ranges, posts: readonly Numbered[]): Ranges {
  const added = new Map<string, Range[]>();
  for (const { device, number } of posts) {
    if (device === null || number < 1) continue;
    const ranges = added.get(device);
    if (ranges) ranges.push([number, number]);
    else added.set(device, [[number, number]]);
  }
  const both = new Map(read);
  for (const [device, ranges] of added) both.set(device, joined([...(read.get(device) ?? []), ...ranges]));
  return both;
}

function write(
  doc: Y.Doc,
  { device, thread }: { readonly device: string; readonly thread: string },
  entry: Entry,
): void {
  const read = Object.fromEntries(
    [...entry.read].map(([posting, ranges]) => [posting, ranges.map((range) => [...range])]),
  );
  readPostsOf(doc).set(`${device}/${thread}`, { mark: entry.mark, read });
}

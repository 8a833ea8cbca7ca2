// What a member did about the entries of their inbox (docs/documents.md, PS13): by the thing that an entry is of. Others never see it; what entries there are it does not know.
import type * as Y from 'yjs';
import { readMeta, readTime } from '../document/meta.ts';
import { inboxOf } from '../document/roots.ts';

/** How far something goes that has many parts: one past the last clock or number, by Yjs client or by posting device. */
export type Cover = Readonly<Record<string, number>>;

export interface InboxMark {
  readonly state: 'new' | 'done' | 'snoozed';
  /** Of what is snoozed. */
  readonly until: number | null;
  /** When it was said, by the clock of whoever said it. */
  readonly at: number;
  /** Of a thing that goes on: what of it was meant. Null: all of it. */
  readonly cover: Cover | null;
}

export interface InboxMarks {
  readonly of: ReadonlyMap<string, InboxMark>;
  /** What is older than this, by the time in its document, counts as done: marks of it were let go of. */
  readonly floor: number;
}

export const NO_INBOX_MARKS: InboxMarks = { of: new Map(), floor: 0 };

const FLOOR = 'floor';
const OF = 'of/';
const LONGEST_KEY = 400;
/** Marks that are kept; beyond that the oldest go, and the floor rises. */
const MOST = 2_000;
/** How many go at once, so that not every mark of a full document writes as many. */
const AT_ONCE = 200;
const MOST_READ = 20_000;
const MOST_COVERED = 400;

/** Total. */
export function readInboxMarks(doc: Y.Doc): InboxMarks {
  if (readMeta(doc)?.kind !== 'personal') return NO_INBOX_MARKS;
  const of = new Map<string, InboxMark>();
  let looked = 0;
  for (const [key, value] of inboxOf(doc).entries()) {
    looked += 1;
    if (looked > MOST_READ) break;
    const mark = key.startsWith(OF) && key.length <= LONGEST_KEY ? readMark(value) : null;
    if (mark) of.set(key.slice(OF.length), mark);
  }
  return { of, floor: readTime(inboxOf(doc).get(FLOOR)) ?? 0 };
}

/** @param mark null: nothing is said of it any more. @param seenAt the time in the document of what it is about. */
export function setInboxMark(doc: Y.Doc, thing: string, mark: InboxMark | null, origin: unknown = null): void {
  const key = OF + thing;
  if (key.length > LONGEST_KEY) return;
  const marks = inboxOf(doc);
  if (mark === null && !marks.has(key)) return;
  doc.transact(() => {
    if (mark === null) marks.delete(key);
    else
      marks.set(key, {
        state: mark.state,
        until: mark.until,
        at: mark.at,
        ...(mark.cover ? { cover: mark.cover } : {}),
      });
    prune(doc);
  }, origin);
}

/** The marks that were made first go, and what is older than the last of them counts as done. */
function prune(doc: Y.Doc): void {
  const marks = inboxOf(doc);
  if (marks.size <= MOST) return;
  const read = readInboxMarks(doc);
  const old = [...read.of].filter(([, { state }]) => state === 'done').sort(([, a], [, b]) => a.at - b.at);
  let floor = read.floor;
  for (const [thing, { at }] of old.slice(0, AT_ONCE)) {
    marks.delete(OF + thing);
    floor = Math.max(floor, at);
  }
  if (floor > read.floor) marks.set(FLOOR, floor);
}

function readMark(value: unknown): InboxMark | null {
  if (typeof value !== 'object' || value === null) return null;
  const { state, until, at, cover } = value as Readonly<Record<string, unknown>>;
  if (state !== 'new' && state !== 'done' && state !== 'snoozed') return null;
  return { state, until: readTime(until), at: readTime(at) ?? 0, cover: readCover(cover) };
}

function readCover(value: unknown): Cover | null {
  if (typeof value !== 'object' || value === null) return null;
  const found: Record<string, number> = {};
  for (const [key, end] of Object.entries(value).slice(0, MOST_COVERED)) {
    if (key.length <= 64 && Number.isSafeInteger(end) && Number(end) >= 0) found[key] = Number(end);
  }
  return found;
}

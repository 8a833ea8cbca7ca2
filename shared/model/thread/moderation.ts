// What a thread's managers do about posts, and what members tell them (docs/documents.md, TH11, TH13). It takes nothing away: the words stay stored.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { marksOf, postsOf, reportsOf } from '../document/roots.ts';
import type { Doing } from '../properties/read.ts';
import { shortLine } from '../properties/tag.ts';
import { readDoing } from './facts.ts';
import type { Post } from './posts.ts';
import { postIn } from './write-posts.ts';

export interface Hiding extends Doing {
  readonly reason: string;
}

export interface PostMarks {
  /** Posts that a manager hid, by id. */
  readonly hidden: ReadonlyMap<string, Hiding>;
  /** Posts that were taken into a thread of their own: that thread, by post. */
  readonly split: ReadonlyMap<string, string>;
  /** The same of those that were edited here without knowing of it, or after it: they stand here as well, with these words. */
  readonly apart: ReadonlyMap<string, string>;
}

export interface Report extends Hiding {
  readonly post: string;
}

/** Code units of a reason. */
export const LONGEST_WHY = 500;
const HIDDEN = 'hidden/';
const SPLIT = 'split/';
/** The version that went along, by post. */
const TAKEN = 'taken/';

/** Total: what is no mark is left out. @param posts of the document. */
export function readMarks(doc: Y.Doc, posts: readonly Post[]): PostMarks {
  const hidden = new Map<string, Hiding>();
  const split = new Map<string, string>();
  const apart = new Map<string, string>();
  for (const [key, value] of marksOf(doc).entries()) {
    if (key.startsWith(HIDDEN)) {
      const hiding = readHiding(value);
      if (hiding) hidden.set(key.slice(HIDDEN.length), hiding);
    } else if (key.startsWith(SPLIT) && isDocumentId(value)) split.set(key.slice(SPLIT.length), value);
  }
  for (const { id, versions } of split.size > 0 ? posts : []) {
    const [thread, taken] = [split.get(id), marksOf(doc).get(TAKEN + id)];
    if (thread === undefined || typeof taken !== 'string' || versions.at(-1)?.id === taken) continue;
    split.delete(id);
    apart.set(id, thread);
  }
  return { hidden, split, apart };
}

function readHiding(value: unknown): Hiding | null {
  const doing = readDoing(value);
  if (!doing) return null;
  const { reason } = value as { reason?: unknown };
  return { ...doing, reason: typeof reason === 'string' ? shortLine(reason, LONGEST_WHY) : '' };
}

export function hidePost(doc: Y.Doc, post: string, hiding: Hiding, origin: unknown = null): void {
  doc.transact(() => {
    postIn(postsOf(doc), post);
    marksOf(doc).set(`${HIDDEN}${post}`, stored(hiding));
  }, origin);
}

export function showPost(doc: Y.Doc, post: string, origin: unknown = null): void {
  doc.transact(() => removeKey(marksOf(doc), `${HIDDEN}${post}`), origin);
}

/**
 * @param thread where the post stands now; null takes it back.
 * @param version the newest one that went along; without it no later one is told from it.
 */
export function markSplit(
  doc: Y.Doc,
  post: string,
  thread: string | null,
  version: string | null = null,
  origin: unknown = null,
): void {
  doc.transact(() => {
    postIn(postsOf(doc), post);
    for (const [key, value] of [
      [SPLIT + post, thread],
      [TAKEN + post, thread && version],
    ] as const) {
      if (value === null) removeKey(marksOf(doc), key);
      else marksOf(doc).set(key, value);
    }
  }, origin);
}

/** Tells the managers of a post; of several by one member the newest counts. */
export function reportPost(doc: Y.Doc, { post, ...report }: Report, origin: unknown = null): void {
  doc.transact(() => {
    postIn(postsOf(doc), post);
    reportsOf(doc).set(`${post}/${report.by}`, stored(report));
  }, origin);
}

/** Every report of a post is dealt with. */
export function dismissReports(doc: Y.Doc, post: string, origin: unknown = null): void {
  doc.transact(() => {
    for (const key of [...reportsOf(doc).keys()]) if (key.startsWith(`${post}/`)) reportsOf(doc).delete(key);
  }, origin);
}

/** Oldest first. Total. A report counts as of the member in its key, whatever its value says. */
export function readReports(doc: Y.Doc): readonly Report[] {
  const reports: Report[] = [];
  for (const [key, value] of reportsOf(doc).entries()) {
    const [post, by, ...more] = key.split('/');
    const report = readHiding(value);
    if (report && isDocumentId(post) && isDocumentId(by) && more.length === 0) reports.push({ ...report, post, by });
  }
  return reports.sort((a, b) => a.at - b.at || (a.post + a.by < b.post + b.by ? -1 : 1));
}

function stored({ by, at, reason }: Hiding): Readonly<Record<string, unknown>> {
  return { by, at: readTime(at) ?? 0, reason: shortLine(reason, LONGEST_WHY) };
}

function removeKey(map: Y.Map<unknown>, key: string): void {
  if (map.has(key)) map.delete(key);
}

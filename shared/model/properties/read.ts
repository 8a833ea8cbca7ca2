// What people say of a page beside its text (docs/documents.md, PP1 to PP5), read so that nothing a peer wrote can hurt.
import type * as Y from 'yjs';
import { isDocumentId, readTime } from '../document/meta.ts';
import { metaOf } from '../document/roots.ts';
import { isDay } from './day.ts';
import { shortLine, tagOf, type Tag } from './tag.ts';

/** Code units of a status. */
export const LONGEST_STATUS = 50;
/** Tags of one page that are shown; more are kept. */
export const MOST_TAGS = 50;
/** Months between reviews where none is said, and at most. */
export const REVIEW_MONTHS = 6;
export const MOST_MONTHS = 120;
export const TAG_PREFIX = 'tag/';

/** Who did something, and when by their clock. */
export interface Doing {
  readonly by: string;
  readonly at: number;
}

export interface Properties {
  /** Member id. */
  readonly owner: string | null;
  /** Sorted by what tells them apart. */
  readonly tags: readonly string[];
  /** Free words; '' for none. */
  readonly status: string;
  /** A day. */
  readonly reviewBy: string | null;
  readonly reviewMonths: number;
  readonly reviewed: Doing | null;
  readonly template: boolean;
  readonly locked: Doing | null;
}

export const NO_PROPERTIES: Properties = Object.freeze({
  owner: null,
  tags: Object.freeze([]),
  status: '',
  reviewBy: null,
  reviewMonths: REVIEW_MONTHS,
  reviewed: null,
  template: false,
  locked: null,
});

export function readProperties(doc: Y.Doc): Properties {
  const meta = metaOf(doc);
  const owner = meta.get('owner');
  const status = meta.get('status');
  const reviewBy = meta.get('reviewBy');
  const months = meta.get('reviewMonths');
  return {
    owner: isDocumentId(owner) ? owner : null,
    tags: readTags(meta).map(({ name }) => name),
    status: typeof status === 'string' ? shortLine(status, LONGEST_STATUS) : '',
    reviewBy: isDay(reviewBy) ? reviewBy : null,
    reviewMonths: isMonths(months) ? months : REVIEW_MONTHS,
    reviewed: readDoing(meta.get('reviewed')),
    template: meta.get('template') === true,
    locked: readDoing(meta.get('locked')),
  };
}

/** PP2: each tag is a key of its own, so that two people who add one each add both. */
export function readTags(meta: Y.Map<unknown>): readonly Tag[] {
  const tags: Tag[] = [];
  for (const [name, value] of meta.entries()) {
    if (!name.startsWith(TAG_PREFIX)) continue;
    const key = name.slice(TAG_PREFIX.length);
    const written = typeof value === 'string' ? tagOf(value) : null;
    const tag = written?.key === key ? written : tagOf(key);
    if (tag?.key === key) tags.push(tag);
  }
  return tags.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, MOST_TAGS);
}

export function isMonths(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_MONTHS;
}

/** `{by, at}`, or null for anything else. */
export function readDoing(value: unknown): Doing | null {
  if (typeof value !== 'object' || value === null) return null;
  const { by, at } = value as Record<string, unknown>;
  const time = readTime(at);
  return isDocumentId(by) && time !== null ? { by, at: time } : null;
}

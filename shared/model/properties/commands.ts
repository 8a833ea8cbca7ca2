// What can be said of a page beside its text: owner, tags, status, review, template, lock. One transaction each; no command reads a clock.
import type * as Y from 'yjs';
import { metaOf } from '../document/roots.ts';
import { afterMonths } from './day.ts';
import {
  LONGEST_STATUS,
  readProperties,
  readTags,
  REVIEW_MONTHS,
  TAG_PREFIX,
  type Doing,
  type Properties,
} from './read.ts';
import { shortLine, tagOf } from './tag.ts';

/** Writes what differs: null, '' and false take the key away. */
function put(meta: Y.Map<unknown>, key: string, value: string | number | boolean | null): void {
  if (value === null || value === '' || value === false) {
    if (meta.has(key)) meta.delete(key);
  } else if (meta.get(key) !== value) meta.set(key, value);
}

export function setOwner(doc: Y.Doc, member: string | null, origin: unknown = null): void {
  doc.transact(() => put(metaOf(doc), 'owner', member), origin);
}

export function setStatus(doc: Y.Doc, status: string, origin: unknown = null): void {
  doc.transact(() => put(metaOf(doc), 'status', shortLine(status, LONGEST_STATUS)), origin);
}

/** False: there is no tag in the text. The spelling that was written last is the one that shows. */
export function addTag(doc: Y.Doc, text: string, origin: unknown = null): boolean {
  const tag = tagOf(text);
  if (!tag) return false;
  doc.transact(() => put(metaOf(doc), TAG_PREFIX + tag.key, tag.name), origin);
  return true;
}

export function removeTag(doc: Y.Doc, text: string, origin: unknown = null): void {
  const tag = tagOf(text);
  if (tag) doc.transact(() => put(metaOf(doc), TAG_PREFIX + tag.key, null), origin);
}

/** `months`: how far "reviewed" moves the day on; left out, it stays. */
export function setReview(doc: Y.Doc, day: string | null, months?: number, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    put(meta, 'reviewBy', day);
    if (months !== undefined) put(meta, 'reviewMonths', months === REVIEW_MONTHS ? null : months);
  }, origin);
}

/** Says who looked and when, and moves the day on from `today`. */
export function markReviewed(doc: Y.Doc, doing: Doing, today: string, origin: unknown = null): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    meta.set('reviewed', { by: doing.by, at: doing.at });
    put(meta, 'reviewBy', afterMonths(today, readProperties(doc).reviewMonths));
  }, origin);
}

export function setTemplate(doc: Y.Doc, template: boolean, origin: unknown = null): void {
  doc.transact(() => put(metaOf(doc), 'template', template), origin);
}

/** PP4: a word among writers, not a right: who may write may unlock. */
export function lockPage(doc: Y.Doc, doing: Doing, origin: unknown = null): void {
  doc.transact(() => metaOf(doc).set('locked', { by: doing.by, at: doing.at }), origin);
}

export function unlockPage(doc: Y.Doc, origin: unknown = null): void {
  doc.transact(() => put(metaOf(doc), 'locked', null), origin);
}

/** Makes the page say these of itself, writing only what differs. Reviews and locks are doings, and are not carried over. */
export function writeProperties(
  doc: Y.Doc,
  wanted: Partial<Pick<Properties, 'owner' | 'tags' | 'status' | 'reviewBy' | 'reviewMonths' | 'template'>>,
  origin: unknown = null,
): void {
  doc.transact(() => {
    const meta = metaOf(doc);
    if (wanted.owner !== undefined) setOwner(doc, wanted.owner);
    if (wanted.status !== undefined) setStatus(doc, wanted.status);
    if (wanted.reviewBy !== undefined) setReview(doc, wanted.reviewBy, wanted.reviewMonths);
    if (wanted.template !== undefined) setTemplate(doc, wanted.template);
    if (wanted.tags === undefined) return;
    const tags = new Map(wanted.tags.flatMap((text) => tagOf(text) ?? []).map((tag) => [tag.key, tag.name]));
    for (const { key } of readTags(meta)) if (!tags.has(key)) put(meta, TAG_PREFIX + key, null);
    for (const [key, name] of tags) put(meta, TAG_PREFIX + key, name);
  }, origin);
}

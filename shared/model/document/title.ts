// A title: one line in a Y.Text, read safely and changed by the smallest edit so that two renames both survive. Cards and
// columns have such lines as well; where a line stands is not here.
import type * as Y from 'yjs';
import { titleOf } from './roots.ts';

/** Longer titles are cut when shown and refused when given. UTF-16 code units. */
export const LONGEST_TITLE = 2_000;

/** Line breaks and control characters become spaces; the ends are left alone, because people type them. */
export function asOneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ');
}

/** The title as one line of at most LONGEST_TITLE code units, never ending in half a character. */
export function readTitle(doc: Y.Doc): string {
  return readLine(titleOf(doc));
}

/** Any text as such a line. */
export function readLine(text: Y.Text): string {
  return cutLine(text.toString());
}

/** A string as such a line. */
export function cutLine(text: string): string {
  const whole = asOneLine(text);
  if (whole.length <= LONGEST_TITLE) return whole;
  const cut = whole.slice(0, LONGEST_TITLE);
  return isHighSurrogate(cut, cut.length - 1) ? cut.slice(0, -1) : cut;
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff;
}

/**
 * Makes the title `next` by replacing only what differs between the common start and the common end: the words that
 * somebody else types at the same moment stay. The caller owns the transaction.
 */
export function rewriteTitle(doc: Y.Doc, next: string): void {
  rewriteLine(titleOf(doc), next);
}

/** The same for any line. */
export function rewriteLine(text: Y.Text, next: string): void {
  const before = text.toString();
  const after = asOneLine(next);
  if (before === after) return;
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  if (start > 0 && isHighSurrogate(before, start - 1)) start -= 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (end > 0 && isHighSurrogate(before, before.length - end - 1)) end -= 1;
  const removed = before.length - start - end;
  if (removed > 0) text.delete(start, removed);
  const added = after.slice(start, after.length - end);
  if (added !== '') text.insert(start, added);
}

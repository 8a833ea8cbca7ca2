// What a status is called: the few with names of their own, and any other as people wrote it. Pure.
import { LONGEST_STATUS } from './read.ts';
import { shortLine } from './tag.ts';

/** As stored, and as people read it. */
export const STATUSES: Readonly<Record<string, string>> = Object.freeze({
  draft: 'Draft',
  review: 'In review',
  current: 'Current',
  outdated: 'Outdated',
});

export function statusWords(status: string): string {
  return Object.hasOwn(STATUSES, status) ? (STATUSES[status] ?? status) : status;
}

/** What is stored for words that were typed or read. */
export function statusOf(words: string): string {
  const line = shortLine(words, LONGEST_STATUS);
  const wanted = line.toLowerCase();
  const known = Object.entries(STATUSES).find(([id, name]) => id === wanted || name.toLowerCase() === wanted);
  return known?.[0] ?? line;
}

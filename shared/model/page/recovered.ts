// Words that are put back on a page after a deletion that did not know of them swallowed them (docs/documents.md, PG13): what was put back, and how. It finds none itself.
import type * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { bodyOf, recoveredOf } from '../document/roots.ts';
import type { TextKind } from './block.ts';
import { markerOf } from './fragments.ts';
import { createMarker, isTextKind } from './marker.ts';
import { storedContent } from './stored-content.ts';

/** Clocks of one client: words that are meant. */
export type WordRange = readonly [client: number, start: number, end: number];

/** Beyond these no honest program writes. */
const MOST_ENTRIES = 5_000;
const MOST_RANGES = 20_000;

export interface Recovering {
  /** Nothing of it is in the text: new blocks, a line each. Else the words stand in another block, and get one of their own. */
  readonly lines: readonly string[] | null;
  /** The item of the block that they stood in; or, of words that stand in another block, their first. */
  readonly at: readonly [client: number, clock: number];
  /** What the new block is; a paragraph where that has no text. */
  readonly kind: string;
  readonly words: readonly WordRange[];
  readonly by: string;
  readonly time: number;
}

/** The words that were put back, by whom ever. Total. */
export function readReturned(doc: Y.Doc): readonly WordRange[] {
  const found: WordRange[] = [];
  let entries = 0;
  for (const value of recoveredOf(doc).values()) {
    if ((entries += 1) > MOST_ENTRIES || found.length > MOST_RANGES) break;
    if (typeof value === 'object' && value !== null) found.push(...readRanges((value as { words?: unknown }).words));
  }
  return found;
}

/** What of a stored list are ranges of clocks. Total. */
export function readRanges(value: unknown): readonly WordRange[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_RANGES).filter((range): range is WordRange => {
    if (!Array.isArray(range) || range.length !== 3) return false;
    const [client, start, end] = range as readonly unknown[];
    return isClock(client) && isClock(start) && isClock(end) && start < end;
  });
}

/** Whether all of the words are among others. */
export function areAmong(words: readonly WordRange[], others: readonly WordRange[]): boolean {
  return words.every(([client, start, end]) => {
    const theirs = others.filter((one) => one[0] === client).sort((a, b) => a[1] - b[1]);
    let reached = start;
    for (const [, from, to] of theirs) {
      if (from > reached) break;
      reached = Math.max(reached, to);
    }
    return reached >= end;
  });
}

/**
 * Puts words back where their block stood, behind what is there now, or at the end where that is not known any more. One
 * transaction. Answers the id of the (first) block; null where the words to set apart are not in the text: nothing is written then.
 */
export function recoverWords(doc: Y.Doc, given: Recovering, origin: unknown): string | null {
  const body = bodyOf(doc);
  let id: string | null = null;
  doc.transact(() => {
    const kind: TextKind = isTextKind(given.kind) && given.kind !== 'code' ? given.kind : 'paragraph';
    if (given.lines) {
      const delta: { insert: string | object; attributes: Record<string, unknown> }[] = [];
      for (const line of given.lines) {
        const own = randomId();
        id ??= own;
        delta.push({ insert: createMarker({ id: own, kind }), attributes: {} });
        for (const { insert, attributes } of storedContent([{ type: 'text', text: line, marks: {} }]))
          delta.push({ insert, attributes: { ...attributes } });
      }
      const index = behindGone(body, given.at);
      body.applyDelta(index > 0 ? [{ retain: index }, ...delta] : delta, { sanitize: false });
    } else {
      const index = indexOf(body, given.at);
      if (index === null) return;
      id = randomId();
      body.insertEmbed(index, createMarker({ id, kind }), {});
    }
    recoveredOf(doc).set(randomId(), { by: given.by, at: given.time, words: given.words });
  }, origin);
  return id;
}

/** Behind everything up to the next marker after a deleted item; the end where it is not known. */
function behindGone(body: Y.Text, gone: Recovering['at']): number {
  let index = 0;
  let passed = false;
  for (let item = body._start; item !== null; item = item.right) {
    if (covers(item, gone)) passed = true;
    else if (passed && markerOf(item)) return index;
    if (!item.deleted && item.countable) index += item.length;
  }
  return index;
}

function indexOf(body: Y.Text, at: Recovering['at']): number | null {
  let index = 0;
  for (let item = body._start; item !== null; item = item.right) {
    if (covers(item, at)) return item.deleted ? null : index + at[1] - item.id.clock;
    if (!item.deleted && item.countable) index += item.length;
  }
  return null;
}

function covers({ id, length }: Y.Item, [client, clock]: Recovering['at']): boolean {
  return id.client === client && id.clock <= clock && clock < id.clock + length;
}

function isClock(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

// Putting swallowed words back, and what was put back or let go of, read without trust.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bodyOf, dismissedOf, recoveredOf } from '../document/roots.ts';
import { dismissWords, readDismissed } from '../personal/dismissed.ts';
import { createPersonal } from '../personal/personal.ts';
import { plainText, readBlocks } from './read.ts';
import { areAmong, readReturned, recoverWords, type Recovering } from './recovered.ts';
import { appendBlocks } from './write.ts';

const WORDS: Recovering['words'] = [
  [7, 3, 9],
  [7, 12, 14],
];

function page(): { readonly doc: Y.Doc; readonly table: readonly [number, number] } {
  const doc = new Y.Doc();
  const text = (words: string) => ({
    type: 'text' as const,
    kind: 'paragraph' as const,
    content: [{ type: 'text' as const, text: words, marks: {} }],
  });
  const table = { header: false, columns: [{}], rows: [[[]]] };
  appendBlocks(bodyOf(doc), [text('One'), { type: 'atom', kind: 'table', props: { table } }, text('Two')]);
  const [, , marker] = (bodyOf(doc).toDelta() as { insert: Y.Map<unknown> }[]).map(({ insert }) => insert);
  const { client, clock } = marker!._item!.id;
  bodyOf(doc).delete(4, 1);
  return { doc, table: [client, clock] };
}

function lost(at: Recovering['at'], lines = ['Shaft', '9 Nm']): Recovering {
  return { lines, at, kind: 'table', words: WORDS, by: 'bo', time: 5 };
}

describe('[PG13]', () => {
  test('words come back where their block stood, a line a paragraph, and are known to be back', () => {
    const { doc, table } = page();
    const id = recoverWords(doc, lost(table), null);
    const blocks = readBlocks(bodyOf(doc));
    expect(plainText(blocks)).toBe('One\nShaft\n9 Nm\nTwo');
    expect(blocks[1]!.id).toBe(id);
    expect(readReturned(doc)).toEqual(WORDS);
    expect(areAmong([[7, 4, 9]], readReturned(doc))).toBe(true);
    expect(areAmong([[7, 4, 13]], readReturned(doc))).toBe(false);
  });

  test('at the end where the place is not known any more', () => {
    const { doc } = page();
    recoverWords(doc, lost([999, 1], ['Shaft']), null);
    expect(plainText(readBlocks(bodyOf(doc)))).toBe('One\nTwo\nShaft');
  });

  test('words to set apart that are gone: nothing is written', () => {
    const { doc, table } = page();
    const before = Y.encodeStateVector(doc);
    expect(recoverWords(doc, { ...lost(table), lines: null }, null)).toBeNull();
    expect(Y.encodeStateVector(doc)).toEqual(before);
  });

  test('what a peer wrote there is read as far as it is ranges of clocks', () => {
    const { doc } = page();
    const map = recoveredOf(doc);
    map.set('a', 7);
    map.set('b', { words: [[1, 2], [1, 5, 3], ['1', 2, 3], [1, 2, 3], [-1, 0, 1], null] });
    map.set('c', { words: 'all' });
    map.set('d', new Y.Map());
    expect(readReturned(doc)).toEqual([[1, 2, 3]]);
  });
});

test('[PS4] words that were let go of are so for their document, until that is taken back', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'bo', createdAt: 1 });
  dismissWords(doc, 'page-one', WORDS, true);
  dismissWords(doc, 'page-two', [[1, 0, 1]], true);
  dismissedOf(doc).set('page-one/bad', 'all of it');
  expect(readDismissed(doc, 'page-one')).toEqual(WORDS);
  dismissWords(doc, 'page-one', WORDS, false);
  expect(readDismissed(doc, 'page-one')).toEqual([]);
  expect(readDismissed(new Y.Doc(), 'page-two')).toEqual([]);
});

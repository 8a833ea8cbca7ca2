// Words that went aside in several steps become one passage: no word yields to emptiness, and a deletion that was meant stays.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { besideWords, joinedWords, readWords } from './joined-words.ts';
import { readStructs } from './struct-lists.ts';
import { split } from './transplant.ts';

/** Structs of client 1 without content. */
const emptied = (clock: number, length: number, deleted = false): Uint8Array =>
  Uint8Array.from([1, 1, 1, clock, 0, length, ...(deleted ? [1, 1, 1, clock, length] : [0])]);

function typed(words: string): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 1;
  for (const letter of words) doc.getText('body').insert(doc.getText('body').length, letter);
  return doc;
}

function textOf(update: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  expect(doc.store.pendingStructs).toBeNull();
  return doc.getText('body').toString();
}

describe('[FC3] words that went aside one after the other', () => {
  test('words fill what stands empty, whichever came first and however it is cut', () => {
    const words = Y.encodeStateAsUpdate(typed('abcd'));
    expect(textOf(joinedWords(emptied(1, 2), words))).toBe('abcd');
    expect(textOf(joinedWords(words, emptied(1, 6)))).toBe('abcd');
    const begin = Y.encodeStateAsUpdate(typed('a'));
    expect(textOf(joinedWords(joinedWords(begin, emptied(1, 1)), words))).toBe('abcd');
  });

  test('of two words under one clock the first named counts, wherever the pieces of the other begin', () => {
    const other = new Y.Doc();
    other.clientID = 1;
    other.getText('body').insert(0, 'XXXX');
    const [words, theirs] = [Y.encodeStateAsUpdate(typed('abc')), Y.encodeStateAsUpdate(other)];
    expect(textOf(joinedWords(words, theirs))).toBe('abcX');
    expect(textOf(joinedWords(theirs, words))).toBe('XXXX');
  });

  test('what was deleted expressly stays deleted, by whichever of the two', () => {
    const doc = typed('abc');
    const words = Y.encodeStateAsUpdate(doc);
    doc.getText('body').delete(1, 1);
    const deleted = Y.encodeStateAsUpdate(doc);
    expect(textOf(joinedWords(words, deleted))).toBe('ac');
    expect(textOf(joinedWords(deleted, words))).toBe('ac');
    // Unless it is of what others brought in the place of these words: only what stands behind them is deleted with it.
    expect(textOf(joinedWords(words, besideWords(deleted, words)))).toBe('abc');
    const begin = Y.encodeStateAsUpdate(typed('a'));
    expect(textOf(joinedWords(begin, besideWords(deleted, begin)))).toBe('ac');
    expect(readWords(emptied(0, 3)).deletes.clients.size).toBe(0);
    expect(readWords(emptied(0, 3, true)).deletes.covers(1, { start: 0, end: 3 })).toBe(true);
  });
});

describe('[FC7] words of one client that went away in several steps', () => {
  test('each clock goes where it went first, and they stand behind each other as they did', () => {
    const moved = new Map([
      [
        1,
        [
          { cut: 1, fresh: 8 },
          { cut: 3, fresh: 9 },
        ],
      ],
    ]);
    const { kept, taken } = split(readStructs([Y.encodeStateAsUpdate(typed('abcde'))]), moved);
    expect(textOf(kept)).toBe('a');
    expect([...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(taken!))]).toEqual(
      expect.arrayContaining([
        [8, 2],
        [9, 2],
      ]),
    );
    expect(textOf(Y.mergeUpdates([kept, taken!]))).toBe('abcde');
  });
});

// Shows that merging in groups gives the same document as Yjs gives, in whatever order writers came in between.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Fifo } from '../base/fifo.ts';
import { mergeUpdates } from './merge-updates.ts';

function edits(count: number): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc({ gc: false });
  const other = new Y.Doc({ gc: false });
  const updates: Uint8Array[] = [];
  for (const one of [doc, other]) {
    one.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'from the other') return;
      updates.push(update);
      Y.applyUpdate(one === doc ? other : doc, update, 'from the other');
    });
  }
  for (let at = 0; at < count; at += 1) {
    const text = (at % 3 === 0 ? other : doc).getText('body');
    if (at % 7 === 6) text.delete(Math.floor(text.length / 2), 1);
    else text.insert((at * 13) % (text.length + 1), `w${at} `);
  }
  return { doc, updates };
}

describe('mergeUpdates', () => {
  it.each([1, 2, 31, 32, 33, 1_000, 1_100])('[HU8] merges %i updates into one that holds all of them', (count) => {
    const { doc, updates } = edits(count);
    const [first, ...others] = updates;
    const merged = new Y.Doc({ gc: false });
    Y.applyUpdate(merged, mergeUpdates([first!, ...others]));
    expect(merged.getText('body').toJSON()).toBe(doc.getText('body').toJSON());
    expect(Y.encodeStateVector(merged)).toEqual(Y.encodeStateVector(doc));
    expect(merged.store.pendingStructs).toBeNull();
  });
});

describe('Fifo', () => {
  it('keeps the order however it is filled and emptied', () => {
    const fifo = new Fifo<number>();
    const taken: number[] = [];
    for (let at = 0; at < 10_000; at += 1) {
      fifo.push(at);
      if (at % 5 === 4) taken.push(...fifo.take(at % 2 === 0 ? 3 : 6));
      if (fifo.length > 0) expect(fifo.at(0)).toBe(taken.length);
    }
    taken.push(...fifo.take(20_000));
    expect(taken).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
    expect([fifo.length, fifo.at(0), fifo.take(1)]).toEqual([0, undefined, []]);
  });
});

// Shows that an update with its letters as one struct again is the same document with the same clocks and deletions, and that merging one is not fooled.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { compactUpdates } from './compaction.ts';
import { condenseUpdate } from './condense-update.ts';
import { joinUpdates } from './join-updates.ts';
import { encodeStateVector } from './knowledge.ts';
import { RoomBytes } from './room-bytes.ts';

const LETTERS = ['a', 'ß', '世', '👍', ' '];

/** Three writers who type letter by letter, now and then hear of each other, and mark, delete and set values in between. */
function typed(steps: readonly number[]): readonly Uint8Array[] {
  const updates: Uint8Array[] = [];
  const carets = [0, 0, 0];
  const docs = carets.map((_, at) => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = 30 - at;
    doc.on('update', (update: Uint8Array, origin: unknown) => void (origin === 'other' || updates.push(update)));
    return doc;
  });
  for (const step of steps) {
    const at = step % docs.length;
    const doc = docs[at]!;
    const text = doc.getText('body');
    const caret = Math.min(carets[at]!, text.length);
    carets[at] = caret;
    if (step % 19 === 7) for (const other of docs) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'other');
    else if (step % 13 === 4) carets[at] = step % (text.length + 1);
    else if (step % 11 === 3) text.format(0, text.length, { bold: step % 2 === 0 });
    else if (step % 17 === 5) doc.getMap('meta').set('title', step);
    else if (step % 23 === 6) text.insertEmbed(caret, new Y.Map());
    else if (step % 7 === 2 && caret > 0) text.delete((carets[at] = caret - 1), 1);
    else {
      const letter = LETTERS[step % LETTERS.length]!;
      text.insert(caret, letter);
      carets[at] = caret + letter.length;
    }
  }
  return updates;
}

function built(updates: readonly Uint8Array[], gc = true): Y.Doc {
  const doc = new Y.Doc({ gc });
  doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
  return doc;
}

const steps = fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 150 });

describe('condenseUpdate', () => {
  it('[HU8] comes to the document that its letters came to, in every clock, origin and deletion', () => {
    fc.assert(
      fc.property(steps, (one) => {
        const updates = typed(one);
        const joined = joinUpdates(updates);
        if (!joined) return;
        const condensed = condenseUpdate(joined)!;
        expect(condensed.length).toBeLessThanOrEqual(joined.length);
        for (const gc of [true, false]) {
          expect(Y.encodeStateAsUpdate(built([condensed], gc))).toEqual(Y.encodeStateAsUpdate(built(updates, gc)));
        }
        // Whoever has some of it already takes the rest out of the runs.
        const some = updates.slice(0, updates.length >> 1);
        expect(Y.encodeStateAsUpdate(built([...some, condensed]))).toEqual(Y.encodeStateAsUpdate(built(updates)));
        expect(condenseUpdate(condensed)).toEqual(condensed);
      }),
    );
  });

  it('[HU8] makes one struct of what was typed in one go, however many letters came in between from others', () => {
    const docs = [new Y.Doc(), new Y.Doc()];
    const updates: Uint8Array[] = [];
    docs.forEach((doc, at) => {
      doc.clientID = at + 1;
      doc.on('update', (update: Uint8Array, origin: unknown) => void (origin === 'other' || updates.push(update)));
    });
    // Each types a word of 500 letters without having heard of the other's.
    for (let letter = 0; letter < 500; letter += 1) for (const doc of docs) doc.getText('body').insert(letter, 'x');
    const condensed = condenseUpdate(joinUpdates(updates)!)!;
    expect(Y.decodeUpdate(condensed).structs.map(({ length }) => length)).toEqual([500, 500]);
  });

  it('[HU6] is total: bytes that are cut off or changed give null or an update, and nothing is thrown', () => {
    const joined = joinUpdates(typed(Array.from({ length: 80 }, (_, at) => at * 7)))!;
    for (let at = 0; at < joined.length; at += 1) {
      expect(() => condenseUpdate(joined.subarray(0, at))).not.toThrow();
      const changed = joined.slice();
      changed[at] = changed[at]! ^ (1 << (at % 8));
      expect(() => condenseUpdate(changed)).not.toThrow();
    }
    expect(condenseUpdate(new Uint8Array([1, 1, 5, 0, 10, 3, 0]))).toBeNull();
  });

  it('[HU8] texts that somebody put into a map take each other’s place there, and are merged as they came', () => {
    // No editor writes this; as one struct, the first letter would not be deleted by the second any more.
    const head = [1, 1, 7, 0, 4 | 32, 1, 1, 109, 1, 107, 1, 97, 0];
    const next = [1, 1, 7, 1, 4 | 128, 7, 0, 1, 98, 0];
    const updates = [head, next].map((bytes) => new Uint8Array(bytes));
    // The second does not say that it is an entry of a map; it is one all the same, as is what it follows.
    const third = new Uint8Array([1, 1, 7, 2, 4 | 128, 7, 1, 1, 99, 0]);
    const all = [...updates, third];
    const merged = compactUpdates(all, encodeStateVector(new Map([[7, 3]])));
    expect(merged.kind === 'merged' && merged.state.update).toEqual(Y.encodeStateAsUpdate(built(all)));
    expect(merged.kind === 'merged' && merged.state.deleteSet).toEqual(new Uint8Array([1, 7, 1, 0, 2]));
  });

  it('[HU8] merging a document that was typed letter by letter builds a struct for each run', () => {
    // 260,000 letters of a paper were a document of as many structs, which took longer than a second and 100 MB.
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const text = doc.getText('body');
    for (let letter = 0; letter < 3_000; letter += 1) text.insert(letter % 30 === 0 ? 0 : letter % 30, 'x');
    let asked = 0;
    const merged = compactUpdates(
      updates,
      new RoomBytes({ state: null, tail: updates, first: 0, number: 1 }).stateVector(),
      () => {
        asked += 1;
        return false;
      },
    );
    expect(merged.kind === 'merged' && merged.state.update).toEqual(Y.encodeStateAsUpdate(doc));
    // Each struct asks a handful of times; letter by letter it was more than 10,000 times.
    expect(asked).toBeLessThan(1_500);
  });
});

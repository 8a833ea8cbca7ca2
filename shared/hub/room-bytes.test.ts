// A difference means the same wherever it was cut, and whatever was merged meanwhile: all that has no content here is deleted in it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { compactUpdates } from './compaction.ts';
import type { StoredRoom } from './doc-store.ts';
import { encodeStateVector, Knowledge } from './knowledge.ts';
import { RoomBytes } from './room-bytes.ts';
import { readUpdateFacts } from './update-facts.ts';

const AUTHOR = 7;

/** What a hub stored of an author who wrote step by step, with clocks among it that somebody had emptied before the words came. */
function written(steps: readonly number[]): readonly Uint8Array[] {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = AUTHOR;
  const stored: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => {
    const [struct] = Y.decodeUpdate(update).structs;
    const known = Y.decodeStateVector(Y.encodeStateVector(hub)).get(AUTHOR) ?? 0;
    if (struct && known < 100 && steps[known % steps.length]! % 5 === 0) {
      const forgery = Uint8Array.from([1, 1, AUTHOR, known, 0, 1 + (steps[0]! % 7), 0]);
      stored.push(forgery);
      Y.applyUpdate(hub, forgery);
    }
    const rest = Y.diffUpdate(update, Y.encodeStateVector(hub));
    if (readUpdateFacts(rest)?.structs.size === 0 && readUpdateFacts(rest)?.deletes.size === 0) return;
    stored.push(rest);
    Y.applyUpdate(hub, rest);
  });
  const hub = new Y.Doc({ gc: false });
  for (const step of steps) {
    const text = doc.getText('body');
    if (step % 4 === 3 && text.length > 0) text.delete(step % text.length, 1);
    else text.insert(step % (text.length + 1), 'wor'.slice(0, 1 + (step % 3)));
  }
  return stored;
}

/** The same room with nothing merged, some of it, or all of it. */
function stages(stored: readonly Uint8Array[]): readonly StoredRoom[] {
  const merged = (updates: readonly Uint8Array[]): StoredRoom['state'] => {
    const known = new Knowledge();
    for (const update of updates) known.add(readUpdateFacts(update)!);
    const compaction = compactUpdates(updates, encodeStateVector(known.clocks));
    expect(compaction.kind).toBe('merged');
    return compaction.kind === 'merged' ? compaction.state : null;
  };
  const half = Math.ceil(stored.length / 2);
  return [
    { state: null, tail: stored, first: 0, number: 1 },
    { state: merged(stored.slice(0, half)), tail: stored.slice(half), first: half, number: 1 },
    { state: merged(stored), tail: [], first: stored.length, number: 1 },
  ];
}

const steps = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 30 });

describe('[HU7] a difference', () => {
  test('names every clock without content, deleted or empty, from whichever clock on it is made and whatever was merged', () => {
    let [cut, empty] = [0, 0];
    fc.assert(
      fc.property(steps, fc.nat(), (one, from) => {
        const stored = written(one);
        for (const room of stages(stored)) {
          const bytes = new RoomBytes(room);
          const has = 1 + (from % (bytes.clocks.get(AUTHOR) ?? 1));
          const difference = readUpdateFacts(bytes.diff(encodeStateVector(new Map([[AUTHOR, has]]))))!;
          expect(difference.deletes).toEqual(new Map(bytes.readKnowledge().deletes.clients));
          const [first] = difference.structs.get(AUTHOR) ?? [];
          if (first) {
            expect(first.start).toBe(has);
            cut += 1;
            if (first.empty) empty += 1;
          }
        }
      }),
    );
    expect([cut > 50, empty > 10]).toEqual([true, true]);
  });

  // A window's word was empty at its host. Where the empty struct reached further than what the window had, or the window lacked
  // something else, nobody told it; it showed the word beside the one that was put back.
  test.each([
    { reaches: 2, lacks: false },
    { reaches: 2, lacks: true },
    { reaches: 5, lacks: false },
    { reaches: 5, lacks: true },
  ])('leaves nobody with a word that is empty here (to clock $reaches, another word: $lacks)', ({ reaches, lacks }) => {
    const author = new Y.Doc();
    author.clientID = AUTHOR;
    author.getText('body').insert(0, 'ab');
    const other = new Y.Doc();
    other.clientID = 3;
    other.getText('body').insert(0, 'other');
    const stored = [
      Uint8Array.from([1, 1, AUTHOR, 0, 0, reaches, 0]),
      ...(lacks ? [Y.encodeStateAsUpdate(other)] : []),
    ];
    for (const room of stages(stored)) {
      const window = new Y.Doc();
      Y.applyUpdate(window, Y.encodeStateAsUpdate(author));
      Y.applyUpdate(window, new RoomBytes(room).diff(Y.encodeStateVector(window)));
      expect(window.getText('body').toJSON()).toBe(lacks ? 'other' : '');
    }
  });
});

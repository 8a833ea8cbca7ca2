// Shows that a document cut down to some roots shows them exactly as the whole one does, whoever edited and whatever came.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { keepRoots } from './keep-roots.ts';

const ROOTS = new Set(['meta', 'title']);

function headOf(updates: readonly Uint8Array[]): { meta: unknown; title: string; pending: boolean; clocks: unknown } {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  const meta = Object.fromEntries([...doc.getMap('meta')].filter(([, value]) => !(value instanceof Y.AbstractType)));
  return {
    meta,
    title: doc.getText('title').toString(),
    pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
    clocks: [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(),
  };
}

/** Whatever `doc` is made of, for the updates in which it came. */
function expectSameHead(updates: readonly Uint8Array[]): void {
  const heads = keepRoots(updates, ROOTS);
  expect(heads).not.toBeNull();
  expect(headOf(heads ?? [])).toEqual(headOf(updates));
}

describe('updates cut down to roots', () => {
  it('keeps title and meta of a long page, in a fraction of its bytes', () => {
    const doc = new Y.Doc();
    doc.getText('title').insert(0, 'Ausrüstung 🛰️ 会議');
    doc.getMap('meta').set('kind', 'page');
    for (let at = 0; at < 300; at += 1) {
      const marker = new Y.Map();
      marker.set('kind', at);
      doc.getText('body').insertEmbed(0, marker);
      doc.getText('body').insert(1, 'some words 🛰️ of a block', { bold: true });
    }
    doc.getText('title').insert(3, '…', { bold: true });
    doc.getText('body').delete(100, 900);
    const update = Y.encodeStateAsUpdate(doc);
    const heads = keepRoots([update], ROOTS) ?? [];
    expectSameHead([update]);
    expect(heads[0]?.length).toBeLessThan(update.length / 5);
    expect(headOf(heads).title).toBe(doc.getText('title').toString());
  });

  it('is the same as the whole for random edits of several people, one by one, merged, and collected', () => {
    const edit = fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 9 }), fc.nat({ max: 40 }), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 60 }),
        fc.array(fc.nat({ max: 60 }), { maxLength: 8 }),
        (edits, syncs) => {
          const docs = [1, 2, 3].map((id) => Object.assign(new Y.Doc(), { clientID: id * 1_000 }));
          const told: Uint8Array[] = [];
          for (const doc of docs) doc.on('update', (update: Uint8Array) => told.push(update));
          edits.forEach(([who, what, at, text], step) => {
            const doc = docs[who]!;
            const title = doc.getText('title');
            const body = doc.getText('body');
            if (what < 2) title.insert(at % (title.length + 1), text);
            else if (what === 2) title.delete(0, Math.min(title.length, at % 5));
            else if (what === 3) doc.getMap('meta').set(`key${at % 3}`, { value: [text, at] });
            else if (what === 4) doc.getMap('meta').delete(`key${at % 3}`);
            else if (what === 5) doc.getMap('meta').set(`key${at % 3}`, new Y.Map([[text, at]]));
            else if (what === 6) body.insertEmbed(at % (body.length + 1), new Y.Map([[text, new Y.Text(text)]]));
            else if (what === 7) body.delete(0, Math.min(body.length, at));
            else body.insert(at % (body.length + 1), text);
            if (!syncs.includes(step)) return;
            const [from, to] = [docs[at % 3]!, docs[step % 3]!];
            Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
          });
          for (const doc of docs) Y.applyUpdate(docs[0]!, Y.encodeStateAsUpdate(doc));
          const state = Y.encodeStateAsUpdate(docs[0]!);
          expectSameHead([state]);
          expectSameHead(told);
          expectSameHead([...told, state].reverse());
          expectSameHead(told.length > 0 ? [Y.mergeUpdates(told)] : []);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes whatever bytes: null or updates, never a throw; a forged circle stands nowhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        keepRoots([bytes], ROOTS);
      }),
    );
    // One client, two structs, each said to stand beside the other.
    const circle = Uint8Array.of(1, 2, 5, 0, 0x84, 5, 1, 1, 97, 0x84, 5, 0, 1, 98, 0);
    expect(keepRoots([circle], ROOTS)).toEqual([Uint8Array.of(1, 1, 5, 0, 0, 2, 0)]);
    expect(keepRoots([Uint8Array.of(9)], ROOTS)).toBeNull();
  });
});

// Words under forged clocks are taken out and written again under another id: in their place, with what builds on them.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { firstDifference } from './struct-difference.ts';
import { readStructs, writeUpdate } from './struct-lists.ts';
import { closeOver, split } from './transplant.ts';

function docOf(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

function author(client: number, from?: Y.Doc): Y.Doc {
  const doc = new Y.Doc();
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  doc.clientID = client;
  return doc;
}

const whole = (doc: Y.Doc): ReturnType<typeof readStructs> => readStructs([Y.encodeStateAsUpdate(doc)]);

describe('[FC1] what is read is written again', () => {
  test('texts, maps, embeds, deletions and collected structs come out the same', () => {
    const doc = author(1);
    const text = doc.getText('body');
    text.insert(0, 'one two three', { bold: true });
    text.insertEmbed(3, { image: 1 });
    text.delete(1, 2);
    doc.getMap('meta').set('kind', 'page');
    const inner = new Y.Map<unknown>();
    doc.getMap('meta').set('inner', inner);
    inner.set('a', [1, null, { b: 2 }]);
    const { structs, deletes } = whole(doc);
    const again = docOf(writeUpdate(structs, deletes));
    expect(again.getText('body').toDelta()).toEqual(text.toDelta());
    expect(again.getMap('meta').toJSON()).toEqual(doc.getMap('meta').toJSON());
    expect(Y.encodeStateVector(again)).toEqual(Y.encodeStateVector(doc));
  });
});

describe('[FC2] two meanings of one clock', () => {
  const compare = (ours: Y.Doc, theirs: Y.Doc, empty: 'same' | 'differs' = 'differs'): number | null =>
    firstDifference(1, whole(ours).structs, whole(theirs).structs, whole(ours).deletes, empty);

  test('the same words, however they are cut, do not differ', () => {
    const [a, b] = [author(1), new Y.Doc()];
    const updates: Uint8Array[] = [];
    a.on('update', (update: Uint8Array) => updates.push(update));
    for (const letter of 'words') a.getText('body').insert(a.getText('body').length, letter);
    for (const update of updates) Y.applyUpdate(b, update);
    const pieces = readStructs(updates);
    expect(firstDifference(1, pieces.structs, whole(b).structs, pieces.deletes, 'differs')).toBeNull();
    expect(compare(a, b)).toBeNull();
  });

  test('other words, the same words elsewhere, and nothing differ from the clock at which they begin', () => {
    const ours = author(1);
    ours.getText('body').insert(0, 'abc');
    ours.getText('body').insert(3, 'def');
    const other = author(1);
    other.getText('body').insert(0, 'abXdef');
    expect(compare(ours, other)).toBe(0);
    const same = author(1);
    same.getText('body').insert(0, 'abc');
    same.getText('body').insert(0, 'def');
    expect(compare(ours, same)).toBe(3);
    const empty = docOf(Uint8Array.of(1, 1, 1, 0, 0, 6, 0));
    expect(compare(ours, empty)).toBe(0);
    expect(compare(ours, empty, 'same')).toBeNull();
  });

  test('what this end deleted has nothing left to differ', () => {
    const ours = author(1);
    ours.getText('body').insert(0, 'abc');
    ours.getText('body').delete(0, 3);
    const other = author(1);
    other.getText('body').insert(0, 'xyz');
    expect(compare(ours, other)).toBeNull();
  });
});

describe('[FC3] taken out and written again', () => {
  test('the words come back in their place under the fresh id, with the deletions and what was written inside them', () => {
    const bo = author(2);
    bo.getText('body').insert(0, 'Hello world');
    const ana = author(1, bo);
    ana.getText('body').insert(5, ' kept');
    ana.getText('body').insert(10, ', my dear');
    ana.getText('body').delete(10, 1);
    const guest = author(3, ana);
    guest.getText('body').insert(12, 'REALLY ');
    const all = whole(guest);
    const cut = closeOver(all.structs, new Map([[1, 5]]));
    expect([...cut]).toEqual([
      [1, 5],
      [3, 0],
    ]);
    const moved = new Map([...cut].map(([client, at]) => [client, [{ cut: at, fresh: client + 100 }]]));
    const { kept, taken, text } = split(all, moved);
    const rest = docOf(kept);
    expect(rest.getText('body').toString()).toBe('Hello kept world');
    expect(rest.store.pendingStructs).toBeNull();
    expect(text.split('\n').map((line) => line.trim())).toEqual(['REALLY', 'my dear']);
    // Somebody else's structs take the clocks: the words are not touched by them.
    const forged = Uint8Array.of(1, 1, 1, 5, 0, 40, 0);
    const back = docOf(kept, forged, taken!, taken!);
    expect(back.getText('body').toString()).toBe(guest.getText('body').toString());
    expect(back.store.pendingStructs).toBeNull();
  });

  test('map entries, nested types and embeds are taken out whole', () => {
    const ana = author(1);
    ana.getMap('meta').set('kind', 'board');
    const card = new Y.Map<unknown>();
    ana.getMap('cards').set('a', card);
    card.set('title', 'Ship it');
    const all = whole(ana);
    const { kept, taken } = split(all, new Map([[1, [{ cut: 1, fresh: 9 }]]]));
    expect(docOf(kept).getMap('cards').toJSON()).toEqual({});
    expect(docOf(kept, taken!).getMap('cards').toJSON()).toEqual({ a: { title: 'Ship it' } });
  });

  test('nothing behind the cut: nothing is taken', () => {
    const ana = author(1);
    ana.getText('body').insert(0, 'abc');
    expect(split(whole(ana), new Map([[1, [{ cut: 3, fresh: 9 }]]])).taken).toBeNull();
  });
});

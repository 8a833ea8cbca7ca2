// Saved views: what they hold, two people apart, and whatever a peer may have written.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { viewsOf } from '../document/roots.ts';
import { changeBoard } from './copy.ts';
import { PLAIN_LOOK, readLook, sameLook, type BoardLook } from './look.ts';
import { readPlainBoard, writePlainBoard } from './plain.ts';
import { readBoard } from './read.ts';
import {
  addView,
  MOST_VIEWS,
  ownViews,
  readViews,
  removeView,
  renameView,
  restoreView,
  saveView,
  sharedViews,
} from './views.ts';

const overdue: BoardLook = { ...PLAIN_LOOK, view: 'table', filter: { ...PLAIN_LOOK.filter, due: ['overdue'] } };
const mine: BoardLook = { ...PLAIN_LOOK, lanes: 'person', filter: { ...PLAIN_LOOK.filter, members: ['ana', ''] } };
const doing = { by: 'ana', at: 7 };

function twin(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}
function meet(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  expect(readBoard(a).views).toEqual(readBoard(b).views);
}

test('[B7] [BD23] a view keeps view, lanes, filter and table under a name; saved, renamed, deleted and brought back', () => {
  const doc = new Y.Doc();
  const shelf = sharedViews(doc);
  const late = addView(shelf, { name: 'Late\ncards ', look: overdue });
  const ana = addView(shelf, { name: 'Ana', look: mine });
  expect(readBoard(doc).views.map(({ name, look }) => [name, look])).toEqual([
    ['Late cards', overdue],
    ['Ana', mine],
  ]);
  saveView(shelf, late, mine);
  renameView(shelf, late, 'Mine');
  removeView(shelf, ana, doing);
  expect(readViews(shelf).map(({ name, look }) => [name, look])).toEqual([['Mine', mine]]);
  restoreView(shelf, ana);
  const bytes = Y.encodeStateAsUpdate(doc);
  saveView(shelf, late, { ...mine });
  renameView(shelf, late, 'Mine');
  expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
  expect(() => renameView(shelf, late, '  ')).toThrow('1 to 100');
  expect(() => saveView(shelf, 'gone', mine)).toThrow('not on the board');
  for (let at = 2; at < MOST_VIEWS; at += 1) addView(shelf, { name: `v${String(at)}`, look: mine });
  expect(() => addView(shelf, { name: 'more', look: mine })).toThrow('Nothing was saved');
});

test('[B7] [BD23] two who save or rename one view apart: one is heard, whole; deleted here and changed there it is kept, until it is saved again', () => {
  const ana = new Y.Doc();
  const id = addView(sharedViews(ana), { name: 'Sprint', look: PLAIN_LOOK });
  const bo = twin(ana);
  saveView(sharedViews(ana), id, overdue);
  saveView(sharedViews(bo), id, mine);
  renameView(sharedViews(ana), id, 'This week');
  renameView(sharedViews(bo), id, 'Next week');
  meet(ana, bo);
  const [both] = readBoard(ana).views;
  expect([overdue, mine].some((look) => sameLook(look, both!.look))).toBe(true);
  expect(['This week', 'Next week']).toContain(both!.name);

  removeView(sharedViews(ana), id, doing);
  saveView(sharedViews(bo), id, { ...PLAIN_LOOK, view: 'calendar' });
  meet(ana, bo);
  expect(readBoard(ana).views).toMatchObject([{ look: { view: 'calendar' }, removal: { kind: 'overtaken' } }]);
  saveView(sharedViews(ana), id, mine);
  expect(readBoard(ana).views).toMatchObject([{ removal: { kind: 'none' } }]);
});

test('[BD23] what a newer version says in a view is passed over and kept; its name is one line of at most 100 signs', () => {
  const doc = new Y.Doc();
  const id = addView(sharedViews(doc), { name: 'Newer', look: mine });
  const stored = viewsOf(doc).get(id) as Y.Map<unknown>;
  const look = { ...mine, view: 'map', zoom: 3, filter: { ...mine.filter, due: ['soon', 'never'], cost: { over: 5 } } };
  stored.set('look', look);
  stored.set('name', 'x\n'.repeat(200));
  const [read] = readBoard(doc).views;
  expect(read!.look).toEqual({ ...mine, filter: { ...mine.filter, due: ['soon'] } });
  expect(read!.name).toHaveLength(100);
  saveView(sharedViews(doc), id, overdue);
  expect(stored.get('look')).toMatchObject({
    view: 'table',
    zoom: 3,
    filter: { due: ['overdue', 'never'], cost: { over: 5 } },
  });
});

test('[B7] [PS5] my own views of one board stand beside those of others in a document of mine', () => {
  const doc = new Y.Doc();
  addView(ownViews(doc, 'one'), { name: 'Mine', look: mine });
  addView(ownViews(doc, 'two'), { name: 'Other', look: overdue });
  expect(readViews(ownViews(doc, 'one')).map(({ name }) => name)).toEqual(['Mine']);
  expect(readViews(ownViews(doc, 'tw'))).toEqual([]);
});

test('[BD18] [BD21] a copy of a board has its views, and the people in their filters go along', () => {
  const doc = new Y.Doc();
  addView(sharedViews(doc), { name: 'Ana', look: mine });
  removeView(sharedViews(doc), addView(sharedViews(doc), { name: 'Gone', look: mine }), doing);
  const copy = new Y.Doc();
  writePlainBoard(copy, changeBoard(readPlainBoard(doc), { ids: new Map(), member: (id) => `new-${id}` }));
  expect(readBoard(copy).views.map(({ name, look }) => [name, look.filter.members])).toEqual([
    ['Ana', ['new-ana', '']],
  ]);
});

test('[BD23] whatever stands there is read, and looking writes nothing', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true }), fc.anything({ withBigInt: true }), (name, look) => {
      expect(readLook(look)).toEqual(readLook(readLook(look)));
      const doc = new Y.Doc();
      const stored = new Y.Map<unknown>();
      viewsOf(doc).set('hostile', stored);
      viewsOf(doc).set('no map', 5);
      for (const [key, value] of [
        ['name', name],
        ['look', look],
      ] as const) {
        try {
          stored.set(key, value);
        } catch {
          continue; // Yjs stores no such thing.
        }
      }
      const before = Y.encodeStateVector(doc);
      expect(readBoard(doc).views).toHaveLength(1);
      expect(Y.encodeStateVector(doc)).toEqual(before);
      saveView(sharedViews(doc), 'hostile', overdue);
      expect(readBoard(doc).views[0]!.look).toEqual(overdue);
    }),
  );
});

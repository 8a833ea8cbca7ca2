// A board apart and together: moves, removals, equal keys, and whatever a peer may have written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { cardsOf, columnsOf, fieldsOf, labelsOf } from '../document/roots.ts';
import * as cards from './card-commands.ts';
import { cardsIn } from './card-commands.ts';
import * as details from './card-details.ts';
import * as columnCommands from './column-commands.ts';
import { readLate } from './late-words.ts';
import { readBoard, type Board } from './read.ts';
import { readGoings, settleGoings } from './settle-goings.ts';

const BY = { createdBy: 'ana', createdAt: 5 };
const board = { ...cards, ...details, ...columnCommands };
const REMOVING = { at: 9, by: 'bo' };

function started(): Y.Doc {
  const doc = new Y.Doc();
  for (const name of ['todo', 'doing', 'done']) board.addColumn(doc, { id: name, name });
  for (const id of ['c1', 'c2', 'c3']) board.addCard(doc, { id, title: `Card ${id}`, column: 'todo', ...BY });
  return doc;
}
function twin(doc: Y.Doc): Y.Doc {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}
function meet(a: Y.Doc, b: Y.Doc): Board {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
  expect(readBoard(b)).toEqual(readBoard(a));
  return readBoard(a);
}
const lists = (view: Board): Record<string, string[]> => ({
  ...Object.fromEntries(view.columns.map((column) => [column.id, column.cards.map((card) => card.id)])),
  unsorted: view.unsorted.map((card) => card.id),
  restored: view.restored.map((card) => card.id),
});

describe('board', () => {
  it('[BD1] [BD2] [BD3] holds columns and cards in the order they were put', () => {
    const doc = started();
    board.addCard(doc, { id: 'c0', title: 'First\nline', column: 'todo', after: null, ...BY });
    board.moveCard(doc, 'c3', { column: 'todo', after: 'c1' }, REMOVING);
    board.moveCard(doc, 'c2', { column: 'done' }, { by: 'ana', at: 6 });
    board.moveColumn(doc, 'done', null);
    board.renameColumn(doc, 'doing', 'In progress');
    board.renameCard(doc, 'c1', 'Card one');
    board.setCardDue(doc, 'c1', 77);
    board.archiveCard(doc, 'c3', 8);
    const view = readBoard(doc);
    expect(view.columns.map(({ id, name }) => [id, name])).toEqual([
      ['done', 'done'],
      ['todo', 'todo'],
      ['doing', 'In progress'],
    ]);
    expect(lists(view)).toMatchObject({ done: ['c2'], todo: ['c0', 'c1'], doing: [] });
    expect(view.columns[1]!.cards[0]).toMatchObject({ title: 'First line', createdBy: 'ana', createdAt: 5 });
    expect(view.columns[1]!.cards[1]).toMatchObject({ title: 'Card one', due: 77 });
    expect(view.archived.map(({ id, archivedAt }) => [id, archivedAt])).toEqual([['c3', 8]]);
    board.unarchiveCard(doc, 'c3');
    expect(lists(readBoard(doc))).toMatchObject({ todo: ['c0', 'c1', 'c3'] });
  });

  it('[BD1] reading writes nothing, and a command that changes nothing writes nothing', () => {
    const empty = new Y.Doc();
    expect(readBoard(empty).columns).toEqual([]);
    expect(Y.encodeStateAsUpdate(empty)).toEqual(new Uint8Array([0, 0]));
    const doc = started();
    const bytes = Y.encodeStateAsUpdate(doc);
    board.renameCard(doc, 'c1', 'Card c1');
    board.setCardDue(doc, 'c1', null);
    board.unarchiveCard(doc, 'c1');
    board.restoreCard(doc, 'c1');
    readBoard(doc);
    expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
    expect(() => board.renameCard(doc, 'gone', 'x')).toThrow('not on the board');
    expect(() => board.addCard(doc, { id: 'c1', title: '', column: 'todo', ...BY })).toThrow('already has');
    expect(() => board.moveCard(doc, 'c1', { column: 'gone' }, { by: 'ana', at: 6 })).toThrow('choose another');
    expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
  });

  it('[BD4] [B16] a card moved by two people apart is one card, in the same column for both', () => {
    const ana = started();
    const bo = twin(ana);
    board.moveCard(ana, 'c2', { column: 'doing' }, { by: 'ana', at: 6 });
    board.moveCard(bo, 'c2', { column: 'done' }, { by: 'bo', at: 6 });
    const view = meet(ana, bo);
    expect(Object.values(lists(view)).flat().toSorted()).toEqual(['c1', 'c2', 'c3']);
  });

  it('[BD4] two cards put into one gap stand side by side; of equal keys the next one between them finds a place', () => {
    const ana = started();
    const bo = twin(ana);
    board.addCard(ana, { id: 'x1', title: 'A', column: 'todo', after: 'c1', ...BY });
    board.addCard(bo, { id: 'x2', title: 'B', column: 'todo', after: 'c1', ...BY });
    expect(lists(meet(ana, bo))['todo']?.toSorted()).toEqual(['c1', 'c2', 'c3', 'x1', 'x2']);
    for (const id of ['x1', 'x2']) (cardsOf(ana).get(id) as Y.Map<unknown>).set('order', 'a0V');
    for (const [id, order] of [
      ['c1', 'a0'],
      ['c2', 'a1'],
      ['c3', 'a2'],
    ] as const) {
      (cardsOf(ana).get(id) as Y.Map<unknown>).set('order', order);
    }
    expect(lists(meet(ana, bo))).toMatchObject({ todo: ['c1', 'x1', 'x2', 'c2', 'c3'] });
    board.addCard(ana, { id: 'x3', title: 'C', column: 'todo', after: 'x1', ...BY });
    board.moveCard(bo, 'x2', { column: 'doing' }, { by: 'bo', at: 6 });
    const view = meet(ana, bo);
    expect(lists(view)).toMatchObject({ todo: ['c1', 'x1', 'x3', 'c2', 'c3'], doing: ['x2'] });
  });

  it('[BD3] two people who rename a card both find their word', () => {
    const ana = started();
    const bo = twin(ana);
    board.renameCard(ana, 'c1', 'Urgent card c1');
    board.renameCard(bo, 'c1', 'Card c1 for May');
    expect(meet(ana, bo).columns[0]!.cards[0]!.title).toBe('Urgent card c1 for May');
  });

  it('[DD4] [BD5] [B17] a card edited while it was removed elsewhere comes back, whoever wins each field', () => {
    for (const edit of [
      (doc: Y.Doc) => board.renameCard(doc, 'c2', 'Card c2, with words'),
      (doc: Y.Doc) => board.setCardDue(doc, 'c2', 5),
      (doc: Y.Doc) => board.moveCard(doc, 'c2', { column: 'done' }, { by: 'ana', at: 6 }),
    ]) {
      for (const [left, right] of [
        [10, 20],
        [20, 10],
      ] as const) {
        const ana = started();
        const bo = twin(ana);
        ana.clientID = left;
        bo.clientID = right;
        edit(ana);
        // The remover's own edit of the same field may win; the other's edit was made all the same.
        board.setCardDue(bo, 'c2', 6);
        board.removeCard(bo, 'c2', REMOVING);
        expect(lists(readBoard(bo)).restored).toEqual([]);
        const view = meet(ana, bo);
        expect(view.restored[0]).toMatchObject({ id: 'c2', removal: { kind: 'overtaken', at: 9, by: 'bo' } });
        board.restoreCard(ana, 'c2');
        expect(lists(meet(ana, bo)).restored).toEqual([]);
        board.removeCard(bo, 'c2', REMOVING);
        expect(meet(ana, bo).removed.map((card) => card.id)).toEqual(['c2']);
      }
    }
  });

  it('[DD4] a card put beside a removed one does not bring it back', () => {
    const ana = started();
    const bo = twin(ana);
    cardsOf(ana).forEach((card) => (card as Y.Map<unknown>).set('order', 'a0'));
    Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
    board.removeCard(bo, 'c2', REMOVING);
    board.addCard(ana, { id: 'new', title: 'N', column: 'todo', after: 'c1', ...BY });
    expect(lists(meet(ana, bo))).toMatchObject({ todo: ['c1', 'new', 'c3'], restored: [] });
  });

  it('[BD5] [B17] cards added to a column that was removed elsewhere land under unsorted', () => {
    const ana = started();
    const bo = twin(ana);
    board.removeColumn(ana, 'todo', { to: 'done' }, REMOVING);
    board.addCard(bo, { id: 'late', title: 'Late', column: 'todo', ...BY });
    const view = meet(ana, bo);
    expect(lists(view)).toEqual({ doing: [], done: ['c1', 'c2', 'c3'], unsorted: ['late'], restored: [] });
    expect(view.removedColumns.map((column) => column.id)).toEqual(['todo']);
    board.restoreColumn(bo, 'todo');
    expect(lists(meet(ana, bo))).toMatchObject({ todo: ['late'] });
    board.removeColumn(ana, 'todo', 'remove', REMOVING);
    expect(meet(ana, bo).removed.map((card) => card.id)).toEqual(['late']);
  });

  it('[DD4] a column renamed while it was removed elsewhere is shown again with its new name', () => {
    const ana = started();
    const bo = twin(ana);
    board.renameColumn(ana, 'doing', 'doing this week');
    board.removeColumn(bo, 'doing', { to: 'done' }, REMOVING);
    expect(meet(ana, bo).columns.find((column) => column.id === 'doing')).toMatchObject({ name: 'doing this week' });
  });

  it('[BD1] [GO1] whatever a peer wrote, every readable card stands in exactly one list or is elsewhere, and nothing is written', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constantFrom(null, true, -1, Number.NaN, 'todo', 'a0', { seen: 1 }, { seen: [[1], null, ['x', {}]] }, [[]]),
      fc.constantFrom(
        'text',
        'choice',
        'number',
        '2026-02-30',
        { by: 'ana', at: 5, column: 'todo' },
        { id: 'm1', to: 'todo' },
      ),
      fc.constantFrom(
        { id: 'm2', to: 'done', at: -1, knew: [['ana', 'm1'], ['bo'], 7, null] },
        { id: 'm1', to: 'x', knew: 3 },
      ),
      fc.constantFrom(
        { n: 1, by: 'ana', at: 5, to: 'b2', from: 'b0', seen: [[1, 4], [2], 'x'], sure: true },
        { n: 1e300, by: 7, to: 'b3', from: '../x', seen: {}, sure: true, over: true },
        { n: -1, to: 'b3', sure: 'yes', seen: [[Number.NaN, 'x']], heard: true },
      ),
      fc.constant('TEXT'),
      fc.constant('MAP'),
    );
    const key = fc.constantFrom(
      ...['title', 'name', 'column', 'order', 'removed', 'archivedAt', 'due', 'createdBy', 'completed', 'priority'],
      ...['kind', 'colour', 'limit', 'limitHard', 'completes', 'choice/o1', 'label/l1', 'label/', 'member/__proto__'],
      ...['list/k1', 'item/i1', 'item/i2', 'text/todo/1', 'text//', 'field/l1', 'blocks/c1', 'relates/c9', 'moved/ana'],
      ...['moved/bo', 'moved/../x', 'page/', 'start', 'came', 'went/r1', 'went/r2', 'went/../x', 'beat/r1', 'touched'],
    );
    const entry = fc.oneof(junk, fc.dictionary(key, junk));
    const id = fc.constantFrom(
      'c1',
      'todo',
      '__proto__',
      'constructor',
      '',
      'with space',
      '../x',
      'c9',
      '-x',
      'c1~r1',
      'c1~r2',
      '~r1',
      'c1~',
    );
    const root = fc.array(fc.tuple(id, entry), { maxLength: 8 });
    fc.assert(
      fc.property(root, root, root, root, (columns, cards, labels, fields) => {
        const doc = started();
        const value = (given: unknown): unknown =>
          given === 'TEXT' ? new Y.Text('x'.repeat(2_100)) : given === 'MAP' ? new Y.Map() : given;
        for (const [where, entries] of [
          [columnsOf(doc), columns],
          [cardsOf(doc), cards],
          [labelsOf(doc), labels],
          [fieldsOf(doc), fields],
        ] as const) {
          for (const [name, given] of entries) {
            const map = new Y.Map<unknown>();
            const fields = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : null;
            for (const [field, one] of Object.entries(fields ?? {})) map.set(field, value(one));
            where.set(name, fields ? map : value(given));
          }
        }
        const bytes = Y.encodeStateAsUpdate(doc);
        const view = readBoard(doc);
        const all = [...view.columns.flatMap((column) => column.cards), ...view.unsorted, ...view.restored];
        const ids = [...all, ...view.archived, ...view.removed].map((card) => card.id);
        expect(new Set(ids).size).toBe(ids.length);
        const unread = view.unreadable.filter((name) => name.startsWith('cards/')).length;
        expect(ids.length + unread + view.elsewhere.length).toBe(cardsOf(doc).size);
        for (const column of view.columns) {
          expect(cardsIn(doc, column.id).map((one) => one.id)).toEqual(column.cards.map((one) => one.id));
        }
        const boards = new Map([['b0', readGoings(doc)]]);
        expect(settleGoings(boards)).toEqual(settleGoings(boards));
        for (const one of view.elsewhere) readLate(doc, one.card.place.key);
        expect(JSON.parse(JSON.stringify(view))).toEqual(view);
        expect(readBoard(twin(doc))).toEqual(view);
        expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
      }),
    );
  });
});

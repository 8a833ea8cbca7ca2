// Moves made apart: one card in one place, and who moved it where is found by both until one of them says what they want.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCard, addCards, cardIn, keepPlace, moveCard, moveCards } from './card-commands.ts';
import { completeCard, reopenCard } from './card-details.ts';
import type { Card } from './card.ts';
import { addColumn, removeColumn, setColumnColour, setColumnCompletes, setColumnLimit } from './column-commands.ts';
import { fullnessOf, readBoard } from './read.ts';

const ANA = { by: 'ana', at: 10 };
const BO = { by: 'bo', at: 20 };

function started(): Y.Doc {
  const doc = new Y.Doc();
  for (const name of ['todo', 'doing', 'review', 'done']) addColumn(doc, { id: name, name });
  addCards(
    doc,
    [1, 2, 3, 4].map((at) => ({ id: `c${String(at)}`, title: '' })),
    { column: 'todo' },
    { by: 'cy', at: 1 },
  );
  return doc;
}
function twin(doc: Y.Doc, client: number): Y.Doc {
  const other = new Y.Doc();
  other.clientID = client;
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  return other;
}
function meet(...docs: readonly Y.Doc[]): Y.Doc {
  for (const from of docs) for (const to of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
  for (const doc of docs) expect(readBoard(doc)).toEqual(readBoard(docs[0]!));
  return docs[0]!;
}
const card = (doc: Y.Doc, id = 'c1'): Card => {
  const { columns, unsorted } = readBoard(doc);
  return [...columns.flatMap((column) => column.cards), ...unsorted].find((one) => one.id === id)!;
};
const inColumn = (doc: Y.Doc, id: string): string[] =>
  readBoard(doc)
    .columns.find((column) => column.id === id)!
    .cards.map((one) => one.id);

describe('moves of cards', () => {
  it('[BD10] [B16] both moves are found by both, and keeping or taking settles them', () => {
    for (const anaWins of [true, false]) {
      for (const settle of ['keep', 'take'] as const) {
        const [ana, bo] = [twin(started(), anaWins ? 9 : 5), new Y.Doc()];
        bo.clientID = 7;
        Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
        moveCard(ana, 'c1', { column: 'review' }, ANA);
        moveCard(bo, 'c1', { column: 'done' }, BO);
        expect(card(ana).contested).toBeNull();
        meet(ana, bo);
        const moves = { ana: { ...ANA, from: 'todo', to: 'review' }, bo: { ...BO, from: 'todo', to: 'done' } };
        const [kept, other] = anaWins ? [moves.ana, moves.bo] : [moves.bo, moves.ana];
        expect(card(bo)).toMatchObject({ column: kept.to, contested: { kept, others: [other] }, since: kept.at });
        if (settle === 'keep') keepPlace(bo, 'c1', { by: 'bo', at: 30 });
        else moveCard(bo, 'c1', { column: other.to }, { by: 'bo', at: 30 });
        meet(ana, bo);
        expect(card(ana)).toMatchObject({ column: settle === 'keep' ? kept.to : other.to, contested: null, since: 30 });
        const bytes = Y.encodeStateVector(ana);
        moveCard(ana, 'c1', { column: card(ana).column! }, ANA);
        expect(Y.encodeStateVector(ana)).toEqual(bytes);
      }
    }
  });

  it('[BD10] moves to one column, moves in a row and moves within a column are no matter to ask about', () => {
    const ana = twin(started(), 5);
    const bo = twin(ana, 7);
    moveCard(ana, 'c1', { column: 'done' }, ANA);
    moveCard(bo, 'c1', { column: 'done' }, BO);
    moveCard(ana, 'c2', { column: 'doing' }, ANA);
    moveCard(bo, 'c3', { column: 'todo', after: null }, BO);
    moveCard(ana, 'c3', { column: 'done' }, ANA);
    meet(ana, bo);
    moveCard(bo, 'c2', { column: 'review' }, BO);
    moveCard(ana, 'c2', { column: 'done' }, { by: 'cy', at: 40 });
    moveCard(bo, 'c4', { column: 'done' }, BO);
    const three = twin(bo, 9);
    moveCard(three, 'c4', { column: 'doing' }, { by: 'cy', at: 41 });
    meet(ana, bo, three);
    for (const id of ['c1', 'c3', 'c4']) expect(card(ana, id).contested).toBeNull();
    expect(card(ana, 'c2').contested?.others).toHaveLength(1);
  });

  it('[BD10] a column that is removed while somebody moves a card out of it says so, too', () => {
    const ana = twin(started(), 5);
    const bo = twin(ana, 7);
    removeColumn(ana, 'todo', { to: 'doing' }, ANA);
    moveCard(bo, 'c2', { column: 'done' }, BO);
    meet(ana, bo);
    expect(card(ana, 'c2').contested).toMatchObject({ kept: { to: 'done' }, others: [{ by: 'ana', to: 'doing' }] });
    expect(inColumn(ana, 'doing')).toEqual(['c1', 'c3', 'c4']);
  });

  it('[B3] [DD8] several cards go together, in the order that was given, and stay together when others put theirs there too', () => {
    const ana = twin(started(), 5);
    const bo = twin(ana, 7);
    addCards(
      ana,
      ['a1', 'a2', 'a3'].map((id) => ({ id, title: '' })),
      { column: 'todo', after: 'c2' },
      ANA,
    );
    moveCards(bo, ['c4', 'c1'], { column: 'todo', after: 'c2' }, BO);
    meet(ana, bo);
    expect(inColumn(ana, 'todo').join(' ')).toMatch(/^c2 (a1 a2 a3 c4 c1|c4 c1 a1 a2 a3) c3$/);
    moveCards(bo, ['c2', 'c3'], { column: 'todo', after: 'c3' }, BO);
    expect(inColumn(bo, 'todo').join(' ')).toMatch(/ c2 c3$/);
    const bytes = Y.encodeStateVector(bo);
    moveCards(bo, ['c2', 'c3'], { column: 'todo' }, BO);
    expect(Y.encodeStateVector(bo)).toEqual(bytes);
    expect(() => moveCards(bo, ['c1', 'gone'], { column: 'done' }, BO)).toThrow('not on the board');
    expect(() =>
      addCards(
        bo,
        [
          { id: 'n', title: '' },
          { id: 'n', title: '' },
        ],
        { column: 'todo' },
        BO,
      ),
    ).toThrow('one id');
    expect(Y.encodeStateVector(bo)).toEqual(bytes);
  });

  it('[BD2] [B5] a hard limit refuses more, a soft one shows; what came together apart is over it and nothing is lost', () => {
    const ana = twin(started(), 5);
    setColumnColour(ana, 'doing', 'moss');
    setColumnLimit(ana, 'doing', { most: 1, hard: true });
    const bo = twin(ana, 7);
    moveCard(ana, 'c1', { column: 'doing' }, ANA);
    expect(() => moveCard(ana, 'c2', { column: 'doing' }, ANA)).toThrow('no more than 1');
    expect(() => addCard(ana, { title: '', column: 'doing', createdBy: 'ana', createdAt: 1 })).toThrow(
      'no more than 1',
    );
    moveCard(ana, 'c1', { column: 'doing', after: null }, ANA);
    moveCard(bo, 'c2', { column: 'doing' }, BO);
    meet(ana, bo);
    const doing = readBoard(ana).columns.find((column) => column.id === 'doing')!;
    expect(doing).toMatchObject({ colour: 'moss', limit: { most: 1, hard: true } });
    expect([doing.cards.length, fullnessOf(doing), fullnessOf(doing, 1)]).toEqual([2, 'over', 'full']);
    setColumnLimit(ana, 'doing', { most: 3, hard: false });
    const soft = readBoard(ana).columns.find((column) => column.id === 'doing')!;
    expect([fullnessOf(soft), fullnessOf(soft, 1), fullnessOf(soft, 2)]).toEqual(['free', 'at', 'over']);
    moveCards(ana, ['c3', 'c4'], { column: 'doing' }, ANA);
    setColumnLimit(ana, 'doing', null);
    expect(readBoard(ana).columns.find((column) => column.id === 'doing')!.limit).toBeNull();
    expect(() => setColumnLimit(ana, 'doing', { most: 0, hard: false })).toThrow('whole number');
  });

  it('[BD12] what comes into a column with the rule is complete while it stands there; by hand it is complete anywhere', () => {
    const ana = twin(started(), 5);
    setColumnCompletes(ana, 'done', true);
    const bo = twin(ana, 7);
    moveCard(ana, 'c1', { column: 'done' }, ANA);
    expect(card(ana).completed).toEqual(ANA);
    moveCard(ana, 'c1', { column: 'doing' }, ANA);
    expect(card(ana).completed).toBeNull();
    addCard(ana, { id: 'new', title: '', column: 'done', createdBy: 'ana', createdAt: 3 });
    expect(card(ana, 'new').completed).toEqual({ by: 'ana', at: 3 });
    // Moved to Done by one and to Doing by another: complete only where it stands in Done.
    moveCard(ana, 'c2', { column: 'done' }, ANA);
    moveCard(bo, 'c2', { column: 'doing' }, BO);
    completeCard(bo, 'c3', BO);
    meet(ana, bo);
    expect(card(ana, 'c2').completed !== null).toBe(card(ana, 'c2').column === 'done');
    moveCard(ana, 'c3', { column: 'review' }, ANA);
    expect(card(ana, 'c3').completed).toEqual(BO);
    reopenCard(ana, 'c3');
    expect(card(ana, 'c3').completed).toBeNull();
    removeColumn(ana, 'done', { to: 'review' }, { by: 'ana', at: 50 });
    expect(card(ana, 'new').completed).toEqual({ by: 'ana', at: 3 });
    moveCard(ana, 'new', { column: 'todo' }, ANA);
    expect(card(ana, 'new').completed).toEqual({ by: 'ana', at: 3 });
  });

  it('[BD10] hostile records of moves end no reading, are bounded, and are settled like others', () => {
    const doc = started();
    const stored = cardIn(doc, 'c1');
    for (let at = 0; at < 200; at += 1) {
      const knew = Array.from({ length: 100 }, (_, other) => [`m${String(other)}`, `x${String(other)}`]);
      stored.set(`moved/m${String(at)}`, { id: `x${String(at)}`, at, from: 7, to: at % 2 ? 'todo' : 'done', knew });
    }
    expect(card(doc).contested!.others.length).toBeLessThan(64);
    keepPlace(doc, 'c1', ANA);
    expect(card(doc).contested).toBeNull();
  });
});

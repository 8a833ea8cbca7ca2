import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { cardsOf } from '../document/roots.ts';
import {
  addCards,
  archiveCards,
  moveCard,
  removeCard,
  renameCard,
  restoreCard,
  unarchiveCard,
} from './card-commands.ts';
import { setCardLabel } from './card-details.ts';
import { addColumn, removeColumn, renameColumn } from './column-commands.ts';
import { addLabel, removeDefinition } from './definition-commands.ts';
import { LiveBoard } from './live-board.ts';
import { readBoard, type Board } from './read.ts';

const ME = 'member-1';
const doing = { by: ME, at: 1_000 };

function made(): { doc: Y.Doc; live: LiveBoard; column: string; other: string; cards: readonly string[] } {
  const doc = new Y.Doc();
  const column = addColumn(doc, { name: 'Doing' });
  const other = addColumn(doc, { name: 'Done' });
  const titles = Array.from({ length: 50 }, (_, at) => ({ title: `Card ${String(at)}` }));
  const cards = addCards(doc, titles, { column }, doing);
  return { doc, live: new LiveBoard(doc), column, other, cards };
}

const stored = (doc: Y.Doc, card: string): Y.Map<unknown> | undefined => {
  const found = cardsOf(doc).get(card);
  return found instanceof Y.Map ? found : undefined;
};

/** A command that does not go refuses by an error and changes nothing. */
function refusable(change: () => unknown): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** Whole numbers below a bound, the same for a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const cardOf = (board: Board, id: string) => board.columns.flatMap(({ cards }) => cards).find((card) => card.id === id);

describe('a board that is followed', () => {
  it('[BD1] is what reading it anew gives, after every kind of change', () => {
    const { doc, live, other, cards } = made();
    const label = addLabel(doc, { name: 'rf' });
    const changes = [
      () => renameCard(doc, cards[0]!, 'Other words'),
      () => moveCard(doc, cards[1]!, { column: other }, doing),
      () => setCardLabel(doc, [cards[2]!], label, true),
      () => removeDefinition(doc, { label }, doing),
      () => removeCard(doc, cards[3]!, doing),
      () => renameColumn(doc, other, 'Ready'),
      () => cardsOf(doc).delete(cards[4]!),
      () => cardsOf(doc).set(cards[5]!, 'no card'),
      () => cardsOf(doc).set(cards[6]!, new Y.Map([['title', 'another in its place']])),
    ];
    for (const change of changes) {
      change();
      expect(live.board).toEqual(readBoard(doc));
    }
    expect(live.board.unreadable).toEqual([`cards/${cards[5]!}`]);
  });

  it('reads the cards again that changed, and no others; what somebody else wrote counts the same', () => {
    const { doc, live, cards } = made();
    const there = new Y.Doc();
    Y.applyUpdate(there, Y.encodeStateAsUpdate(doc));
    const before = live.board;
    renameCard(there, cards[7]!, 'From elsewhere');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(there, Y.encodeStateVector(doc)));
    const after = live.board;
    expect(cardOf(after, cards[7]!)?.title).toBe('From elsewhere');
    const same = cards.filter((id) => cardOf(before, id) === cardOf(after, id));
    expect(same).toHaveLength(cards.length - 1);
  });

  it('[BD1] is what reading it anew gives, after any row of changes by two people, also of cards that are linked, twice there or gone', () => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const next = numbers(seed);
      const { doc, live, column, other, cards } = made();
      const there = new Y.Doc();
      const sync = () => {
        Y.applyUpdate(there, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(there)));
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(there, Y.encodeStateVector(doc)));
      };
      const one = () => cards[next(12)]!;
      const changes: ((doc: Y.Doc) => unknown)[] = [
        (doc) => renameCard(doc, one(), `Words ${String(next(100))}`),
        (doc) => moveCard(doc, one(), { column: next(2) ? column : other, after: next(2) ? one() : null }, doing),
        (doc) => removeCard(doc, one(), doing),
        (doc) => restoreCard(doc, one()),
        (doc) => archiveCards(doc, [one()], 1_000),
        (doc) => unarchiveCard(doc, one()),
        (doc) => stored(doc, one())?.set(`${next(2) ? 'blocks' : 'relates'}/${one()}`, next(3) > 0),
        (doc) => stored(doc, one())?.set('column', next(2) ? 'gone' : null),
        (doc) =>
          stored(doc, one())?.set(`went/${cards[20]!}`, { to: cards[21]!, n: 1, by: ME, at: 2, sure: next(2) === 0 }),
        (doc) => cardsOf(doc).set(`${one()}~${cards[22]!}`, new Y.Map([['title', 'came']])),
        (doc) => removeColumn(doc, other, { to: column }, doing),
        (doc) => cardsOf(doc).delete(one()),
      ];
      for (let at = 0; at < 120; at += 1) {
        // What is rare in life is rare here, so that there are steps between it.
        const kind = next(10) < 8 ? next(6) : next(changes.length);
        refusable(() => changes[kind]!(next(3) === 0 ? there : doc));
        if (next(3) === 0) sync();
        if (next(2) === 0) expect(live.board, `seed ${String(seed)}, change ${String(at)}`).toEqual(readBoard(doc));
      }
    }
  });

  it('a change of one card leaves the other columns and the order of their cards the same objects', () => {
    const { doc, live, column, other, cards } = made();
    moveCard(doc, cards[0]!, { column: other }, doing);
    const of = (board: Board, id: string) => board.columns.find((one) => one.id === id);
    const before = live.board;
    renameCard(doc, cards[0]!, 'Other words');
    const after = live.board;
    expect(of(after, column)).toBe(of(before, column));
    expect(of(after, other)).not.toBe(of(before, other));
    expect([after.labels === before.labels, after.archived === before.archived]).toEqual([true, true]);
  });

  it('tells of each change, is the same object between them, and is silent once it is let go of', () => {
    const { doc, live, cards } = made();
    let told = 0;
    live.onChange(() => (told += 1));
    expect(live.board).toBe(live.board);
    renameCard(doc, cards[0]!, 'One');
    expect(told).toBe(1);
    live.dispose();
    renameCard(doc, cards[0]!, 'Two');
    expect(told).toBe(1);
  });
});

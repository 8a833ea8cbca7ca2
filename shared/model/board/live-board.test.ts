import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { cardsOf } from '../document/roots.ts';
import { addCards, moveCard, removeCard, renameCard } from './card-commands.ts';
import { setCardLabel } from './card-details.ts';
import { addColumn, renameColumn } from './column-commands.ts';
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

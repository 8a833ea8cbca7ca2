import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCards, moveCard, removeCard } from '../../../../shared/model/board/card-commands.ts';
import { setCardMember, setCardPriority } from '../../../../shared/model/board/card-details.ts';
import { addColumn, removeColumn } from '../../../../shared/model/board/column-commands.ts';
import { readBoard } from '../../../../shared/model/board/read.ts';
import { renameCard } from '../../../../shared/model/board/card-commands.ts';
import { arrange, findCard, neighbour, stepped, RESTORED, UNSORTED, type Arranging, type Row } from './arrange.ts';

const doing = { by: 'member-1', at: 1 };
const plain: Arranging = { by: null, matches: () => true, memberName: (id) => id, lifted: null };

let doc: Y.Doc;
let todo: string;
let done: string;
let cards: readonly string[];

beforeEach(() => {
  doc = new Y.Doc();
  todo = addColumn(doc, { name: 'Todo' });
  done = addColumn(doc, { name: 'Done' });
  cards = addCards(doc, [{ title: 'A' }, { title: 'B' }, { title: 'C' }], { column: todo }, doing);
});

const titles = (rows: readonly Row[]): string[] =>
  rows.map(({ cells }) => cells.map(({ cards }) => cards.map(({ title }) => title).join('')).join('|'));
const shown = (options: Partial<Arranging> = {}): string[] =>
  titles(arrange(readBoard(doc), { ...plain, ...options }).rows);

describe('where cards stand on the screen', () => {
  it('lists without a filter, and without what is lifted, are the very arrays of the board', () => {
    const board = readBoard(doc);
    const lists = (lifted: Arranging['lifted']) =>
      arrange(board, { ...plain, matches: null, lifted }).rows[0]!.cells.map((cell) => cell.cards);
    const own = (at: number) => board.columns[at]!.cards;
    expect(lists(null).map((cards, at) => cards === own(at))).toEqual([true, true]);
    moveCard(doc, cards[0]!, { column: done }, doing);
    const lifted = { ids: [cards[1]!], at: { column: todo, lane: undefined, index: 0 } };
    expect(lists(lifted).map((cards, at) => cards === own(at))).toEqual([false, true]);
  });

  it('one row without lanes; a filter leaves the count of a column as it is', () => {
    expect(shown()).toEqual(['ABC|']);
    expect(shown({ matches: (card) => card.title !== 'B' })).toEqual(['AC|']);
    const { columns } = arrange(readBoard(doc), { ...plain, matches: () => false });
    expect(columns.map(({ name, count }) => [name, count])).toEqual([
      ['Todo', 3],
      ['Done', 0],
    ]);
  });

  it('[B6] lanes by priority and by person, "None" last, people by name', () => {
    setCardPriority(doc, cards[1]!, 'urgent');
    expect(shown({ by: 'priority' })).toEqual(['B|', 'AC|']);
    setCardMember(doc, [cards[0]!], 'person-z', true);
    setCardMember(doc, [cards[2]!], 'person-a', true);
    const memberName = (id: string): string => (id === 'person-z' ? 'Ana' : 'Bo');
    expect(shown({ by: 'person', memberName })).toEqual(['A|', 'C|', 'B|']);
  });

  it('[B4] what is lifted stands where it would be dropped, several one behind the other', () => {
    const at = { column: done, lane: undefined, index: 0 };
    expect(shown({ lifted: { ids: [cards[2]!, cards[0]!], at } })).toEqual(['B|CA']);
  });

  it('[B17] cards of a removed column and cards that came back have lists of their own, which take none', () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    removeCard(doc, cards[0]!, doing);
    renameCard(other, cards[0]!, 'R');
    moveCard(other, cards[1]!, { column: done }, doing);
    removeColumn(doc, done, 'remove', doing);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    const { columns } = arrange(readBoard(doc), plain);
    expect(columns.map(({ id, takes, count }) => [id, takes, count])).toEqual([
      [RESTORED, false, 1],
      [UNSORTED, false, 1],
      [todo, true, 1],
    ]);
    expect(shown()).toEqual(['R|B|C']);
  });
});

describe('[B4] arrows', () => {
  it('go up, down and over to the nearest card beside; at an edge nowhere', () => {
    moveCard(doc, cards[2]!, { column: done }, doing);
    const { rows } = arrange(readBoard(doc), plain);
    expect(neighbour(rows, cards[0]!, 'down')?.title).toBe('B');
    expect(neighbour(rows, cards[1]!, 'right')?.title).toBe('C');
    expect(neighbour(rows, cards[2]!, 'left')?.title).toBe('A');
    expect(neighbour(rows, cards[2]!, 'right')).toBeNull();
    expect(neighbour(rows, cards[0]!, 'up')).toBeNull();
    expect(findCard(rows, 'nobody')).toBeNull();
  });

  it('go past empty columns and over the border of a lane', () => {
    const last = addColumn(doc, { name: 'Last' });
    moveCard(doc, cards[2]!, { column: last }, doing);
    setCardPriority(doc, cards[1]!, 'high');
    const { rows } = arrange(readBoard(doc), { ...plain, by: 'priority' });
    expect(neighbour(rows, cards[0]!, 'right')?.title).toBe('C');
    expect(neighbour(rows, cards[1]!, 'down')?.title).toBe('A');
    expect(neighbour(rows, cards[0]!, 'up')?.title).toBe('B');
  });

  it('take what is lifted through cells and lanes, past lists that take none, and stop at the edges', () => {
    setCardPriority(doc, cards[1]!, 'high');
    const without = arrange(readBoard(doc), {
      ...plain,
      by: 'priority',
      matches: (card) => card.id !== cards[0],
    });
    const high = { column: todo, lane: 'high' as const, index: 0 };
    expect(stepped(without.rows, high, 'up')).toEqual(high);
    expect(stepped(without.rows, high, 'down')).toEqual({ ...high, index: 1 });
    expect(stepped(without.rows, { ...high, index: 1 }, 'down')).toEqual({ column: todo, lane: null, index: 0 });
    expect(stepped(without.rows, { column: todo, lane: null, index: 0 }, 'up')).toEqual({ ...high, index: 1 });
    expect(stepped(without.rows, { ...high, index: 1 }, 'right')).toEqual({ column: done, lane: 'high', index: 0 });
    expect(stepped(without.rows, { column: done, lane: 'high', index: 0 }, 'right').column).toBe(done);
  });
});

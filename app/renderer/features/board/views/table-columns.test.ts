import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCards } from '../../../../../shared/model/board/card-commands.ts';
import {
  setCardDue,
  setCardField,
  setCardMember,
  setCardPriority,
  writeCardText,
} from '../../../../../shared/model/board/card-details.ts';
import { addColumn } from '../../../../../shared/model/board/column-commands.ts';
import { addField } from '../../../../../shared/model/board/definition-commands.ts';
import { readBoard } from '../../../../../shared/model/board/read.ts';
import { cellText, sortedCards, tableColumns, type TableContext } from './table-columns.ts';

const doing = { by: 'member-1', at: 1 };
let doc: Y.Doc;
let next: string;
let ids: readonly string[];

beforeEach(() => {
  doc = new Y.Doc();
  next = addColumn(doc, { name: 'Next' });
  ids = addCards(
    doc,
    ['Card 10', 'card 9', 'Anchor'].map((title) => ({ title })),
    { column: next },
    doing,
  );
});

const context: TableContext = {
  columns: [],
  columnOf: (card) => card.column ?? '',
  labelName: (id) => id,
  memberName: (id) => (id === 'person-a' ? 'Ana' : ''),
};

function table() {
  const board = readBoard(doc);
  return {
    cards: board.columns[0]!.cards,
    columns: tableColumns(board.fields),
    own: { ...context, columns: board.columns },
  };
}

function order(by: string, down = false): string[] {
  const { cards, columns, own } = table();
  return sortedCards(cards, { by, down }, columns, own).map(({ title }) => title);
}

describe('[B8] the table of a board', () => {
  it('sorts words as people count, either way; without a sort, and by one that is gone, as on the board', () => {
    expect(order('title')).toEqual(['Anchor', 'card 9', 'Card 10']);
    expect(order('title', true)).toEqual(['Card 10', 'card 9', 'Anchor']);
    expect(order('field/gone')).toEqual(['Card 10', 'card 9', 'Anchor']);
    expect(order('column', true)).toEqual(['Card 10', 'card 9', 'Anchor']);
  });

  it('what says nothing goes last, whichever way', () => {
    setCardDue(doc, ids[2]!, '2026-12-01');
    setCardDue(doc, ids[1]!, new Date(2026, 10, 30, 9).getTime());
    expect(order('due')).toEqual(['card 9', 'Anchor', 'Card 10']);
    expect(order('due', true)).toEqual(['Anchor', 'card 9', 'Card 10']);
    setCardPriority(doc, ids[0]!, 'low');
    setCardPriority(doc, ids[2]!, 'urgent');
    expect(order('priority')).toEqual(['Anchor', 'Card 10', 'card 9']);
  });

  it('says in words what a card says, custom fields among it', () => {
    const number = addField(doc, { name: 'Metres', kind: 'number' });
    const text = addField(doc, { name: 'Note', kind: 'text' });
    const person = addField(doc, { name: '', kind: 'person' });
    setCardField(doc, ids[0]!, number, -2.5);
    writeCardText(doc, ids[0]!, text, 'North mast');
    setCardField(doc, ids[0]!, person, 'person-a');
    setCardMember(doc, [ids[0]!], 'person-a', true);
    setCardMember(doc, [ids[0]!], 'person-z', true);
    setCardDue(doc, ids[0]!, new Date(2026, 10, 30, 9, 5).getTime());
    const { cards, columns, own } = table();
    expect(columns.map(({ label }) => label).slice(-3)).toEqual(['Metres', 'Note', 'Field without a name']);
    const said = Object.fromEntries(columns.map((column) => [column.label, cellText(cards[0]!, column, own)]));
    expect(said).toMatchObject({
      Title: 'Card 10',
      Column: 'Next',
      People: 'Ana; person-z',
      Due: '2026-11-30 09:05',
      Start: '',
      Metres: '-2.5',
      Note: 'North mast',
      'Field without a name': 'Ana',
    });
  });
});

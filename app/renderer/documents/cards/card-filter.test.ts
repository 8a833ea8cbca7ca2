import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addCards } from '../../../../shared/model/board/card-commands.ts';
import { completeCard, setCardDue, setCardLabel, setCardMember } from '../../../../shared/model/board/card-details.ts';
import { addColumn } from '../../../../shared/model/board/column-commands.ts';
import { addLabel } from '../../../../shared/model/board/definition-commands.ts';
import { readBoard } from '../../../../shared/model/board/read.ts';
import { NO_FILTER, readFilter, type CardFilter } from '../../../../shared/model/board/look.ts';
import { cardTest, isFiltering } from './card-filter.ts';

const now = new Date(2026, 10, 25, 12, 0).getTime();
const doing = { by: 'member-1', at: 1 };

function board() {
  const doc = new Y.Doc();
  const column = addColumn(doc, { name: 'Doing' });
  const titles = ['Mast sway in wind', 'Rôtator firmware', 'Licence', 'Fence'];
  const [mast, rotator, licence, fence] = addCards(
    doc,
    titles.map((title) => ({ title })),
    { column },
    doing,
  );
  const rf = addLabel(doc, { name: 'rf' });
  setCardLabel(doc, [mast!], rf, true);
  setCardMember(doc, [mast!, licence!], 'mira', true);
  setCardDue(doc, mast!, '2026-11-24');
  setCardDue(doc, rotator!, '2026-11-25');
  setCardDue(doc, fence!, '2026-11-01');
  completeCard(doc, fence!, doing);
  return { cards: readBoard(doc).columns[0]!.cards, rf };
}

function found(filter: Partial<CardFilter>): string[] {
  const given = board();
  const labels = filter.labels?.map((id) => (id === 'rf' ? given.rf : id));
  const test = cardTest(
    { ...NO_FILTER, ...filter, ...(labels ? { labels } : {}) },
    { now, labelName: () => 'rf', memberName: () => 'Mira Okafor', marked: () => false },
  );
  return given.cards.filter(test).map(({ title }) => title.split(' ')[0]!);
}

describe('[B7] filters', () => {
  it('by words of title, labels and people, without accents and case', () => {
    expect(found({ words: 'ROTATOR' })).toEqual(['Rôtator']);
    expect(found({ words: 'mira wind' })).toEqual(['Mast']);
    expect(found({ words: '  ' })).toHaveLength(4);
  });

  it('by people and labels, "nobody" and "none" among them; lists have to hold together', () => {
    expect(found({ members: ['mira'] })).toEqual(['Mast', 'Licence']);
    expect(found({ members: ['', 'mira'] })).toHaveLength(4);
    expect(found({ labels: ['rf'], members: ['mira'] })).toEqual(['Mast']);
    expect(found({ labels: [''], members: ['mira'] })).toEqual(['Licence']);
  });

  it('by due', () => {
    expect(found({ due: ['overdue'] })).toEqual(['Mast']);
    expect(found({ due: ['soon', 'none'] })).toEqual(['Rôtator', 'Licence']);
    expect(found({ due: ['done'] })).toEqual(['Fence']);
  });

  it('what was remembered may be anything', () => {
    expect(readFilter(null)).toEqual(NO_FILTER);
    expect(readFilter({ words: 3, members: ['a', 1], labels: 'x', due: ['soon', 'never'] })).toEqual({
      words: '',
      members: ['a'],
      labels: [],
      due: ['soon'],
      marks: [],
    });
    expect(isFiltering(NO_FILTER)).toBe(false);
  });
});

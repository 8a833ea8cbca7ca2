import { describe, expect, it } from 'vitest';
import type { CardPast } from '../../../../../shared/model/board/past.ts';
import type { Board } from '../../../../../shared/model/board/read.ts';
import { columnFigures, cycles, daysWords, flowOf, quantile, ticks } from './figures.ts';

const noon = (day: number): number => new Date(2026, 10, day, 12).getTime();
const now = noon(10);
const past = (title: string, change: Partial<CardPast>): CardPast => ({
  id: title,
  title,
  createdAt: noon(1),
  stays: [{ column: 'next', from: noon(1) }],
  completedAt: null,
  archivedAt: null,
  removedAt: null,
  ...change,
});
const columns = ['next', 'doing', 'done'].map((id) => ({ id, name: id })) as unknown as Board['columns'];

describe('[B22] figures of a board', () => {
  it('count and age by column, in days since a card came in', () => {
    const cards = [1, 4, 9].map((day) => ({ since: noon(day) }));
    const board = {
      columns: [
        { ...columns[0], cards },
        { ...columns[1], cards: [] },
      ],
    } as unknown as Board;
    expect(columnFigures(board, now)).toEqual([
      { id: 'next', name: 'next', count: 3, median: 6, oldest: 9 },
      { id: 'doing', name: 'doing', count: 0, median: null, oldest: null },
    ]);
  });

  it('a cycle goes from leaving the first column to completion, or from when the card was made', () => {
    const moved = past('Moved', {
      stays: [
        { column: 'next', from: noon(1) },
        { column: 'doing', from: noon(3) },
        { column: 'done', from: noon(6) },
      ],
      completedAt: noon(6),
    });
    const straight = past('Straight', { completedAt: noon(5) });
    const later = past('Later', {
      stays: [...moved.stays.slice(0, 1), { column: 'doing', from: noon(8) }],
      completedAt: noon(2),
    });
    const gone = past('Gone', { completedAt: noon(5), removedAt: noon(6) });
    expect(
      cycles([moved, straight, later, gone, past('Open', {})], 'next').map(({ title, days }) => [title, days]),
    ).toEqual([
      ['Later', 1],
      ['Straight', 4],
      ['Moved', 3],
    ]);
  });

  it('the flow counts at the end of each day, archived and removed cards too', () => {
    const moved = past('Moved', {
      createdAt: noon(8),
      stays: [
        { column: 'next', from: noon(8) },
        { column: 'doing', from: noon(9) },
      ],
      archivedAt: noon(10),
    });
    const gone = past('Gone', { createdAt: noon(8), stays: [{ column: 'old', from: noon(8) }], removedAt: noon(10) });
    const flow = flowOf([moved, gone], columns, now);
    expect(flow.days).toEqual(['2026-11-08', '2026-11-09', '2026-11-10']);
    expect(flow.bands.map(({ id, counts }) => [id, counts.join('')])).toEqual([
      ['archived', '001'],
      ['elsewhere', '110'],
      ['done', '000'],
      ['doing', '010'],
      ['next', '100'],
    ]);
  });

  it('shows ninety days at most, and one of an empty board', () => {
    expect(flowOf([past('Old', { createdAt: 1 })], columns, now).days).toHaveLength(90);
    expect(flowOf([], columns, now).days).toEqual(['2026-11-10']);
  });

  it('says numbers as people do', () => {
    expect([null, 0.2, 1, 1.6, 12.4].map(daysWords)).toEqual(['', 'under a day', '1 day', '1.5 days', '12 days']);
    expect([quantile([], 0.5), quantile([1, 2], 0.5), quantile([1, 2, 3], 0.85)]).toEqual([null, 1.5, 2.7]);
    expect([0, 3, 7, 43].map((most) => ticks(most).join(' '))).toEqual(['0 1', '0 1 2 3', '0 2 4 6 8', '0 20 40 60']);
  });
});

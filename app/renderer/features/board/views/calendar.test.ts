import { describe, expect, it } from 'vitest';
import type { Card } from '../../../../../shared/model/board/card.ts';
import type { CardDate } from '../../../../../shared/model/board/field-value.ts';
import { compareDated, datedOf, layWeek, rescheduled, type Dated } from './calendar-bars.ts';
import { addDays, daysBetween, firstWeekday, moved, step, weekday, weeksAround } from './calendar-days.ts';

describe('[B8] days of the calendar', () => {
  it('counts over months, leap days and years', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(['2026-11-30', '2026-12-06', '1969-12-31'].map(weekday)).toEqual([1, 7, 3]);
  });

  it('begins a week as the country does', () => {
    expect(firstWeekday('de-DE')).toBe(1);
    expect(firstWeekday('en-US')).toBe(7);
    expect(firstWeekday('no language')).toBe(1);
    expect(weeksAround('2026-12-02', 'week', 1)[0]).toEqual(expect.arrayContaining(['2026-11-30', '2026-12-06']));
    expect(weeksAround('2026-12-02', 'week', 7)[0]?.[0]).toBe('2026-11-29');
  });

  it('shows all weeks that a month touches, four to six', () => {
    expect(weeksAround('2027-02-10', 'month', 1)).toHaveLength(4);
    expect(weeksAround('2026-12-10', 'month', 1)).toHaveLength(5);
    expect(weeksAround('2026-11-10', 'month', 1)).toHaveLength(6);
    expect(weeksAround('2026-11-10', 'month', 1).at(-1)?.[0]).toBe('2026-11-30');
  });

  it('goes on by months to a day that there is', () => {
    expect(step('2026-01-31', 'month', 1)).toBe('2026-02-28');
    expect(step('2026-01-15', 'month', -1)).toBe('2025-12-15');
    expect(step('2026-01-31', 'week', 1)).toBe('2026-02-07');
  });

  it('moves a date by days and keeps its time of day', () => {
    const at = new Date(2026, 2, 28, 9, 30);
    expect(moved(at.getTime(), 2)).toBe(new Date(2026, 2, 30, 9, 30).getTime());
    expect(moved('2026-03-28', -1)).toBe('2026-03-27');
  });
});

describe('[B8] cards in a week', () => {
  const days = weeksAround('2026-12-02', 'week', 1)[0]!;
  const card = (id: string, due: CardDate, start: CardDate | null = null): Dated =>
    datedOf({ id, due, start } as unknown as Card)!;
  const laid = (cards: readonly Dated[], room: number) => {
    const { segments, more } = layWeek(days, cards.toSorted(compareDated), room);
    return { segments: segments.map((one) => `${one.card.id}@${one.at}+${one.span}/${one.lane}`), more: more.join('') };
  };

  it('a bar lies over its days and beside nothing else; a later one takes the lane that is free again', () => {
    const cards = [card('day', '2026-12-01'), card('bar', '2026-12-02', '2026-11-30'), card('late', '2026-12-03')];
    expect(laid(cards, 4)).toEqual({ segments: ['bar@0+3/0', 'day@1+1/1', 'late@3+1/0'], more: '0000000' });
  });

  it('is cut at the ends of the week and says that it goes on', () => {
    const { segments } = layWeek(days, [card('long', '2026-12-20', '2026-11-01')], 4);
    expect(segments[0]).toMatchObject({ at: 0, span: 7, begins: false, ends: false });
    expect(layWeek(days, [card('gone', '2026-12-07'), card('past', '2026-11-29')], 4).segments).toEqual([]);
  });

  it('what does not fit is counted on each of its days', () => {
    const at = (hour: number): number => new Date(2026, 11, 1, hour).getTime();
    const cards = ['a', 'b', 'c', 'd'].map((id, hour) => card(id, at(hour + 8)));
    expect(laid(cards, 4)).toEqual({ segments: ['a@1+1/0', 'b@1+1/1', 'c@1+1/2', 'd@1+1/3'], more: '0000000' });
    expect(laid(cards, 3)).toEqual({ segments: ['a@1+1/0', 'b@1+1/1'], more: '0200000' });
    const wide = [...cards, card('bar', '2026-12-01', '2026-11-30')];
    expect(laid(wide, 2)).toEqual({ segments: ['bar@0+2/0'], more: '0400000' });
    expect(laid(wide, 1)).toEqual({ segments: [], more: '1500000' });
  });

  it('a start behind the due day says nothing, and without a due day a card is not in it', () => {
    expect(card('x', '2026-12-01', '2026-12-05')).toMatchObject({ from: '2026-12-01', to: '2026-12-01' });
    expect(datedOf({ id: 'y', due: null, start: '2026-12-01' } as unknown as Card)).toBeNull();
  });

  it('a card that is carried takes both ends along; one from the tray is due on that day', () => {
    const due = new Date(2026, 11, 3, 17).getTime();
    expect(rescheduled({ start: '2026-12-01', due }, '2026-12-02', '2026-12-09')).toEqual({
      start: '2026-12-08',
      due: new Date(2026, 11, 10, 17).getTime(),
    });
    expect(rescheduled({ start: null, due: null }, '', '2026-12-09')).toEqual({ start: null, due: '2026-12-09' });
  });
});

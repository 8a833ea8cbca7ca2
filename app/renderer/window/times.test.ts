// Times as people read them.
import { expect, test } from 'vitest';
import { dayOf } from './time-left.ts';
import { ago, clockTime, count, fullTime, isoTime, since } from './times.ts';

const now = new Date(2026, 10, 18, 12, 0).getTime();
const at = (day: number, hour: number, minute: number): number => new Date(2026, 10, day, hour, minute).getTime();

test('[X5] a time is as short as it can be and still exact', () => {
  expect(clockTime(at(18, 9, 17))).toBe('09:17');
  expect(since(at(18, 9, 17), now)).toBe('09:17');
  expect(since(at(17, 9, 17), now)).toBe('Tue 09:17');
  expect(ago(at(18, 11, 52), now)).toBe('8 min ago');
  expect(ago(at(18, 9, 17), now)).toBe('09:17');
  expect(ago(at(17, 9, 17), now)).toBe('Tue');
});

test('[X5] a time from a clock that is ahead is not called past', () => {
  expect(ago(at(18, 12, 30), now)).toBe('12:30');
});

test('counts agree with their noun', () => {
  expect([count(1, 'page'), count(0, 'page'), count(2_000, 'page')]).toEqual(['1 page', '0 pages', '2,000 pages']);
});

test('[X5] any number that somebody signed as a time is words, and breaks no list of them', () => {
  for (const any of [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, Number.NaN]) {
    const words = [clockTime(any), since(any, now), ago(any, now), fullTime(any), isoTime(any), dayOf(any, now)];
    expect(words.filter((one) => one === '' || /invalid/i.test(one))).toEqual([]);
  }
});

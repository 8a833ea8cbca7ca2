// Shows that every number is a date that can be written.
import { expect, test } from 'vitest';
import { dateOf } from './date-of.ts';

test('a time that a Date holds is that time; every other number is the nearest one, or the beginning', () => {
  const now = Date.UTC(2026, 10, 29, 9, 17);
  expect(dateOf(now).getTime()).toBe(now);
  for (const at of [Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, 8.64e15 + 1]) {
    expect(dateOf(at).toISOString()).toBe('9999-12-31T00:00:00.000Z');
  }
  for (const at of [Number.NEGATIVE_INFINITY, Number.NaN, -1, 0.5]) {
    expect(Number.isNaN(dateOf(at).getTime())).toBe(false);
  }
});

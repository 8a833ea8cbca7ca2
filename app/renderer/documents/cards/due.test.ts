import { describe, expect, it } from 'vitest';
import { dueWords, nearness, shortDue } from './due.ts';

const now = new Date(2026, 10, 25, 12, 0).getTime();
const hours = (count: number): number => now + count * 3_600_000;

describe('[B11] when a card is due', () => {
  it('a time is overdue once it has come, soon under 24 hours, and done where the card is complete', () => {
    expect(nearness(now - 1, false, now)).toBe('overdue');
    expect(nearness(hours(23), false, now)).toBe('soon');
    expect(nearness(hours(25), false, now)).toBe('later');
    expect(nearness(now - 1, true, now)).toBe('done');
  });

  it('a day is overdue when it is over, whatever the hour', () => {
    expect(nearness('2026-11-24', false, now)).toBe('overdue');
    expect(nearness('2026-11-25', false, now)).toBe('soon');
    expect(nearness('2026-11-26', false, now)).toBe('soon');
    expect(nearness('2026-11-27', false, now)).toBe('later');
  });

  it('is said as people say it', () => {
    expect(shortDue('2026-11-25', now)).toBe('Today');
    expect(shortDue(hours(24), now)).toBe('Tomorrow');
    expect(shortDue('2026-11-28', now)).toBe('Sat');
    expect(shortDue('2026-12-02', now)).toMatch(/Dec/);
    expect(shortDue('2026-12-02', now)).not.toMatch(/2026/);
    expect(shortDue('2027-01-15', now)).toMatch(/2027/);
    expect(dueWords(hours(6), now)).toBe('Today, 18:00');
    expect(dueWords('2026-11-26', now)).toBe('Tomorrow');
  });
});

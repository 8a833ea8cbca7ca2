// Quiet hours and mornings by the clock on the wall: over midnight, and where it is put forward and back.
import { expect, it } from 'vitest';
import { WallClock } from './wall-clock.ts';

const at = (text: string): number => Date.parse(text);
const LISBON = new WallClock('Europe/Lisbon');
const BERLIN = new WallClock('Europe/Berlin');

it('[T19] [NT3] quiet hours hold in my zone, over midnight too', () => {
  const night = { from: 22 * 60, to: 7 * 60 };
  expect(BERLIN.isQuiet(night, at('2026-11-30T20:59:59Z'))).toBe(false);
  expect(BERLIN.isQuiet(night, at('2026-11-30T21:00:00Z'))).toBe(true);
  expect(BERLIN.isQuiet(night, at('2026-12-01T05:59:59Z'))).toBe(true);
  expect(BERLIN.isQuiet(night, at('2026-12-01T06:00:00Z'))).toBe(false);
  // The same moment elsewhere.
  expect(new WallClock('America/Recife').isQuiet(night, at('2026-11-30T21:00:00Z'))).toBe(false);
  const lunch = { from: 12 * 60, to: 13 * 60 };
  expect(LISBON.isQuiet(lunch, at('2026-11-30T12:30:00Z'))).toBe(true);
  expect(LISBON.isQuiet(lunch, at('2026-11-30T13:00:00Z'))).toBe(false);
});

it('[T19] [NT3] when the clock goes back or forward they end when the wall says so', () => {
  const night = { from: 22 * 60, to: 7 * 60 };
  // 25 October 2026: three o'clock happens twice in Berlin, and seven is at 06:00 UTC.
  expect(BERLIN.isQuiet(night, at('2026-10-25T05:30:00Z'))).toBe(true);
  expect(BERLIN.isQuiet(night, at('2026-10-25T06:00:00Z'))).toBe(false);
  // 28 March 2027: two to three is skipped, and seven is at 05:00 UTC.
  expect(BERLIN.isQuiet(night, at('2027-03-28T04:59:00Z'))).toBe(true);
  expect(BERLIN.isQuiet(night, at('2027-03-28T05:00:00Z'))).toBe(false);
});

it('[B12] [NT7] nine in the morning is found on any day, and a time that is skipped comes later', () => {
  expect(BERLIN.timeOf('2026-11-30', 9 * 60)).toBe(at('2026-11-30T08:00:00Z'));
  expect(BERLIN.timeOf('2026-10-25', 9 * 60)).toBe(at('2026-10-25T08:00:00Z'));
  expect(BERLIN.timeOf('2027-03-28', 9 * 60)).toBe(at('2027-03-28T07:00:00Z'));
  expect(BERLIN.timeOf('2027-03-28', 9 * 60, -1)).toBe(at('2027-03-27T08:00:00Z'));
  expect(BERLIN.timeOf('2027-03-01', 9 * 60, -1)).toBe(at('2027-02-28T08:00:00Z'));
  expect(BERLIN.timeOf('2027-03-28', 2 * 60 + 30)).toBe(at('2027-03-28T01:30:00Z'));
  expect(new WallClock('Pacific/Kiritimati').timeOf('2026-12-01', 0)).toBe(at('2026-11-30T10:00:00Z'));
  expect(new WallClock('nowhere').timeOf('2026-12-01', 0)).toBe(at('2026-12-01T00:00:00Z'));
  expect(BERLIN.dayOf(at('2026-11-30T23:30:00Z'))).toBe('2026-12-01');
  for (const hostile of [Number.NaN, 9e18, -9e18]) expect(() => BERLIN.dayOf(hostile)).not.toThrow();
});

// Shows when a sender is held and let go: beyond the bound, and again at half of it, each told once.
import { expect, it } from 'vitest';
import { ReadAhead, weightOf } from './read-ahead.ts';

it('[LF5] [SS2] holds beyond the bound, lets go at half of it, and says each once', () => {
  const told: boolean[] = [];
  const ahead = new ReadAhead(1_000, (held) => told.push(held));
  ahead.add(1_000);
  expect(told).toEqual([]);
  ahead.add(1);
  ahead.add(500);
  expect(told).toEqual([true]);
  ahead.add(-1_000);
  expect(told).toEqual([true]);
  ahead.add(-1);
  expect(told).toEqual([true, false]);
  ahead.add(300);
  expect(told).toEqual([true, false]);
});

it('[LF5] [SS2] an update weighs more than its bytes, or a flood of small ones would be free', () => {
  expect(weightOf(new Uint8Array(10))).toBeGreaterThan(100);
});

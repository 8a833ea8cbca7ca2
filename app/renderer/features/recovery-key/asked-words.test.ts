// The test of a recovery key: three places in order, forgiving about case and spaces, exact about words.
import { expect, test } from 'vitest';
import { drawPlaces, firstWrong, splitWords } from './asked-words.ts';

const WORDS = ['abandon', 'ability', 'able', 'about'];

test('three different places are drawn, in order', () => {
  const numbers = [0.9, 0.9, 0.1, 0.5];
  expect(drawPlaces(24, () => numbers.shift() ?? 0)).toEqual([2, 12, 21]);
  expect(drawPlaces(2, Math.random)).toEqual([0, 1]);
});

test('words are read through numbers, lines and capitals, as people write them down', () => {
  expect(splitWords('1. Abandon\n2. ability,  ABLE')).toEqual(['abandon', 'ability', 'able']);
});

test('the first word that does not fit is named by its place', () => {
  expect(firstWrong(WORDS, [0, 2], [' Abandon ', 'ABLE'])).toBeNull();
  expect(firstWrong(WORDS, [0, 2], ['abandon', 'about'])).toBe(2);
  expect(firstWrong(WORDS, [1], [''])).toBe(1);
  expect(firstWrong(WORDS, [1], [])).toBe(1);
});

// Jumping by name: what a typed word finds, and how fast.
import { expect, test } from 'vitest';
import { matchTitle, pieces, prepare, queryWords, typoPrefix } from './match.ts';

const matches = (query: string, title: string): boolean => matchTitle(queryWords(query), prepare(title)) !== null;
const score = (query: string, title: string): number => matchTitle(queryWords(query), prepare(title))?.score ?? -1;

test('[X1] finds by word starts in any order, inside words, and without accents', () => {
  expect(matches('dish al', 'Dish alignment')).toBe(true);
  expect(matches('align dish', 'Dish alignment')).toBe(true);
  expect(matches('ignm', 'Dish alignment')).toBe(true);
  expect(matches('resume', 'Résumé of Œuvre')).toBe(true);
  expect(matches('天線', '二號天線記錄')).toBe(true);
  expect(matches('zebra', 'Dish alignment')).toBe(false);
});

test('[X1] forgives one slip: wrong, missing, doubled, swapped', () => {
  for (const typo of ['aligmment', 'alinment', 'alllignment', 'alginment']) {
    expect(matches(typo, 'Dish alignment'), typo).toBe(typo !== 'alllignment');
  }
  expect(matches('allignment', 'Dish alignment')).toBe(true);
  expect(typoPrefix('dsi', 'dish')).toBeNull();
});

test('[X1] a word start is better than inside, and inside better than a slip', () => {
  expect(score('ante', 'Antenna build')).toBeGreaterThan(score('ante', 'Elegante'));
  expect(score('antenna', 'Big antennas')).toBeGreaterThan(score('antenma', 'Antenna'));
  expect(score('antenna', 'Antenna')).toBeGreaterThan(score('antenna', 'Antenna log 2026 of the coast site'));
});

test('[X1] the matched letters are the ones of the title itself', () => {
  const found = matchTitle(queryWords('resu ann'), prepare('Résumé, Anna'));
  expect(pieces('Résumé, Anna', found?.ranges ?? [])).toEqual([
    { text: 'Résu', hit: true },
    { text: 'mé, ', hit: false },
    { text: 'Ann', hit: true },
    { text: 'a', hit: false },
  ]);
});

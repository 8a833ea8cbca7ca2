// Rows of a long tree that stand in the DOM: what is in sight and what has the focus, and no more.
import { expect, test } from 'vitest';
import { drawnRows, ROW_HEIGHT, sightOf } from './rows-in-sight.ts';

const rows = Array.from({ length: 2_000 }, (_, index) => index);
const drawn = (above: number, stays: (row: number) => boolean = () => false): number[] =>
  drawnRows(rows, sightOf(above, 20 * ROW_HEIGHT), stays).map(({ index }) => index);

test('a long tree draws what is in sight and some around it, wherever it is scrolled to', () => {
  // All 2,000 rows were drawn: 40,000 nodes, and 75 ms for every title that arrived.
  for (const above of [-5_000, -100, 0, 300, 28_000, 55_400]) {
    const shown = drawn(above);
    expect(shown.length).toBeLessThanOrEqual(80);
    const first = Math.max(0, Math.floor(above / ROW_HEIGHT));
    const last = Math.min(rows.length, Math.ceil(above / ROW_HEIGHT + 20));
    for (let index = first; index < last; index += 1) expect(shown).toContain(index);
  }
});

test('[X4] the row with the focus stays, in its place in the order', () => {
  expect(drawn(28_000, (row) => row === 3)[0]).toBe(3);
  expect(drawn(0, (row) => row === 1_999).at(-1)).toBe(1_999);
});

test('a short tree is drawn whole', () => {
  expect(drawnRows(rows.slice(0, 150), { from: 0, to: 0 }, () => false)).toHaveLength(150);
});

import { describe, expect, it } from 'vitest';
import { drawn, GAP, indexAt, stack } from './list-in-sight.ts';

describe('[B19] cards in sight', () => {
  const heights = Array.from({ length: 800 }, (_, at) => 60 + (at % 3) * 20);
  const { tops, height } = stack(heights);

  it('stand below each other with a gap', () => {
    expect(stack([10, 20])).toEqual({ tops: [0, 10 + GAP], height: 30 + GAP });
    expect(stack([]).height).toBe(0);
    expect(height).toBe(heights.reduce((sum, one) => sum + one + GAP, -GAP));
  });

  it('of eight hundred only those that touch the span are drawn; a short list is drawn whole', () => {
    const [from, to] = drawn(tops, heights, { top: 10_000, bottom: 11_000 });
    expect(to - from).toBeLessThan(20);
    expect(tops[from]! + heights[from]!).toBeGreaterThanOrEqual(10_000);
    expect(tops[to - 1]!).toBeLessThanOrEqual(11_000);
    expect(drawn(tops.slice(0, 30), heights, { top: 10_000, bottom: 11_000 })).toEqual([0, 30]);
  });

  it('[B3] a drop goes in front of the card whose middle is below the pointer', () => {
    expect(indexAt([0, 68], [60, 60], 10)).toBe(0);
    expect(indexAt([0, 68], [60, 60], 31)).toBe(1);
    expect(indexAt([0, 68], [60, 60], 500)).toBe(2);
    expect(indexAt([], [], 5)).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { linesInSight } from './lines-in-sight.ts';

describe('[B8] rows in sight', () => {
  it('of five thousand those that touch the span; a few are drawn whole', () => {
    expect(linesInSight(5_000, 36, { top: 3_600, bottom: 4_320 })).toEqual([100, 120]);
    expect(linesInSight(5_000, 36, { top: -600, bottom: 720 })).toEqual([0, 20]);
    expect(linesInSight(100, 36, { top: 90_000, bottom: 91_000 })).toEqual([100, 100]);
    expect(linesInSight(60, 36, { top: 90_000, bottom: 91_000 })).toEqual([0, 60]);
  });
});

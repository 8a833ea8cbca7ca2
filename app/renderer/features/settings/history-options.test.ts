// What the settings say about how much history is kept.
import { describe, expect, it } from 'vitest';
import { bytesOptions, daysOptions } from './history-options.ts';

describe('the bounds of history in the settings', () => {
  // The settings once said "No history" and "Nothing" for zero, which removes nothing at all.
  it('[SG12] say for zero that nothing is removed, and offer it last', () => {
    expect(daysOptions(0).at(-1)).toEqual({ value: '0', label: 'For ever' });
    expect(bytesOptions(0).at(-1)).toEqual({ value: '0', label: 'Any size' });
  });

  it('hold the one that is set among them, in order', () => {
    expect(daysOptions(7).map(({ value }) => value)).toEqual(['7', '30', '90', '365', '3650', '0']);
  });
});

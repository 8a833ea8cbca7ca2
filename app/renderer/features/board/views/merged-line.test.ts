import { describe, expect, it } from 'vitest';
import { mergedLine } from './merged-line.ts';

describe('[B18] a line that two people edited', () => {
  it('has both edits where they lie apart', () => {
    expect(mergedLine('Order motors', 'Order two motors', 'Order motors today')).toBe('Order two motors today');
    expect(mergedLine('Order motors', 'Order motors 🛰️', 'Please order motors')).toBe('Please order motors 🛰️');
    expect(mergedLine('ab', 'aXb', 'abY')).toBe('aXbY');
  });

  it('is mine where both changed the same words, theirs where I changed nothing', () => {
    expect(mergedLine('Order motors', 'Order pumps', 'Order fans')).toBe('Order pumps');
    expect(mergedLine('Order motors', 'Order motors', 'Order fans')).toBe('Order fans');
    expect(mergedLine('a', 'b', 'a')).toBe('b');
    expect(mergedLine('🛰', '🚀', '🛰!')).toBe('🚀!');
  });
});

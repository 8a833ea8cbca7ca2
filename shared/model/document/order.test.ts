import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSiblings, isOrderKey, placeAt, type Ordered } from './order.ts';

function applied(siblings: readonly Ordered[], index: number): Ordered[] {
  const placement = placeAt(siblings, index);
  const keys = new Map(placement.rekeyed.map((one) => [one.id, one.order]));
  return [
    ...siblings.map((one) => ({ id: one.id, order: keys.get(one.id) ?? one.order })),
    { id: 'NEW', order: placement.order },
  ].sort(compareSiblings);
}

describe('order keys', () => {
  it('[DD3] a place between two equal keys is found, and only those behind get new keys', () => {
    const siblings = [
      { id: 'a', order: 'a0' },
      { id: 'b', order: 'a1' },
      { id: 'c', order: 'a1' },
      { id: 'd', order: 'a2' },
    ];
    expect(applied(siblings, 2).map((one) => one.id)).toEqual(['a', 'b', 'NEW', 'c', 'd']);
    expect(placeAt(siblings, 2).rekeyed.map((one) => one.id)).toEqual(['c']);
    expect(placeAt(siblings, 1).rekeyed).toEqual([]);
  });

  it('[DD3] whatever keys peers have written, the new one stands where it was put, and nothing throws', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'a0',
        'a1',
        'a1',
        'a2',
        'Zz',
        '',
        'zzzzzzzzzzzzzzzzzzzzzzzzzzz',
        'A00000000000000000000000000',
        'a0V',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 12 }), fc.nat(14), (keys, index) => {
        const siblings = keys
          .map((order, at) => ({ id: `s${at}`, order: isOrderKey(order) ? order : '' }))
          .sort(compareSiblings);
        const after = applied(siblings, index).map((one) => one.id);
        const expected = siblings.map((one) => one.id);
        expected.splice(Math.min(index, siblings.length), 0, 'NEW');
        expect(after).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('[DD3] a thousand inserts in one gap keep the keys short enough to be stored', () => {
    let siblings: Ordered[] = [
      { id: 'left', order: 'a0' },
      { id: 'right', order: 'a1' },
    ];
    for (let i = 0; i < 1_500; i++) {
      const placement = placeAt(siblings, 1);
      const keys = new Map(placement.rekeyed.map((one) => [one.id, one.order]));
      siblings = siblings.map((one) => ({ id: one.id, order: keys.get(one.id) ?? one.order }));
      siblings.splice(1, 0, { id: `n${i}`, order: placement.order });
      expect(placement.order.length).toBeLessThanOrEqual(200);
    }
    expect([...siblings].sort(compareSiblings)).toEqual(siblings);
  });
});

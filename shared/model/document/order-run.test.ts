// Runs of order keys: two writers in one gap, a thousand in a row, and whatever keys peers have written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSiblings, isOrderKey, type Ordered } from './order.ts';
import { placeRun } from './order-run.ts';

const ANA = 3_141_592_653;
const BO = 271_828_182;

/** One after another behind `behind`, as somebody types cards; the answer is what the writer then sees. */
function typed(siblings: readonly Ordered[], behind: string | null, ids: readonly string[], client: number): Ordered[] {
  let list = [...siblings].sort(compareSiblings);
  let last = behind;
  for (const id of ids) {
    const at = last === null ? 0 : list.findIndex((one) => one.id === last) + 1;
    const { orders, rekeyed } = placeRun(list, at, 1, client);
    const keys = new Map(rekeyed.map((one) => [one.id, one.order]));
    list = list.map((one) => ({ id: one.id, order: keys.get(one.id) ?? one.order }));
    list.push({ id, order: orders[0] ?? '' });
    list.sort(compareSiblings);
    last = id;
  }
  return list;
}
const five = (who: string): string[] => [1, 2, 3, 4, 5].map((at) => `${who}${String(at)}`);
const merged = (...lists: readonly Ordered[][]): string =>
  [...new Map(lists.flat().map((one) => [one.id, one])).values()]
    .sort(compareSiblings)
    .map((one) => one.id)
    .join(' ');

describe('runs of order keys', () => {
  it('[DD8] what two people type or paste in one gap at once stands in two runs, not mixed', () => {
    for (const start of [
      [],
      [{ id: 'left', order: 'a0' }],
      [
        { id: 'left', order: 'a0' },
        { id: 'right', order: 'a1' },
      ],
    ]) {
      for (const behind of start.length > 0 ? ['left', null] : [null]) {
        const ana = typed(start, behind, five('a'), ANA);
        const bo = typed(start, behind, five('b'), BO);
        expect(merged(ana, bo)).toMatch(/(a1 a2 a3 a4 a5 b1 b2 b3 b4 b5|b1 b2 b3 b4 b5 a1 a2 a3 a4 a5)/);
        const pasted = (who: string, client: number): Ordered[] =>
          placeRun(start, behind === null ? 0 : 1, 5, client).orders.map((order, at) => ({
            id: `${who}${String(at + 1)}`,
            order,
          }));
        expect(merged(pasted('a', ANA), pasted('b', BO))).toMatch(/a1 a2 a3 a4 a5/);
        expect(merged(pasted('a', ANA), pasted('b', BO))).toMatch(/b1 b2 b3 b4 b5/);
      }
    }
    // The two go on apart behind one card that both have, which one of them made.
    const first = typed([{ id: 'left', order: 'a0' }], 'left', ['first'], ANA);
    expect(merged(typed(first, 'first', five('a'), ANA), typed(first, 'first', five('b'), BO))).toMatch(
      /^left first (a1 a2 a3 a4 a5 b1 b2 b3 b4 b5|b1 b2 b3 b4 b5 a1 a2 a3 a4 a5)$/,
    );
  });

  it('[DD8] thousands put at one place, before or behind one another, keep short keys and their order', () => {
    const start = [
      { id: 'left', order: 'a0' },
      { id: 'right', order: 'a1' },
    ];
    for (const backwards of [false, true]) {
      const list: Ordered[] = [...start];
      for (let count = 0; count < 4_000; count += 1) {
        const at = backwards ? 1 : list.length - 1;
        const { orders, rekeyed } = placeRun(list, at, 1, ANA);
        expect(rekeyed).toEqual([]);
        list.splice(at, 0, { id: `n${String(count)}`, order: orders[0] ?? '' });
      }
      expect([...list].sort(compareSiblings)).toEqual(list);
      expect(Math.max(...list.map((one) => one.order.length))).toBeLessThan(20);
    }
  });

  it('[DD8] thousands of moves to any place by three people keep keys short enough to be stored', () => {
    const random = (
      (state) => () =>
        (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    )(7);
    let list: Ordered[] = placeRun([], 0, 60, ANA).orders.map((order, at) => ({ id: `c${String(at)}`, order }));
    let longest = 0;
    let rekeyings = 0;
    for (let move = 0; move < 6_000; move += 1) {
      const [one] = list.splice(Math.floor(random() * list.length), 1);
      const at = Math.floor(random() * (list.length + 1));
      const { orders, rekeyed } = placeRun(list, at, 1, [ANA, BO, 77][move % 3] ?? 0);
      const keys = new Map(rekeyed.map((other) => [other.id, other.order]));
      if (rekeyed.length > 0) rekeyings += 1;
      list = list.map((other) => ({ id: other.id, order: keys.get(other.id) ?? other.order }));
      list.splice(at, 0, { id: one?.id ?? '', order: orders[0] ?? '' });
      longest = Math.max(longest, orders[0]?.length ?? 0);
    }
    expect([...list].sort(compareSiblings)).toEqual(list);
    expect(longest).toBeLessThanOrEqual(200);
    expect(rekeyings).toBeLessThan(60);
  });

  it('[DD8] [DD3] whatever keys peers have written, the new ones stand where they were put', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'a0',
        'a1',
        'a1',
        'a2',
        'Zz',
        '',
        'a0V',
        'zzzzzzzzzzzzzzzzzzzzzzzzzzz',
        'A00000000000000000000000000',
      ),
      fc.string({ maxLength: 12 }),
      fc.constantFrom(...placeRun([], 0, 4, ANA).orders, ...placeRun([{ id: 'a', order: 'a0' }], 1, 3, BO).orders),
    );
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 10 }),
        fc.nat(11),
        fc.nat(4),
        fc.constantFrom(ANA, BO),
        (keys, index, count, who) => {
          const siblings = keys
            .map((order, at) => ({ id: `s${String(at)}`, order: isOrderKey(order) ? order : '' }))
            .sort(compareSiblings);
          const { orders, rekeyed } = placeRun(siblings, index, count, who);
          expect(orders.length).toBe(count);
          const changed = new Map(rekeyed.map((one) => [one.id, one.order]));
          const after = [
            ...siblings.map((one) => ({ id: one.id, order: changed.get(one.id) ?? one.order })),
            ...orders.map((order, at) => ({ id: `t${String(at)}`, order })),
          ].sort(compareSiblings);
          const expected = siblings.map((one) => one.id);
          expected.splice(Math.min(index, siblings.length), 0, ...orders.map((_, at) => `t${String(at)}`));
          expect(after.map((one) => one.id)).toEqual(expected);
          for (const order of orders) expect(isOrderKey(order)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backlog } from './backlog.ts';

describe('bytes behind the message in flight', () => {
  test('nothing was sent, or all of it has gone: nothing is behind', () => {
    const backlog = new Backlog();
    expect(backlog.behind(0)).toBe(0);
    backlog.sent(500);
    expect(backlog.behind(0)).toBe(0);
  });

  test('a message alone is never behind, however large; the second is', () => {
    const backlog = new Backlog();
    backlog.sent(1_000_000);
    expect(backlog.behind(1_000_000)).toBe(0);
    backlog.sent(10);
    expect(backlog.behind(1_000_010)).toBe(10);
    expect(backlog.behind(10)).toBe(0);
  });

  test('it counts as a list of all messages does, however they leave', () => {
    const step = fc.record({ size: fc.integer({ min: 1, max: 50 }), leaving: fc.integer({ min: 0, max: 120 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const backlog = new Backlog();
        let held: number[] = [];
        for (const { size, leaving } of steps) {
          held.push(size);
          backlog.sent(size);
          let left = leaving;
          held = held.flatMap((bytes) => {
            const gone = Math.min(bytes, left);
            left -= gone;
            return gone === bytes ? [] : [bytes - gone];
          });
          const waiting = held.reduce((sum, bytes) => sum + bytes, 0);
          expect(backlog.behind(waiting)).toBe(waiting - (held[0] ?? 0));
        }
      }),
    );
  });
});

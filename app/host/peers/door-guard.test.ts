import { expect, test } from 'vitest';
import { FakeClock } from '../../../shared/base/clock.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { DoorGuard, plainAddress } from './door-guard.ts';

test('[PE29] of one address a few wait; of all some, and who has most loses the oldest', () => {
  const guard = new DoorGuard(new FakeClock());
  const cut: string[] = [];
  const come = (address: string, name = address) => guard.came(address, () => cut.push(name));
  const own = Array.from({ length: LIMITS.peersWaitingPerAddress + 3 }, (_, index) => come('a', `a${index}`));
  expect(own.filter((one) => one === null)).toHaveLength(3);
  for (let index = 0; guard.waiting < LIMITS.peersWaiting; index += 1) come(`other${index}`);
  expect(cut).toEqual([]);
  expect(come('late')).not.toBeNull();
  expect(cut).toEqual(['a0']);
  expect(guard.waiting).toBe(LIMITS.peersWaiting);
});

test('[PE29] who failed often waits, longer each time, and is taken at once after it was let in', () => {
  const clock = new FakeClock();
  const guard = new DoorGuard(clock);
  const fail = (): boolean => {
    const arrival = guard.came('a', () => undefined);
    arrival?.gone();
    return arrival !== null;
  };
  for (let turn = 0; turn < LIMITS.peerTries; turn += 1) expect(fail()).toBe(true);
  const waits = Array.from({ length: 9 }, () => {
    let waited = 0;
    for (; !fail(); waited += 500) clock.advance(500);
    return waited;
  });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  clock.advance(LIMITS.peerBackoff);
  const arrival = guard.came('a', () => undefined);
  arrival?.letIn();
  arrival?.gone();
  expect(fail()).toBe(true);
  expect(fail()).toBe(true);
  expect([guard.waiting, clock.pending]).toEqual([0, 0]);
});

test('[PE29] who is not proved in time is cut, and who is proved is not', () => {
  const clock = new FakeClock();
  const guard = new DoorGuard(clock);
  const cut: string[] = [];
  guard.came('slow', () => cut.push('slow'));
  guard.came('proved', () => cut.push('proved'))?.proved();
  clock.advance(LIMITS.unauthenticatedTime);
  expect(cut).toEqual(['slow']);
});

test('an address is one, whichever kind of socket it came by', () => {
  expect(plainAddress('::ffff:192.168.0.7')).toBe('192.168.0.7');
  expect(plainAddress('fe80::1')).toBe('fe80::1');
  expect(plainAddress(undefined)).toBe('');
});

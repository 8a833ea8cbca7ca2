import { expect, it } from 'vitest';
import { FakeClock } from '../../../shared/base/clock.ts';
import { CODE_HOLDS, readCode, ShownCodes } from './shown-codes.ts';

it('[PE48] reads a code however somebody types it, and nothing that is none', () => {
  expect(readCode('KX4T-9M2P')).toBe('KX4T9M2P');
  expect(readCode(' kx4t – 9m2p ')).toBe('KX4T9M2P');
  expect(readCode('oI1l-0OuV')).toBe('0111'.slice(0, 4) + '00VV');
  for (const wrong of ['', 'KX4T-9M2', 'KX4T-9M2PQ', 'KX4T-9M2!', 'ÄX4T-9M2P'])
    expect(readCode(wrong), wrong).toBeNull();
});

it('[PE49] shows one code at a time, for ten minutes, and none after it was used or tried too often', () => {
  const clock = new FakeClock();
  const codes = new ShownCodes(clock, (workspace) => workspace === 'open');
  const heard: string[] = [];
  codes.onChange((workspace) => heard.push(workspace));
  const first = codes.show('w');
  expect(first.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(first.until - clock.now()).toBe(CODE_HOLDS);
  expect(codes.show('w')).toEqual(first);
  expect(codes.current('w')).toBe(readCode(first.code));
  const second = codes.show('w', true);
  expect(second.code).not.toBe(first.code);
  expect(codes.current('w')).toBe(readCode(second.code));
  clock.advance(CODE_HOLDS - 1);
  expect(codes.current('w')).not.toBeNull();
  clock.advance(1);
  expect(codes.current('w')).toBeNull();

  codes.show('w');
  for (let wrong = 0; wrong < 4; wrong += 1) codes.failed('w');
  expect(codes.current('w')).not.toBeNull();
  codes.failed('w');
  expect(codes.current('w')).toBeNull();

  codes.show('w');
  codes.used('w');
  expect(codes.current('w')).toBeNull();
  expect(clock.pending).toBe(0);
  expect(heard.length).toBe(7);
});

it('[PE50] needs no second code of who came by one, and none where the switch is on', () => {
  const codes = new ShownCodes(new FakeClock(), (workspace) => workspace === 'open');
  expect([codes.needed('open'), codes.needed('w')]).toEqual([false, true]);
  codes.introduced('w', 'device');
  expect([codes.knows('w', 'device'), codes.knows('w', 'other'), codes.knows('v', 'device')]).toEqual([
    true,
    false,
    false,
  ]);
  codes.forget('w');
  expect(codes.knows('w', 'device')).toBe(false);
});

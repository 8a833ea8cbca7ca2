// How many sockets one origin may have; counted, nothing is opened.
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../shared/protocol/limits.ts';
import { originOf, SocketTally } from './socket-tally.ts';

const NOBODY = { device: null, member: null };
const most = LIMITS.socketsPerDevice;

describe('[RE35] sockets of one origin', () => {
  it('counts a device wherever it connects from, and an address where nothing is proved', () => {
    const ana = { device: 'laptop', member: 'ana' };
    expect(originOf(ana, '10.0.0.1')).toBe(originOf(ana, '10.0.0.2'));
    expect(originOf(NOBODY, '::ffff:10.0.0.1')).toBe(originOf(NOBODY, '10.0.0.1'));
    expect(originOf(NOBODY, 'laptop')).not.toBe(originOf(ana, 'laptop'));
  });

  it('refuses one more than the limit, and takes it once another is closed', () => {
    for (const origin of ['device laptop', 'address 10.0.0.1']) {
      const tally = new SocketTally(0);
      const open = Array.from({ length: most }, () => tally.opened(origin));
      expect([tally.mayOpen(origin), tally.mayOpen('device another'), tally.mayOpen('address 10.0.0.2')]).toEqual([
        false,
        true,
        true,
      ]);
      open[0]!.dispose();
      open[0]!.dispose();
      expect(tally.mayOpen(origin)).toBe(true);
      for (const one of open) one.dispose();
      expect(tally.origins).toBe(0);
    }
  });

  it('bounds this computer’s own addresses only where that is set, for a proxy makes everybody one of them', () => {
    const [free, bounded] = [new SocketTally(0), new SocketTally(2)];
    for (let at = 0; at < 3 * most; at += 1) free.opened('address 127.0.0.1');
    expect(free.mayOpen('address 127.0.0.1')).toBe(true);
    bounded.opened('address ::1');
    expect(bounded.mayOpen('address ::1')).toBe(true);
    bounded.opened('address ::1');
    expect(bounded.mayOpen('address ::1')).toBe(false);
  });
});

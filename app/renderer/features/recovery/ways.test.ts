// Which way out of a damaged store a window offers first.
import { expect, test } from 'vitest';
import type { RecoveryState } from '../../../contract/recovery.ts';
import { aloneHere, firstWay, hindrance } from './ways.ts';

const STATE: RecoveryState = {
  reason: '',
  store: '/data/store',
  found: ['A row fails its checks.'],
  more: 0,
  readable: { rooms: 3, bytes: 100, changes: 9 },
  snapshots: [{ id: 'a', at: '2026-11-22T10:00:00Z', rooms: 3, changes: 9, bytes: 100 }],
  workspaces: [
    { title: 'Perigee', relay: 'ws://relay' },
    { title: 'Alone', relay: null },
  ],
  working: false,
};

test('[RV1] [X10] the way that keeps most comes first, and one that cannot be gone says why', () => {
  expect(firstWay(STATE)).toBe('repair');
  expect(firstWay({ ...STATE, readable: null })).toBe('restore');
  expect(firstWay({ ...STATE, readable: null, snapshots: [] })).toBe('refill');
  expect(hindrance({ ...STATE, readable: null }, 'repair')).toContain('can be read');
  expect(hindrance({ ...STATE, found: null }, 'refill')).toContain('still');
  expect(hindrance({ ...STATE, workspaces: [] }, 'refill')).toContain('relay');
  expect(aloneHere(STATE)).toEqual(['Alone']);
});

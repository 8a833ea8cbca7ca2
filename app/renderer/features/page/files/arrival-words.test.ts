// What is said of a file that is not here: no more than was told.
import { expect, it } from 'vitest';
import type { BlobHolders } from '../../../../contract/attachments.ts';
import { arrivalWords } from './arrival-words.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const LAPTOP = { device: 'd', deviceName: 'laptop', member: 'bo', name: 'Bo', seen: NOW - 300_000 };

const { seen: _seen, ...OTHER } = LAPTOP;
const HERE = { ...OTHER, met: null };
const MET = { ...OTHER, deviceName: 'tablet', met: NOW - 1_800_000 };

it.each<[BlobHolders, string]>([
  [{ relay: 'held', added: LAPTOP, peers: [] }, 'On the relay; it comes by itself'],
  [{ relay: 'absent', added: LAPTOP, peers: [] }, 'Not on the relay yet; on Bo’s laptop, last seen 5 min ago'],
  [{ relay: 'absent', added: null, peers: [] }, 'Not on the relay, and nobody told who has it'],
  [{ relay: 'unknown', added: { ...LAPTOP, deviceName: '', seen: null }, peers: [] }, 'Not here yet; on Bo’s computer'],
  [{ relay: 'unknown', added: null, peers: [] }, 'Not here, and nobody told who has it'],
  [
    { relay: 'none', added: LAPTOP, peers: [] },
    'Not here yet; on Bo’s laptop, last seen 5 min ago. There is no relay to bring it; it comes when you meet on one network',
  ],
  [{ relay: 'none', added: null, peers: [] }, 'Not here, and nobody told who has it. There is no relay to bring it'],
  [{ relay: 'held', added: null, peers: [HERE, MET] }, 'On Bo’s laptop, here on this network; it comes by itself'],
  [
    { relay: 'none', added: LAPTOP, peers: [HERE, HERE, HERE] },
    'On Bo’s laptop and 2 more, here on this network; it comes by itself',
  ],
  [
    { relay: 'absent', added: LAPTOP, peers: [MET] },
    'Not on the relay yet; Bo’s tablet had it when you last met, 30 min ago',
  ],
  [{ relay: 'held', added: LAPTOP, peers: [MET] }, 'On the relay; it comes by itself'],
])('[W7] [AT7] %o', (holders, words) => {
  const state = { space: 's', blob: 'b', state: 'absent', received: 0, trouble: null, holders } as const;
  expect(arrivalWords(state, 0, NOW)).toBe(words);
});

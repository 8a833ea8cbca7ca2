// What is said of a file that is not here: no more than was told.
import { expect, it } from 'vitest';
import type { BlobHolders } from '../../../../contract/attachments.ts';
import { arrivalWords } from './arrival-words.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const LAPTOP = { device: 'd', deviceName: 'laptop', member: 'bo', name: 'Bo', seen: NOW - 300_000 };

it.each<[BlobHolders, string]>([
  [{ relay: 'held', added: LAPTOP }, 'On the relay; it comes by itself'],
  [{ relay: 'absent', added: LAPTOP }, 'Not on the relay yet; on Bo’s laptop, last seen 5 min ago'],
  [{ relay: 'absent', added: null }, 'Not on the relay, and nobody told who has it'],
  [{ relay: 'unknown', added: { ...LAPTOP, deviceName: '', seen: null } }, 'Not here yet; on Bo’s computer'],
  [{ relay: 'unknown', added: null }, 'Not here, and nobody told who has it'],
  [
    { relay: 'none', added: LAPTOP },
    'Not here yet; on Bo’s laptop, last seen 5 min ago. There is no relay to bring it',
  ],
])('[W7] [AT7] %o', (holders, words) => {
  const state = { space: 's', blob: 'b', state: 'absent', received: 0, trouble: null, holders } as const;
  expect(arrivalWords(state, 0, NOW)).toBe(words);
});

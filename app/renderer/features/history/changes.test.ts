// What a version's blocks say in words and numbers.
import { expect, test } from 'vitest';
import type { VersionBlockEntry } from '../../../contract/history.ts';
import { numbersIn } from './changes.ts';

test('[W19] ordered items of a version are numbered: what is gone as it was, the others as they are then', () => {
  const block = (change: VersionBlockEntry['change'], kind = 'ordered', indent = 0) =>
    ({ change, kind, indent }) as VersionBlockEntry;
  const blocks = [
    block('same'),
    block('out'),
    block('in'),
    block('same', 'ordered', 1),
    block('same'),
    block('same', 'paragraph'),
    block('same'),
  ];
  const numbers = numbersIn(blocks);
  expect(blocks.map((one) => numbers.get(one) ?? '')).toEqual(['1.', '2.', '2.', 'a.', '3.', '', '1.']);
});

// How far a first sync is, in counts that only go forward.
import { expect, it } from 'vitest';
import { RemoteChanges } from './remote-changes.ts';

it('[X9] counts what came and what is still to come, and begins anew when all was here', () => {
  const remote = new RemoteChanges('w', new Map());
  const announce = (from: number, to: number): readonly string[] =>
    remote.announced({
      kind: 'changes',
      space: 's',
      reset: false,
      upTo: to,
      entries: Array.from({ length: to - from }, (_, at) => ({ document: `p${from + at}`, number: from + at + 1 })),
    });
  const now = (): [number, number] => [remote.fetched, remote.fetching];
  remote.begin('e');
  expect(announce(0, 500)).toHaveLength(500);
  expect(now()).toEqual([0, 500]);
  remote.covered('w/s/p0', 1, 1);
  announce(500, 1_000);
  expect(now()).toEqual([1, 999]);
  remote.skip('w/s/p1');
  for (let at = 2; at < 1_000; at += 1) remote.covered(`w/s/p${at}`, at + 1, at + 1);
  expect(now()).toEqual([1_000, 0]);
  announce(1_000, 1_002);
  expect(now()).toEqual([0, 2]);
  remote.covered('w/s/p1000', 1_001, 1_001);
  // What is lost with a connection is announced again on the next one.
  remote.begin('e');
  expect(now()).toEqual([0, 0]);
});

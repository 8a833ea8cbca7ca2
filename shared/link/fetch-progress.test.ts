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

/**
 * A list comes in parts, space by space, and on a busy machine a part may be here as a whole before the next one is told. The counts
 * of a first sync went back to nothing then, and whoever waited for all of it to have come waited for ever.
 */
it('[X9] between two parts of one list the counts go on; behind its end they begin anew', () => {
  const remote = new RemoteChanges('w', new Map());
  const announce = (space: string, number: number): void => {
    const entries = [{ document: `d${number}`, number }];
    remote.announced({ kind: 'changes', space, reset: false, upTo: number, entries });
  };
  const come = (space: string, number: number): void => remote.covered(`w/${space}/d${number}`, number, number);
  const now = (): [number, number] => [remote.fetched, remote.fetching];
  remote.begin('e');
  remote.asked();
  announce('first', 1);
  come('first', 1);
  expect(now()).toEqual([1, 0]);
  announce('second', 1);
  announce('second', 2);
  expect(now()).toEqual([1, 2]);
  come('second', 1);
  remote.listed();
  come('second', 2);
  expect(now()).toEqual([3, 0]);
  announce('first', 2);
  expect(now()).toEqual([0, 1]);
  come('first', 2);
  // Asked again while all is here: what was told of the last time stands until something is to come.
  remote.asked();
  remote.listed();
  expect(now()).toEqual([1, 0]);
  announce('first', 3);
  expect(now()).toEqual([0, 1]);
});

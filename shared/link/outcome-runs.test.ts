// Which messages of a sender wait together, and what is told of them.
import { expect, test } from 'vitest';
import { OutcomeRuns, type OutcomeRun } from './outcome-runs.ts';
import type { ApplyOutcome } from './room-source.ts';

test('[AK1] messages that are stored together are told of once, and no other message with them', async () => {
  const told: [OutcomeRun, ApplyOutcome['kind']][] = [];
  const runs = new OutcomeRuns((run, { kind }) => told.push([{ ...run }, kind]));
  let store = (_: ApplyOutcome): void => undefined;
  const stored = new Promise<ApplyOutcome>((resolve) => (store = resolve));
  runs.wait(stored, 1, 10, true);
  runs.wait(stored, 2, 20, false);
  // Judged by itself, and known before what came before it; what comes behind it waits anew.
  const gap = Promise.resolve({ kind: 'gap' } as const);
  runs.wait(gap, 3, 1, false);
  runs.wait(stored, 4, 5, false);
  runs.wait(stored, 5, 5, false);
  // A whole state says that everything before it is covered (AK2): it is told of by itself.
  runs.wait(stored, 6, 7, true);
  await gap;
  store({ kind: 'stored', number: 9 });
  await stored;
  await Promise.resolve();
  expect(told).toEqual([
    [{ first: 3, last: 3, weight: 1, step2: false }, 'gap'],
    [{ first: 1, last: 2, weight: 30, step2: true }, 'stored'],
    [{ first: 4, last: 5, weight: 10, step2: false }, 'stored'],
    [{ first: 6, last: 6, weight: 7, step2: true }, 'stored'],
  ]);
});

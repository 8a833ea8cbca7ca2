// Two to six computers with clocks hours apart, some of them two of one person's: votes, likes, ticks and accepted answers count right after any order of syncing.
import { expect, it } from 'vitest';
import { runCounts } from './thread-counts-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 500 : 30));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

it(
  `[T11] [T12] [T13] [PG16] counts everybody once and nobody wrongly in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 200 },
  () => {
    const sum = { contested: 0, late: 0, merged: 0 };
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed += 1) {
      try {
        const figures = runCounts(seed, 60 + (seed % 5) * 20);
        for (const key of ['contested', 'late', 'merged'] as const) sum[key] += figures[key];
      } catch (error) {
        failures.push(String(error));
      }
    }
    expect(failures).toEqual([]);
    // They were no empty runs: things were written apart, votes came too late by their clocks, threads were merged.
    expect(sum.contested).toBeGreaterThan(SEEDS);
    expect(sum.late).toBeGreaterThan(SEEDS / 4);
    expect(sum.merged).toBeGreaterThan(SEEDS / 20);
  },
);

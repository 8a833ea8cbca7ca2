// Search and backlinks that grew change by change, in any order of arrivals and over restarts, are those that are made from nothing, on every computer.
import { expect, it } from 'vitest';
import { searchRun } from './search-run.ts';
import { randomOf } from './seeded.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 200 : 4));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

it(
  `[X2] [W21] [SE9] [LK3] the index and the links are the same however they came about, in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 500 },
  async () => {
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 3; seed += 1) {
      const random = randomOf(seed);
      const next = (most: number): number => Math.floor(random() * most);
      const wrong = await searchRun({ seed, next, steps: 40 + (seed % 4) * 20 });
      if (wrong !== null) failures.push(`seed ${seed}: ${wrong.slice(0, 2_000)}`);
    }
    expect(failures).toEqual([]);
  },
);

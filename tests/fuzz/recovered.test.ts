// Two or three people who are apart, at random: every typed character that nobody who had it deleted is in the text or in the list.
import { expect, test } from 'vitest';
import { runRecovered } from './recovered-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 3_000 : 60));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

test(
  `[W26] [SG17] no word is gone in silence in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 200 },
  async () => {
    const sums = { typed: 0, lost: 0, joined: 0, tooMany: 0 };
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed += 1) {
      try {
        const result = await runRecovered(seed, 40 + (seed % 4) * 20);
        for (const key of ['typed', 'lost', 'joined', 'tooMany'] as const) sums[key] += result[key];
      } catch (error) {
        failures.push(String(error));
      }
    }
    expect(failures).toEqual([]);
    expect(sums.typed).toBeGreaterThan(SEEDS * 20);
    expect(sums.lost).toBeGreaterThan(SEEDS);
    expect(sums.joined).toBeGreaterThan(0);
    // Two who delete one thing at the same time, or a removed row in a deleted table: it is rather offered once too often.
    expect(sums.tooMany).toBeLessThan(sums.lost / 2);
  },
);

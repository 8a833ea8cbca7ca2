// Two to four people on one table, at random: nothing typed is lost or doubled, and all see the same.
import { expect, it } from 'vitest';
import { runTable } from './table-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 3_000 : 60));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

it(
  `[W26] [TB5] [TB8] loses and doubles no character of a table in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 100 },
  () => {
    let typed = 0;
    let kept = 0;
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed += 1) {
      try {
        const result = runTable(seed, 60 + (seed % 5) * 20);
        typed += result.typed;
        kept += result.kept;
      } catch (error) {
        failures.push(String(error));
      }
    }
    expect(failures).toEqual([]);
    expect(typed).toBeGreaterThan(SEEDS * 20);
    expect(kept).toBeGreaterThan(typed / 3);
  },
);

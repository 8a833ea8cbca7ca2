// Two to six hosts move cards among two or three boards, at random: every card is in exactly one place, nothing typed is lost or doubled, and what did not go along is told.
import { expect, it } from 'vitest';
import { runGoings } from './board-goings-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 2_000 : 40));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

it(
  `[B14] [B16] [GO1] [GO3] [GO4] loses and doubles no card and no word that goes among boards in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 200 },
  () => {
    const all = { typed: 0, gone: 0, beaten: 0, late: 0 };
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed += 1) {
      try {
        const { typed, gone, beaten, late } = runGoings(seed, 50 + (seed % 5) * 10);
        all.typed += typed;
        all.gone += gone;
        all.beaten += beaten;
        all.late += late;
      } catch (error) {
        failures.push(String(error));
      }
    }
    expect(failures).toEqual([]);
    expect(all.typed).toBeGreaterThan(SEEDS * 20);
    expect(all.gone).toBeGreaterThan(SEEDS * 5);
    expect(all.beaten).toBeGreaterThan(SEEDS / 10);
    expect(all.late).toBeGreaterThan(SEEDS / 2);
  },
);

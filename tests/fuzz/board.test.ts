// Two to six people on one board, at random: every card is in exactly one place, nothing typed is lost or doubled, all see the same.
import { expect, it } from 'vitest';
import { runBoard } from './board-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 3_000 : 60));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

it(
  `[B16] [B17] [BD1] [BD4] [BD9] loses and doubles no card and no word of a board in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 200 },
  () => {
    let typed = 0;
    let contested = 0;
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed += 1) {
      try {
        const result = runBoard(seed, 50 + (seed % 5) * 10);
        typed += result.typed;
        contested += result.contested;
      } catch (error) {
        failures.push(String(error));
      }
    }
    expect(failures).toEqual([]);
    expect(typed).toBeGreaterThan(SEEDS * 20);
    expect(contested).toBeGreaterThan(SEEDS / 10);
  },
);

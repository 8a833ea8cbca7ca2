// Two peers and a relay, each link cut and healed at random, programs killed, rooms merged: in the end all is equal, nothing waits, and an edit travels as often as it must.
import { describe, expect, it } from 'vitest';
import { playSeed } from './convergence-run.ts';
import { peersScenario } from './convergence-scenario.ts';

/** The long run takes some ten minutes. */
const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] === '1' ? 1_500 : 2));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

describe('[D5] [RL2] [RL4] two peers and a relay converge', () => {
  it(
    `whatever is cut and healed (${String(SEEDS)} seeds from ${String(FIRST)})`,
    { timeout: 60_000 + SEEDS * 5_000 },
    async () => {
      const failures: string[] = [];
      for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed += 1) {
        await playSeed(seed, peersScenario).catch((error: unknown) =>
          failures.push(`seed ${String(seed)}: ${String(error)}`),
        );
      }
      expect(failures).toEqual([]);
    },
  );
});

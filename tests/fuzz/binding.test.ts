// Three editors on one page, at random: nothing typed is lost or doubled, all agree, and each view is the stored form.
import { describe, expect, it } from 'vitest';
import { runBinding } from './binding-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] === '1' ? 5_000 : 100));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);
const UNDO = ['none', 'one', 'all'] as const;

/** Seeds that once failed, with what they found. */
const CASES: readonly [seed: number, story: string][] = [
  [33, 'a marker put before a tombstone took along what stood at its place by a deleted anchor'],
  [244, 'a split sent the rest of a block behind a block that had been moved there'],
  [3692, 'updates in a wrong order stay waiting in Yjs until state vectors are exchanged'],
  [4417, 'an empty flowing fragment behind a divider showed as a block when the divider moved'],
  [5897, 'the same, with the divider as the first block'],
];

function run(seed: number): { typed: number; kept: number } {
  return runBinding({ seed, steps: 60 + (seed % 5) * 20, undo: UNDO[seed % 3] ?? 'none' });
}

describe('binding fuzz', () => {
  it(
    `[W26] loses and doubles no character in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
    { timeout: 60_000 + SEEDS * 500 },
    () => {
      let typed = 0;
      const failures: string[] = [];
      for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 20; seed += 1) {
        try {
          typed += run(seed).typed;
        } catch (error) {
          failures.push(String(error));
        }
      }
      expect(failures).toEqual([]);
      expect(typed).toBeGreaterThan(SEEDS * 20);
    },
  );

  it.each(CASES)('[W26] seed %i: %s', (seed) => {
    expect(run(seed).typed).toBeGreaterThan(0);
  });
});

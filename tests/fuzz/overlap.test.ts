// What two people change apart on a page and a board: found once, everywhere the same, with the very words; and settling it.
import { expect, it } from 'vitest';
import { runOverlaps } from './overlap-run.ts';

const SEEDS = process.env['CARAVAN_LONG'] === '1' ? 2_000 : 20;

it(
  `[OV1] [OV2] [OV3] [D3] [B16] ${String(SEEDS)} random runs: what two change apart is found once, on all computers the same, and what follows on another is not`,
  async () => {
    let [edits, overlaps] = [0, 0];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await runOverlaps(seed, 60);
      edits += result.edits;
      overlaps += result.overlaps;
    }
    expect(edits).toBeGreaterThan(20 * SEEDS);
    expect(overlaps).toBeGreaterThan(SEEDS);
  },
  20_000 + SEEDS * 100,
);

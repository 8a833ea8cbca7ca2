// Real editing by several people, replayed as edits of hosts that are apart: the data of ../shared/data, where it is there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temp-folder.ts';
import type { Stores } from './authors-apart.ts';
import { levelStore } from './convergence-host.ts';
import { askPast } from './history-of-authors.ts';
import { readHistories, replayHistory } from './history-replay.ts';
import { readTrace, replayTrace } from './trace-replay.ts';

const DATA = join(import.meta.dirname, '../../../shared/data');
const TRACES = join(DATA, 'traces/concurrent');

/** Each host's documents in a LevelDB of its own. */
async function onDisk(): Promise<Stores> {
  const folder = await temporaryFolder();
  return (name) => levelStore(join(folder, name));
}

describe('[LK] real concurrent traces', () => {
  it.skipIf(!existsSync(TRACES)).each([
    ['clownschool', 'in memory'],
    ['friendsforever', 'in memory'],
    ['friendsforever', 'on LevelDB'],
  ])(
    '%s comes to its own end on every host, %s (skipped where ../shared/data is not there)',
    { timeout: 120_000 },
    async (name, where) => {
      const trace = await readTrace(join(TRACES, `${name}.json.gz`));
      const replayed = await replayTrace(trace, 7, where === 'on LevelDB' ? await onDisk() : undefined);
      expect(replayed.faults).toEqual([]);
      expect(replayed.text === trace.endContent).toBe(true);
      expect(replayed.meetings).toBeGreaterThan(1_000);
    },
  );
});

const HISTORIES = join(DATA, 'handbook-history.json.gz');
const LONG = process.env['CARAVAN_LONG'] === '1';
/** In the short run the beginning of two pages; in the long one all of the 2,508 versions. */
const PAGES = LONG ? 40 : 2;
const VERSIONS = LONG ? 1_000 : 25;

describe('[LK] [W26] real histories of pages with many authors', () => {
  it.skipIf(!existsSync(HISTORIES))(
    `${String(PAGES)} pages, a host for each author: nothing lost, all equal (skipped where ../shared/data is not there)`,
    { timeout: LONG ? 3_000_000 : 120_000 },
    async () => {
      const histories = await readHistories(HISTORIES);
      const faults: string[] = [];
      let versions = 0;
      for (const [number, history] of histories.slice(0, PAGES).entries()) {
        versions += Math.min(VERSIONS, history.versions.length);
        // The first on LevelDB, and each fourth.
        const stores = number % 4 === 0 ? await onDisk() : undefined;
        for (const fault of await replayHistory(history, VERSIONS, number + 1, stores))
          faults.push(`${history.path}: ${fault}`);
      }
      expect(faults).toEqual([]);
      expect(versions).toBe(LONG ? 2_508 : PAGES * VERSIONS);
    },
  );
});

describe('[W19] the past of pages with many authors', () => {
  it.skipIf(!existsSync(HISTORIES))(
    `${String(PAGES)} pages written at two hosts: each change under its author, each version restored exactly (skipped where ../shared/data is not there)`,
    { timeout: LONG ? 3_000_000 : 120_000 },
    async () => {
      const histories = await readHistories(HISTORIES);
      const faults: string[] = [];
      for (const history of histories.slice(0, PAGES)) {
        for (const fault of await askPast(history, VERSIONS)) faults.push(`${history.path}: ${fault}`);
      }
      expect(faults).toEqual([]);
    },
  );
});

// Real editing by several people, replayed as edits of hosts that are apart: the data of ../shared/data, where it is there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrace, replayTrace } from './trace-replay.ts';

const DATA = join(import.meta.dirname, '../../../shared/data');
const TRACES = join(DATA, 'traces/concurrent');

describe('[LK] real concurrent traces', () => {
  it.skipIf(!existsSync(TRACES)).each(['clownschool', 'friendsforever'])(
    '%s comes to its own end on every host (skipped where ../shared/data is not there)',
    { timeout: 120_000 },
    async (name) => {
      const trace = await readTrace(join(TRACES, `${name}.json.gz`));
      const replayed = await replayTrace(trace, 7);
      expect(replayed.faults).toEqual([]);
      expect(replayed.text === trace.endContent).toBe(true);
      expect(replayed.meetings).toBeGreaterThan(1_000);
    },
  );
});

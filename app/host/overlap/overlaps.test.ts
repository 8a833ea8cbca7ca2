// From when on the sessions of a workspace are looked at: those of a computer that came in a moment ago are not taken for old ones by its next start.
import { expect, it } from 'vitest';
import { FakeClock } from '../../../shared/base/clock.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { MemoryDocStore } from '../../../shared/hub/memory-doc-store.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { Overlaps, type OverlapsParts } from './overlaps.ts';

/** A history of one space with so many sessions, none of which says anything; `asked`: behind which they were read. */
class Run {
  readonly asked: number[] = [];
  sessions = 0;
  readonly overlaps: Promise<Overlaps>;

  constructor(values: ValueStore) {
    const history = {
      onSegment: new Emitter<{ workspace: string; space: string }>().event,
      segmentHeads: () => Promise.resolve(this.sessions > 0 ? [{ space: 's', number: this.sessions }] : []),
      segmentsAfter: (_workspace: string, _space: string, after: number) => {
        this.asked.push(after);
        const hash = { hash: 'h', room: 'w/s/page', number: this.sessions };
        return Promise.resolve(after < this.sessions ? [hash] : []);
      },
      readSegment: () => Promise.resolve(null),
    };
    const rest = { values, history, clock: new FakeClock(), logger: silentLogger, me: () => null };
    const hub = { onChange: new Emitter<never>().event };
    this.overlaps = Overlaps.open({ ...rest, hub } as unknown as OverlapsParts);
  }
}

async function watched(values: ValueStore, sessions: number): Promise<readonly number[]> {
  const run = new Run(values);
  run.sessions = sessions;
  const overlaps = await run.overlaps;
  await overlaps.watch('w');
  await overlaps.settled();
  await overlaps.close();
  return run.asked;
}

it('[OV1] [D3] a first session that comes only behind a restart is looked at', async () => {
  const { values } = new MemoryDocStore();
  expect(await watched(values, 0)).toEqual([]);
  expect(await watched(values, 2)).toEqual([0, 2]);
  expect(await watched(values, 2)).toEqual([2]);
});

it('[OV1] sessions from before they were kept are left, and what comes behind them is not, also when it comes behind a restart', async () => {
  const { values } = new MemoryDocStore();
  expect(await watched(values, 3)).toEqual([]);
  expect(await watched(values, 4)).toEqual([3, 4]);
});

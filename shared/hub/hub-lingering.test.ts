// Rooms that nobody holds: how many of them a hub keeps, and which.
import { expect, onTestFinished, test } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLogger } from '../base/logger.ts';
import { Hub } from './hub.ts';
import { MemoryDocStore } from './memory-doc-store.ts';

test('[HU9] of many rooms that were let go a few stay loaded, the latest ones; those that are held stay anyway', async () => {
  // A first sync of 20,000 documents held the bytes of all that it passed through for ten seconds each.
  const clock = new FakeClock();
  const store = new MemoryDocStore();
  const loads: string[] = [];
  const load = store.load.bind(store);
  store.load = (room) => {
    loads.push(room);
    return load(room);
  };
  const access = { allows: () => true, onChange: new Emitter<void>().event };
  const hub = new Hub({ store, access, clock, logger: silentLogger, limits: { lingering: 3 } });
  onTestFinished(() => hub.close());
  const open = async (room: string) => {
    const outcome = await hub.open(room, { device: null, member: null });
    if (outcome.kind !== 'open') throw new Error(outcome.reason);
    return outcome.room;
  };
  const held = await open('w/s/held');
  for (let at = 0; at < 20; at += 1) (await open(`w/s/p${at}`)).dispose();
  await new Promise((resolve) => setImmediate(resolve));
  expect(hub.load.rooms).toBe(4);
  expect(clock.pending).toBe(3);
  loads.length = 0;
  for (const room of ['held', 'p17', 'p19', 'p0']) (await open(`w/s/${room}`)).dispose();
  expect(loads).toEqual(['w/s/p0']);
  held.dispose();
  clock.advance(10_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(hub.load.rooms).toBe(0);
  expect(clock.pending).toBe(0);
});

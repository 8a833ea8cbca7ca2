// Shows that a room which cannot be merged is left as it is, and is not tried again at every edit.
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import { compactUpdates } from './compaction.ts';
import { editRoom, readRoom } from './edit-room.ts';
import { Hub } from './hub.ts';
import { encodeStateVector } from './knowledge.ts';
import { MemoryDocStore, MemoryMedium } from './memory-doc-store.ts';

const ROOM = 'ws/space/page';
const NOBODY = { device: null, member: null };

test('[HU8] a room whose merging comes to something else is merged again only when its tail has doubled', async () => {
  // Its tail stays above the limit, and so every edit asked for another merge: a second of work for each letter.
  const medium = new MemoryMedium();
  const store = new MemoryDocStore(medium);
  const clock = new FakeClock();
  const events: string[] = [];
  const logger: Logger = { log: (_level, event) => void events.push(event), child: () => logger };
  const access = { allows: () => true, onChange: new Emitter<void>().event };
  const hub = new Hub({ store, access, clock, logger, limits: { tailEntries: 4 } });
  onTestFinished(() => hub.close());
  // A state that claims a clock which its bytes do not hold: no merge can come to it.
  const claimed = encodeStateVector(new Map([[77, 5]]));
  await store.append(ROOM, Uint8Array.of(0, 0));
  await store.compact(ROOM, 1, { update: Uint8Array.of(0, 0), stateVector: claimed, deleteSet: Uint8Array.of(0) });
  for (let edit = 0; edit < 40; edit += 1) {
    await editRoom(hub, ROOM, NOBODY, (doc) => doc.getText('body').insert(0, `${edit} `));
    clock.advance(2_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  // At 5, 10, 20 and 40 updates.
  expect(events.filter((event) => event === 'compaction-mismatch').length).toBe(4);
  expect((await store.load(ROOM))?.tail.length).toBe(40);
  expect(await readRoom(hub, ROOM, NOBODY, (doc) => doc.getText('body').toJSON())).toContain('39 38 37');
});

/** Six clients that each put letters one by one at the start of one text: each letter walks past all that the others put there. */
function crowded(letters: number): readonly Uint8Array[] {
  return [1, 2, 3, 4, 5, 6].map((client) => {
    const doc = new Y.Doc();
    doc.clientID = client;
    doc.transact(() => {
      for (let letter = 0; letter < letters; letter += 1) doc.getText('body').insert(0, 'a');
    });
    return Y.encodeStateAsUpdate(doc);
  });
}

test('[HU8] merging what several clients put letter by letter at one spot ends when its time is up', () => {
  // 120,000 letters would take an hour; a document may have a million.
  const end = Date.now() + 200;
  expect(compactUpdates(crowded(20_000), Uint8Array.of(0), () => Date.now() > end)).toEqual({ kind: 'too-slow' });
});

test('[HU8] when its time is up it is asked for no struct more', () => {
  let asked = 0;
  expect(compactUpdates(crowded(200), Uint8Array.of(0), () => ++asked > 500)).toEqual({ kind: 'too-slow' });
  expect(asked).toBeLessThan(520);
});

test('[HU8] a room that takes too long to merge stays as it is, over unloading, until its tail has doubled', async () => {
  const store = new MemoryDocStore(new MemoryMedium());
  const clock = new FakeClock();
  const events: string[] = [];
  const logger: Logger = { log: (_level, event) => void events.push(event), child: () => logger };
  const access = { allows: () => true, onChange: new Emitter<void>().event };
  // No time at all: every merge takes too long.
  const limits = { tailEntries: 4, tailAtUnload: 1, mergeTime: -1 };
  const hub = new Hub({ store, access, clock, logger, limits });
  onTestFinished(() => hub.close());
  for (let edit = 0; edit < 40; edit += 1) {
    await editRoom(hub, ROOM, NOBODY, (doc) => doc.getText('body').insert(0, `${edit} `));
    // The room is unloaded in between.
    clock.advance(20_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const tries = events.filter((event) => event === 'compaction-too-slow').length;
  expect(tries).toBeGreaterThan(1);
  expect(tries).toBeLessThan(8);
  expect((await store.load(ROOM))?.tail.length).toBe(40);
  expect(await readRoom(hub, ROOM, NOBODY, (doc) => doc.getText('body').toJSON())).toContain('39 38 37');
});

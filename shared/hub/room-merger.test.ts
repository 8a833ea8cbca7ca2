// Shows what becomes of a room, and of others, while it is merged somewhere else and takes its time.
import { expect, onTestFinished, test } from 'vitest';
import { ANA, ROOM, start } from '../../tests/support/started-hub.ts';
import { compactUpdates, type Compaction } from './compaction.ts';
import { editRoom, readRoom } from './edit-room.ts';
import type { HubLimits } from './hub-limits.ts';
import type { Hub } from './hub.ts';
import { MemoryMedium } from './memory-doc-store.ts';
import type { MergeTask, RoomMerger } from './room-merger.ts';

/** Merges when it is told to. */
class MergerInHand implements RoomMerger {
  #waiting: (() => void)[] = [];
  #isFree = false;

  get asked(): number {
    return this.#waiting.length;
  }

  merge({ updates, expected, keepDeleted }: MergeTask): Promise<Compaction> {
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(compactUpdates(updates, expected, null, keepDeleted)));
      if (this.#isFree) void this.letGo();
    });
  }

  async letGo(): Promise<void> {
    for (const merge of this.#waiting.splice(0)) merge();
    await turns();
  }

  /** From now on it merges what it is asked for. */
  free(): Promise<void> {
    this.#isFree = true;
    return this.letGo();
  }
}

function begin(limits: Partial<HubLimits>) {
  const merger = new MergerInHand();
  const started = start(new MemoryMedium(), limits, merger);
  // Behind the hub in the list, so before it: a hub that ends waits for what is being merged.
  onTestFinished(() => merger.free());
  return { ...started, merger };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function write(hub: Hub, words: number, room = ROOM): Promise<void> {
  for (let word = 0; word < words; word += 1) {
    await editRoom(hub, room, ANA, (doc) => doc.getText('body').insert(0, `${room.at(-1)}${word} `));
  }
}

const textOf = (hub: Hub, room = ROOM): Promise<string> =>
  readRoom(hub, room, ANA, (doc) => doc.getText('body').toJSON());

test('[HU8] while a room is merged somewhere else everybody writes on; what comes meanwhile stays behind what was merged', async () => {
  const { hub, store, clock, merger } = begin({ tailEntries: 4 });
  await write(hub, 5);
  clock.advance(1_000);
  await turns();
  expect(merger.asked).toBe(1);
  await editRoom(hub, ROOM, ANA, (doc) => doc.getText('body').insert(0, 'meanwhile '));
  expect(await textOf(hub)).toBe('meanwhile e4 e3 e2 e1 e0 ');
  expect((await store.load(ROOM))?.state).toBeNull();
  await merger.letGo();
  const stored = await store.load(ROOM);
  expect([stored?.state === null, stored?.tail.length]).toEqual([false, 1]);
  expect(await textOf(hub)).toBe('meanwhile e4 e3 e2 e1 e0 ');
});

test('[HU8] [HU9] a room that is being merged is loaded by nobody before the merged one is stored', async () => {
  // Who loaded it in between counted updates that were merged away a moment later, and could never merge it again.
  const { hub, store, clock, merger } = begin({ tailEntries: 4 });
  await write(hub, 5);
  clock.advance(1_000);
  await turns();
  clock.advance(10_000);
  await turns();
  let opened = false;
  const writing = write(hub, 6).then(() => (opened = true));
  await turns();
  expect(opened).toBe(false);
  await merger.letGo();
  await writing;
  clock.advance(1_000);
  await turns();
  await merger.letGo();
  expect((await store.load(ROOM))?.tail).toEqual([]);
  expect(await textOf(hub)).toBe('e5 e4 e3 e2 e1 e0 e4 e3 e2 e1 e0 ');
});

test('[HU22] nobody waits for the merging of others’ rooms to open one that was just let go', async () => {
  const { hub, store, clock, merger } = begin({ tailEntries: 4, tailAtUnload: 1 });
  await write(hub, 3, 'ws/space/b');
  await write(hub, 5, 'ws/space/a');
  clock.advance(1_000);
  await turns();
  expect(merger.asked).toBe(1);
  clock.advance(10_000);
  await turns();
  expect(await textOf(hub, 'ws/space/b')).toBe('b2 b1 b0 ');
  await merger.letGo();
  // Left to its rest, it is merged then.
  for (let step = 0; step < 30; step += 1) {
    clock.advance(2_000);
    await turns();
    await merger.letGo();
  }
  expect(hub.load.rooms).toBe(0);
  for (const room of ['ws/space/a', 'ws/space/b']) expect((await store.load(room))?.tail).toEqual([]);
});

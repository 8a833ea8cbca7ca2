// What a room stores when an update says again, or otherwise, what is there already.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { forged } from '../../tests/interop/hostile/updates.ts';
import { FakeClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { Hub } from './hub.ts';
import { MemoryDocStore } from './memory-doc-store.ts';

const ROOM = 'ws/space/page';

async function openRoom() {
  const store = new MemoryDocStore();
  const access = { allows: () => true, onChange: () => ({ dispose: () => undefined }) };
  const hub = new Hub({ store, access, clock: new FakeClock(), logger: silentLogger });
  const opened = await hub.open(ROOM, { device: null, member: null });
  if (opened.kind !== 'open') throw new Error('not open');
  return { store, room: opened.room };
}

test('[HU19] of two meanings of a clock the first stands, in the bytes as in the documents that are built of them', async () => {
  // Somebody emptied clocks of which two were known here. Both meanings were stored: documents built here had the words, a
  // difference from the merged bytes had none, and whatever was typed behind them was empty at everybody who came later.
  const { store, room } = await openRoom();
  const author = new Y.Doc();
  author.getText('body').insert(0, 'ab');
  await room.apply(Y.encodeStateAsUpdate(author), {});
  expect(await room.apply(forged(author.clientID, 0, 5), {})).toMatchObject({ kind: 'stored' });
  const reader = new Y.Doc();
  Y.applyUpdate(reader, room.diff(new Uint8Array([0])));
  expect(reader.getText('body').toString()).toBe('ab');
  const stored = await store.load(ROOM);
  const later = new Y.Doc();
  Y.applyUpdate(later, Y.mergeUpdates([...(stored?.tail ?? [])]));
  expect(later.getText('body').toString()).toBe('ab');
});

test('[HU19] what is sent again with more behind it is stored as what is new of it', async () => {
  const { store, room } = await openRoom();
  const author = new Y.Doc();
  author.getText('body').insert(0, 'a page that was here before, ');
  await room.apply(Y.encodeStateAsUpdate(author), {});
  author.getText('body').insert(29, 'and more');
  author.getText('body').delete(0, 2);
  await room.apply(Y.encodeStateAsUpdate(author), {});
  const tail = (await store.load(ROOM))?.tail ?? [];
  expect(Buffer.from(tail[1]!).includes('here before')).toBe(false);
  const reader = new Y.Doc();
  for (const update of tail) Y.applyUpdate(reader, update);
  expect(reader.getText('body').toString()).toBe('page that was here before, and more');
  expect(Y.encodeStateVector(reader)).toEqual(Y.encodeStateVector(author));
});

test('[HU8] what is stored as one has one outcome, and what repeats it waits for it', async () => {
  const { store, room } = await openRoom();
  const author = new Y.Doc();
  const updates: Uint8Array[] = [];
  author.on('update', (update: Uint8Array) => updates.push(update));
  for (let at = 0; at < 5; at += 1) author.getText('body').insert(at, 'x');
  author.getText('body').delete(1, 2);
  const outcomes = updates.map((update) => room.apply(update, {}));
  expect(new Set(outcomes).size).toBe(1);
  let known = false;
  const again = room.apply(updates[0]!, {}).then((outcome) => ((known = true), outcome));
  await Promise.resolve();
  expect(known).toBe(false);
  expect(await outcomes[0]).toMatchObject({ kind: 'stored' });
  expect(await again).toEqual({ kind: 'unchanged' });
  const stored = await store.load(ROOM);
  expect(stored?.tail).toEqual([Y.mergeUpdates(updates)]);
  const reader = new Y.Doc();
  Y.applyUpdate(reader, room.diff(new Uint8Array([0])));
  expect(reader.getText('body').toString()).toBe('xxx');
  expect(Y.encodeStateVector(reader)).toEqual(room.stateVector());
});

// Rooms of which a stored update is missing in the middle: what they serve, what they keep, and how they become whole again.
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { linkHubs } from '../../tests/support/linked-hubs.ts';
import { open, ROOM, start, textOf, until, writer } from '../../tests/support/started-hub.ts';
import { VolatileLinkMemory } from '../link/link-memory.ts';
import type { RoomHandle } from '../link/room-source.ts';
import { MemoryMedium } from './memory-doc-store.ts';
import { RoomBytes } from './room-bytes.ts';

/**
 * A merge that was tried again once deleted the newest updates, which were in no merged state, and what was written afterwards lay
 * behind the hole. The hub said that it had all of it: it took the greatest clock for what it knew, so nobody sent the words again.
 */
async function damaged() {
  const medium = new MemoryMedium();
  const { hub } = start(medium, { mergeAtEnd: 0 });
  const room = await open(hub);
  const ana = writer();
  for (const word of ['one ', 'two ', 'three ', 'four ', 'five ']) await room.apply(ana.type(word), {});
  await hub.close();
  const [lost] = medium.rooms.get(ROOM)!.tail.splice(2, 1);
  return { medium, ana, lost: lost! };
}

const clockIn = (room: RoomHandle, doc: Y.Doc): number =>
  Y.decodeStateVector(room.stateVector()).get(doc.clientID) ?? 0;

test('[RO5] a room is served up to the hole, and claims no more than that', async () => {
  const { medium, ana } = await damaged();
  const room = await open(start(medium).hub);
  expect(textOf(room)).toBe('one two ');
  expect(clockIn(room, ana.doc)).toBe('one two '.length);
  // Whoever goes on from behind the hole is told of it, and sends all that is missing.
  expect(await room.apply(ana.type('six '), {})).toEqual({ kind: 'gap' });
  expect(await room.apply(Y.encodeStateAsUpdate(ana.doc, room.stateVector()), {})).toMatchObject({ kind: 'stored' });
  expect(textOf(room)).toBe('one two three four five six ');
  expect(textOf(await open(start(medium).hub))).toBe('one two three four five six ');
});

test('[RO5] merging keeps what lies behind the hole, byte for byte, and takes it in once the hole is filled', async () => {
  const { medium, ana } = await damaged();
  const behind = medium.rooms.get(ROOM)!.tail.slice(2);
  const { hub, store, clock } = start(medium, { tailEntries: 3 });
  const room = await open(hub);
  const bo = writer();
  Y.applyUpdate(bo.doc, room.diff(Uint8Array.of(0)));
  for (const letter of 'abc') await room.apply(bo.type(letter, 0), {});
  clock.advance(1_000);
  await until(async () => (await store.load(ROOM))?.tail.length === 2);
  expect((await store.load(ROOM))?.tail).toEqual(behind);
  expect(textOf(room)).toBe('cbaone two ');
  await room.apply(Y.encodeStateAsUpdate(ana.doc, room.stateVector()), {});
  for (const letter of 'def') await room.apply(bo.type(letter, 0), {});
  clock.advance(1_000);
  await until(async () => (await store.load(ROOM))?.tail.length === 0);
  expect(textOf(room)).toBe('fedcbaone two three four five ');
  expect(textOf(await open(start(medium).hub))).toBe('fedcbaone two three four five ');
});

test('[RO5] what lay behind the hole is stored anew when somebody brings no more than what was missing, so that all hear of it', async () => {
  const { medium, lost } = await damaged();
  const { hub } = start(medium);
  const room = await open(hub);
  const reader = new Y.Doc();
  Y.applyUpdate(reader, room.diff(Uint8Array.of(0)));
  room.onUpdate(({ update }) => Y.applyUpdate(reader, update));
  const before = room.number;
  expect(await room.apply(lost, {})).toEqual({ kind: 'stored', number: before + 1 });
  await until(() => reader.getText('body').toJSON() === 'one two three four five ');
  // Other hubs that have the room under its number come for what is under the next.
  expect(room.number).toBe(before + 2);
  expect(textOf(room)).toBe('one two three four five ');
  expect(textOf(await open(start(medium).hub))).toBe('one two three four five ');
});

test('[RO5] the words come back from another hub that has them, although both were in step before', async () => {
  const { medium, ana } = await damaged();
  const relay = start();
  const there = await open(relay.hub);
  await there.apply(Y.encodeStateAsUpdate(ana.doc), {});
  const { hub } = start(medium);
  // Each remembers that it has all of the other's.
  const memory = new VolatileLinkMemory();
  const even = { epoch: relay.hub.epoch, after: there.number, heard: there.number, lowWater: 5 };
  await memory.save(relay.hub.hub, { spaces: new Map([['space', even]]), rooms: new Map() });
  const { link } = linkHubs(hub, () => relay.hub, { workspace: 'ws', memory });
  onTestFinished(() => link.close());
  await link.start();
  await link.settled();
  expect(textOf(await open(hub))).toBe('one two ');
  await there.apply(ana.type('six '), {});
  await expect.poll(async () => textOf(await open(hub))).toBe('one two three four five six ');
});

test('[RO5] a room whose updates are only in another order is whole', async () => {
  const { medium, lost } = await damaged();
  medium.rooms.get(ROOM)!.tail.push(lost);
  const bytes = new RoomBytes(await start(medium).store.load(ROOM));
  expect(bytes.waiting).toEqual([]);
  expect(bytes.next).toBe(5);
  expect(textOf(await open(start(medium).hub))).toBe('one two three four five ');
});

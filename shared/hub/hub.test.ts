// The hub over the memory store: rooms, rights, gaps, failures, unloading and quarantine.
import { describe, expect, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { AppError } from '../base/app-error.ts';
import type { RoomUpdate } from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { MemoryMedium } from './memory-doc-store.ts';
import { BO, ROOM, open, start, textOf, until, writer } from '../../tests/support/started-hub.ts';

describe('applying updates', () => {
  test('[HU1] an update is stored, then announced to everybody with its origin, then answered', async () => {
    const { hub, store } = start();
    const [a, b] = [await open(hub), await open(hub, BO)];
    const events: RoomUpdate[] = [];
    b.onUpdate((event) => events.push(event));
    const origin = {};
    const applying = a.apply(writer().type('hello'), origin);
    expect(events).toEqual([]);
    expect(await applying).toEqual({ kind: 'stored', number: 1 });
    expect(events).toHaveLength(1);
    expect(events[0]!.origins).toEqual(new Set([origin]));
    expect((await store.load(ROOM))?.tail).toHaveLength(1);
    expect(textOf(b)).toBe('hello');
    expect(b.number).toBe(1);
  });

  test('[HU2] what changes nothing is neither stored nor announced', async () => {
    const { hub, store } = start();
    const room = await open(hub);
    const ana = writer();
    await room.apply(ana.type('hello'), {});
    await room.apply(ana.remove(0, 2), {});
    let announced = 0;
    room.onUpdate(() => (announced += 1));
    expect(await room.apply(ana.updates[0]!, {})).toEqual({ kind: 'unchanged' });
    expect(await room.apply(Y.encodeStateAsUpdate(ana.doc), {})).toEqual({ kind: 'unchanged' });
    expect(await room.apply(Y.encodeStateAsUpdate(new Y.Doc()), {})).toEqual({ kind: 'unchanged' });
    expect(announced).toBe(0);
    expect((await store.load(ROOM))?.tail).toHaveLength(2);
  });

  test('[HU3] an update that builds on something missing is a gap, and stored once the whole arrives', async () => {
    const { hub, store } = start();
    const room = await open(hub);
    const ana = writer('one');
    const second = ana.type(' two');
    expect(await room.apply(second, {})).toEqual({ kind: 'gap' });
    expect(await store.load(ROOM)).toBeNull();
    expect(await room.apply(Y.encodeStateAsUpdate(ana.doc), {})).toMatchObject({ kind: 'stored' });
    expect(textOf(room)).toBe('one two');
  });

  test('[HU3] a deletion or a neighbour that is unknown here is a gap', async () => {
    const { hub } = start();
    const room = await open(hub);
    const ana = writer('one');
    const bo = writer();
    Y.applyUpdate(bo.doc, Y.encodeStateAsUpdate(ana.doc));
    expect(await room.apply(bo.type('between', 1), {})).toEqual({ kind: 'gap' });
    const onlyDeletion = ana.remove(0, 1);
    expect(await room.apply(onlyDeletion, {})).toEqual({ kind: 'gap' });
  });

  test('[HU4] an update may build on one that is still being written', async () => {
    const { hub, store } = start();
    const room = await open(hub);
    const ana = writer();
    const outcomes = await Promise.all(['a', 'b', 'c'].map((text) => room.apply(ana.type(text), {})));
    expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
    expect(textOf(room)).toBe('abc');
    // What arrived in one turn shared one append.
    expect((await store.load(ROOM))?.tail).toHaveLength(1);
  });

  test('[HU5] a failed write fails what builds on it, announces nothing, and the same bytes are taken later', async () => {
    const { hub, store } = start();
    const room = await open(hub);
    let announced = 0;
    room.onUpdate(() => (announced += 1));
    const ana = writer();
    store.failWith(new AppError('disk-full', 'The disk is full.'));
    const first = room.apply(ana.type('a'), {});
    await Promise.resolve();
    const second = room.apply(ana.type('b'), {});
    const again = room.apply(ana.updates[0]!, {});
    for (const outcome of await Promise.all([first, second, again])) {
      expect(outcome).toMatchObject({ kind: 'failed', code: CLOSE.cannotStore });
    }
    expect([announced, textOf(room)]).toEqual([0, '']);
    expect(hub.storage).toMatchObject({ state: 'failing', code: 'disk-full' });
    store.failWith(null);
    expect(await room.apply(ana.updates[0]!, {})).toMatchObject({ kind: 'stored' });
    expect(await room.apply(ana.updates[1]!, {})).toMatchObject({ kind: 'stored' });
    expect(textOf(room)).toBe('ab');
    expect(hub.storage).toEqual({ state: 'ok' });
  });

  test('[HU6] bytes that are no update are refused and nothing is stored', async () => {
    const { hub, store } = start();
    const room = await open(hub);
    const good = writer().type('hello');
    const cut = good.slice(0, good.length - 3);
    for (const bad of [new Uint8Array(), new Uint8Array([1]), new Uint8Array(50).fill(255), cut]) {
      expect(await room.apply(bad, {})).toMatchObject({ kind: 'refused', code: CLOSE.badFrame });
    }
    expect(await store.load(ROOM)).toBeNull();
  });

  test('[HU6] a length that reaches beyond the message does not read the bytes behind it', async () => {
    const { hub } = start();
    const room = await open(hub);
    const good = writer().type('hello');
    // lib0 checks lengths against the whole buffer: without a copy the update would be completed from its neighbour.
    const pool = new Uint8Array([...good, ...good]);
    expect(await room.apply(pool.subarray(0, good.length - 3), {})).toMatchObject({ kind: 'refused' });
  });

  test('[HU6] a client without structs, and one that is named twice, are refused: what is stored stays readable', async () => {
    const { hub } = start();
    const room = await open(hub);
    const honest = writer();
    expect(await room.apply(honest.type('honest'), {})).toMatchObject({ kind: 'stored' });
    const stranger = writer();
    const first = stranger.type('x');
    const second = stranger.type('y');
    // [1 client, its structs, no deletions] becomes [2 clients, its structs, client 5 without any, no deletions].
    const empty = new Uint8Array([2, ...second.slice(1, -1), 0, 5, 0, 0]);
    // "abc" by client 9, then "xyz" from clock 1 on by the same: Yjs builds the second section alone.
    const text = [1, 1, 't'.charCodeAt(0)];
    const twice = new Uint8Array([2, 1, 9, 0, 4, 1, ...text, 3, 97, 98, 99, 1, 9, 1, 0x84, 9, 0, 3, 120, 121, 122, 0]);
    const outcomes = await Promise.all([first, empty, twice].map((update) => room.apply(update, {})));
    expect(outcomes).toMatchObject([
      { kind: 'stored' },
      { kind: 'refused', code: CLOSE.badFrame },
      { kind: 'refused', code: CLOSE.badFrame },
    ]);
    expect(await room.apply(second, {})).toMatchObject({ kind: 'stored' });
    expect(await room.apply(honest.type(' words'), {})).toMatchObject({ kind: 'stored' });
    const doc = new Y.Doc();
    Y.applyUpdate(doc, room.diff(new Uint8Array([0])));
    expect(doc.store.pendingStructs).toBeNull();
    expect(Y.encodeStateVector(doc)).toEqual(room.stateVector());
  });

  test('[HU6] a struct that builds on a later one of its own client is refused', async () => {
    const { hub } = start();
    const room = await open(hub);
    // One client, one string item at clock 0 whose origin is its own clock 5: Yjs would throw inside every reader.
    const encoder = encoding.createEncoder();
    for (const n of [1, 1, 77, 0]) encoding.writeVarUint(encoder, n);
    encoding.writeUint8(encoder, 128 | 4);
    for (const n of [77, 5]) encoding.writeVarUint(encoder, n);
    encoding.writeVarString(encoder, 'x');
    encoding.writeVarUint(encoder, 0);
    expect(await room.apply(encoding.toUint8Array(encoder), {})).toMatchObject({ kind: 'refused' });
  });

  test('[HU3] structs of two clients that wait for each other are a gap', async () => {
    const { hub } = start();
    const room = await open(hub);
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 2);
    for (const [client, other] of [
      [2, 1],
      [1, 2],
    ] as const) {
      for (const n of [1, client, 0]) encoding.writeVarUint(encoder, n);
      encoding.writeUint8(encoder, 128 | 4);
      for (const n of [other, 0]) encoding.writeVarUint(encoder, n);
      encoding.writeVarString(encoder, 'x');
    }
    encoding.writeVarUint(encoder, 0);
    expect(await room.apply(encoding.toUint8Array(encoder), {})).toEqual({ kind: 'gap' });
  });
});

describe('differences', () => {
  test('[HU7] a difference holds what is missing and every deletion, and nothing else', async () => {
    const { hub } = start();
    const room = await open(hub);
    const ana = writer('hello');
    await room.apply(ana.updates[0]!, {});
    const bo = new Y.Doc();
    Y.applyUpdate(bo, room.diff(Y.encodeStateVector(bo)));
    await room.apply(ana.type(' world'), {});
    await room.apply(ana.remove(0, 1), {});
    const diff = room.diff(Y.encodeStateVector(bo));
    expect(diff.length).toBeLessThan(room.diff(new Uint8Array([0])).length);
    Y.applyUpdate(bo, diff);
    expect(bo.getText('body').toString()).toBe('ello world');
    const upToDate = room.diff(Y.encodeStateVector(bo));
    expect([...upToDate]).toEqual([...Y.encodeStateAsUpdate(bo, Y.encodeStateVector(bo))]);
    expect(() => room.diff(new Uint8Array([9, 255]))).toThrow(AppError);
  });

  test('[HU7] what is empty here is deleted there, also where the empty struct reaches beyond what the other end has', async () => {
    const { hub } = start();
    const room = await open(hub);
    const ana = writer('ab');
    const client = encoding.encode((encoder) => encoding.writeVarUint(encoder, ana.doc.clientID));
    await room.apply(Uint8Array.from([1, 1, ...client, 0, 0, 5, 0]), {});
    Y.applyUpdate(ana.doc, room.diff(Y.encodeStateVector(ana.doc)));
    expect(ana.doc.getText('body').toString()).toBe(textOf(room));
  });

  test('[HU8] a long tail is merged, keeps its state vector, and survives a new hub', async () => {
    const medium = new MemoryMedium();
    const { hub, store, clock } = start(medium, { tailEntries: 20 });
    const room = await open(hub);
    const ana = writer();
    for (let i = 0; i < 30; i += 1) await room.apply(ana.type(`${i} `), {});
    await room.apply(ana.remove(0, 4), {});
    const before = room.stateVector();
    clock.advance(1_000);
    await until(async () => (await store.load(ROOM))?.tail.length === 0);
    expect(room.stateVector()).toEqual(before);
    await room.apply(ana.type('end'), {});
    expect(await room.apply(Y.encodeStateAsUpdate(ana.doc), {})).toEqual({ kind: 'unchanged' });
    expect(textOf(room)).toBe(ana.doc.getText('body').toString());
    const again = await open(start(medium).hub);
    expect(textOf(again)).toBe(ana.doc.getText('body').toString());
    expect(again.stateVector()).toEqual(room.stateVector());
  });
});

// The hub over the memory store: rooms, rights, gaps, failures, unloading and quarantine.
import { describe, expect, onTestFinished, test } from 'vitest';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { AppError } from '../base/app-error.ts';
import { FakeClock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { silentLogger } from '../base/logger.ts';
import type { Principal, RoomHandle, RoomUpdate } from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { AccessPolicy, Operation } from './access-policy.ts';
import { editRoom, readRoom } from './edit-room.ts';
import { Hub } from './hub.ts';
import { MemoryDocStore, MemoryMedium } from './memory-doc-store.ts';

const ROOM = 'ws/space/page';
const ANA: Principal = { device: 'ana-laptop', member: 'ana' };
const BO: Principal = { device: 'bo-laptop', member: 'bo' };

class Access implements AccessPolicy {
  readonly denied = new Set<string>();
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  allows(principal: Principal, operation: Operation): boolean {
    return !this.denied.has(`${principal.member} ${operation}`);
  }
  deny(member: string, ...operations: Operation[]): void {
    for (const operation of operations) this.denied.add(`${member} ${operation}`);
    this.#changed.fire();
  }
  get listeners(): number {
    return this.#changed.size;
  }
}

function start(medium = new MemoryMedium(), limits = {}) {
  const clock = new FakeClock();
  const store = new MemoryDocStore(medium);
  const access = new Access();
  const hub = new Hub({ store, access, clock, logger: silentLogger, limits });
  onTestFinished(() => hub.close());
  return { hub, store, clock, access, medium };
}

async function open(hub: Hub, principal = ANA, room = ROOM): Promise<RoomHandle> {
  const outcome = await hub.open(room, principal);
  if (outcome.kind !== 'open') throw new Error(`refused: ${outcome.code}`);
  return outcome.room;
}

/** A writer with a document of its own that hands out each update it makes. */
function writer(text = '') {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const type = (more: string, at = doc.getText('body').length): Uint8Array => {
    doc.getText('body').insert(at, more);
    return updates.at(-1)!;
  };
  if (text) type(text);
  return {
    doc,
    updates,
    type,
    remove: (at: number, length: number) => (doc.getText('body').delete(at, length), updates.at(-1)!),
  };
}

function textOf(room: RoomHandle): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, room.diff(new Uint8Array([0])));
  expect(doc.store.pendingStructs).toBeNull();
  return doc.getText('body').toString();
}

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

describe('rooms', () => {
  test('[HU9] an unheld room is unloaded after a while, with a long tail merged first, and costs nothing', async () => {
    const { hub, store, clock } = start(undefined, { tailAtUnload: 3 });
    const room = await open(hub);
    const ana = writer();
    for (let i = 0; i < 5; i += 1) await room.apply(ana.type('x'), {});
    room.dispose();
    expect(hub.load.rooms).toBe(1);
    clock.advance(10_000);
    const opening = open(hub);
    const again = await opening;
    expect(textOf(again)).toBe('xxxxx');
    expect((await store.load(ROOM))?.tail).toHaveLength(0);
    again.dispose();
    clock.advance(10_000);
    await until(() => hub.load.rooms === 0);
    expect(clock.pending).toBe(0);
  });

  test('[HU9] a merge that waited while its room was unloaded does not run beside the room that is open now', async () => {
    // It merged the old copy of the tail; the room that was open by then merged by a count of its own, and the store could
    // drop an update that was in neither.
    const { hub, store, clock } = start(undefined, { tailBytes: 100, linger: 5_000 });
    const merges: string[] = [];
    let letGo: () => void = () => undefined;
    const compact = store.compact.bind(store);
    store.compact = async (name, count, state) => {
      merges.push(name);
      if (merges.length === 1) await new Promise<void>((resolve) => (letGo = resolve));
      return compact(name, count, state);
    };
    const slow = await open(hub, ANA, 'ws/space/slow');
    await slow.apply(writer('s'.repeat(200)).updates[0]!, {});
    clock.advance(1_000);
    await until(() => merges.length === 1);
    const first = await open(hub);
    const ana = writer();
    await first.apply(ana.type('x'.repeat(200)), {});
    first.dispose();
    clock.advance(6_000);
    await until(() => hub.load.rooms === 1);
    const again = await open(hub);
    letGo();
    await again.apply(ana.type('y'), {});
    await until(async () => (await store.load('ws/space/slow'))?.tail.length === 0);
    for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(merges).toEqual(['ws/space/slow']);
    clock.advance(1_000);
    await until(async () => (await store.load(ROOM))?.tail.length === 0);
    expect(textOf(again)).toBe(`${'x'.repeat(200)}y`);
  });

  test('[HU10] nothing is visible before the store has loaded, and many openers share one loading', async () => {
    const medium = new MemoryMedium();
    await (await open(start(medium).hub)).apply(writer('stored').updates[0]!, {});
    const { hub, store } = start(medium);
    let loads = 0;
    const load = store.load.bind(store);
    store.load = (name) => ((loads += 1), load(name));
    const rooms = await Promise.all([open(hub), open(hub), open(hub, BO)]);
    expect(rooms.map(textOf)).toEqual(['stored', 'stored', 'stored']);
    expect(loads).toBe(1);
  });

  test('[HU11] rights are asked at opening and writing, and lost rights end an open room', async () => {
    const { hub, access } = start();
    const [ana, bo] = [await open(hub), await open(hub, BO)];
    const text = writer('hello');
    await ana.apply(text.updates[0]!, {});
    const gone: number[] = [];
    bo.onGone(({ code }) => gone.push(code));
    access.deny('bo', 'write');
    expect(await bo.apply(Y.encodeStateAsUpdate(text.doc), {})).toEqual({ kind: 'unchanged' });
    expect(await bo.apply(text.type('!'), {})).toMatchObject({ kind: 'refused', code: CLOSE.forbidden });
    expect(gone).toEqual([]);
    access.deny('bo', 'read', 'list');
    expect(gone).toEqual([CLOSE.forbidden]);
    expect(await bo.apply(text.type('!'), {})).toMatchObject({ kind: 'refused' });
    expect(await hub.open(ROOM, BO)).toMatchObject({ kind: 'refused', code: CLOSE.forbidden });
    expect(await hub.open('ws/space', BO)).toMatchObject({ kind: 'refused', code: CLOSE.forbidden });
    expect([await hub.heads('ws', ANA), await hub.heads('ws', BO)]).toMatchObject([[{ number: 1 }], []]);
  });

  test('[HU12] presence is forwarded to the others and leaves with its handle', async () => {
    const { hub } = start();
    const [ana, bo] = [await open(hub), await open(hub, BO)];
    const seen: number[][] = [];
    const origin = {};
    bo.onPresence(({ update }) => seen.push([...update]));
    const here = new Uint8Array([1, 7, 1, 2, 123, 125]);
    expect(ana.applyPresence(here, origin)).toBe(true);
    // [PR9] Stamped with whose connection it is.
    expect(new TextDecoder().decode(bo.presence()!)).toContain('{"user":{"member":"ana"}}');
    ana.dispose();
    expect(bo.presence()).toBeNull();
    expect(seen).toHaveLength(2);
  });

  test('[HU13] a structure too deep to read is kept, not opened, and its holders are told', async () => {
    const { hub, store, clock, medium } = start(undefined, { tailTypes: 100 });
    const room = await open(hub);
    const gone: number[] = [];
    room.onGone(({ code }) => gone.push(code));
    const doc = new Y.Doc();
    doc.transact(() => {
      let map = doc.getMap('body');
      for (let i = 0; i < 600; i += 1) map = map.set('deeper', new Y.Map());
    });
    expect(await room.apply(Y.encodeStateAsUpdate(doc), {})).toMatchObject({ kind: 'stored' });
    clock.advance(1_000);
    await until(() => gone.length > 0);
    expect(gone).toEqual([CLOSE.gone]);
    expect((await store.load(ROOM))?.tail).toHaveLength(1);
    // Neither now, while the room is still loaded for those who let go of it, nor after a restart.
    expect(await hub.open(ROOM, ANA)).toMatchObject({ kind: 'refused', code: CLOSE.gone });
    expect(await start(medium).hub.open(ROOM, ANA)).toMatchObject({ kind: 'refused', code: CLOSE.gone });
  });

  test('[HU14] changes are announced per space, several of one turn as one', async () => {
    const { hub } = start();
    const rooms = await Promise.all(['ws/a/1', 'ws/a/2', 'ws/b/1'].map((name) => open(hub, ANA, name)));
    const events: unknown[] = [];
    hub.onChange((changes) => events.push(...changes));
    await Promise.all(rooms.map((room) => room.apply(writer('x').updates[0]!, {})));
    expect(events).toEqual([
      { workspace: 'ws', space: 'a', room: 'ws/a/1', number: 1, forwarded: false },
      { workspace: 'ws', space: 'a', room: 'ws/a/2', number: 2, forwarded: false },
      { workspace: 'ws', space: 'b', room: 'ws/b/1', number: 1, forwarded: false },
    ]);
    expect(await hub.changes('ws', 'a', 1, 10)).toEqual([{ room: 'ws/a/2', number: 2 }]);
  });

  test('[HU15] close() waits for writes, tells the holders, and leaves no timer and no listener', async () => {
    const { hub, store, clock, access } = start();
    const room = await open(hub);
    const gone: number[] = [];
    room.onGone(({ code }) => gone.push(code));
    const applying = room.apply(writer('last words').updates[0]!, {});
    await hub.close();
    expect(await applying).toMatchObject({ kind: 'stored' });
    expect((await store.load(ROOM))?.tail).toHaveLength(1);
    expect([gone, clock.pending, access.listeners]).toEqual([[CLOSE.stopping], 0, 0]);
    expect(await hub.open(ROOM, ANA)).toMatchObject({ kind: 'refused', code: CLOSE.stopping });
  });

  test('[HU16] a failing store is tried again by itself, and who watches hears both', async () => {
    const { hub, store, clock } = start();
    const states: string[] = [];
    hub.onStorage(({ state }) => states.push(state));
    const room = await open(hub);
    store.failWith(new AppError('disk-full', 'The disk is full.'));
    await room.apply(writer('x').updates[0]!, {});
    store.failWith(null);
    clock.advance(5_000);
    await until(() => hub.storage.state === 'ok');
    expect(states).toEqual(['failing', 'ok']);
  });
});

describe('documents of one room', () => {
  test('[HU17] editRoom changes a room durably, and writes nothing where nothing changed', async () => {
    const { hub } = start();
    expect(await editRoom(hub, ROOM, ANA, (doc) => (doc.getText('title').insert(0, 'Travel'), 'done'))).toBe('done');
    expect(await readRoom(hub, ROOM, ANA, (doc) => doc.getText('title').toString())).toBe('Travel');
    await editRoom(hub, ROOM, ANA, (doc) => doc.getText('title').toString());
    expect(await hub.changes('ws', 'space', 0, 10)).toEqual([{ room: ROOM, number: 1 }]);
  });

  test('[HU17] editRoom says why it could not, and nothing was stored', async () => {
    const { hub, access, store } = start();
    access.deny('bo', 'write');
    const edit = (principal: Principal) => editRoom(hub, ROOM, principal, (doc) => doc.getText('title').insert(0, 'x'));
    await expect(edit(BO)).rejects.toMatchObject({ code: 'not-allowed' });
    store.failWith(new AppError('disk-full', 'The disk is full.'));
    await expect(edit(ANA)).rejects.toThrow('The disk is full.');
    expect(await store.load(ROOM)).toBeNull();
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; !(await condition()); turns += 1) {
    if (turns > 1_000) throw new Error('the condition never came true');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

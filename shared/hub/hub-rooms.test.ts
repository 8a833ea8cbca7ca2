// The rules of a hub's rooms (docs/relay.md, HU9 to HU17): loading, unloading, rights, presence, closing. Not what an update may hold.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { AppError } from '../base/app-error.ts';
import type { Principal } from '../link/room-source.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import { editRoom, readRoom } from './edit-room.ts';
import { MemoryMedium } from './memory-doc-store.ts';
import { ANA, BO, ROOM, open, start, textOf, until, writer } from '../../tests/support/started-hub.ts';

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

/** Who asked for it while it was being removed was told that it is gone, also where it was not. */
test('[PU1] who opens a room while it is being purged is told 4410, and has it where the removal failed', async () => {
  const { hub, store } = start();
  const room = await open(hub);
  await room.apply(writer().type('still here'), {}, 'socket');
  room.dispose();
  store.failWith(new AppError('disk-full', 'no room'));
  const failed = hub.purge(ROOM);
  const asked = hub.open(ROOM, BO);
  await expect(failed).rejects.toThrow('no room');
  const opened = await asked;
  expect(opened.kind).toBe('open');
  if (opened.kind === 'open') {
    expect(textOf(opened.room)).toBe('still here');
    opened.room.dispose();
  }
  store.failWith(null);
  const purged = hub.purge(ROOM);
  expect(await hub.open(ROOM, BO)).toMatchObject({ kind: 'refused', code: CLOSE.gone });
  await purged;
});

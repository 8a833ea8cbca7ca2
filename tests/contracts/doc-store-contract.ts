// What every DocStore must do, as one suite over a factory; the rule numbers are those of docs/storage.md.
import { describe, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../shared/base/app-error.ts';
import type { DocStore, RoomState } from '../../shared/hub/doc-store.ts';

export interface DocStoreFixture {
  /** Opens the store, or opens the same one again after its close(). */
  open(): Promise<DocStore>;
  /** From now on (true) every write fails as on a full disk. */
  failWrites(fail: boolean): void;
}

const ROOM = 'ws/space/page-1';
const OTHER = 'ws/space/page-2';
const ELSEWHERE = 'ws/@member/profile';

export function docStoreContract(name: string, makeFixture: () => Promise<DocStoreFixture>): void {
  const start = async (): Promise<{ fixture: DocStoreFixture; store: DocStore }> => {
    const fixture = await makeFixture();
    const store = await fixture.open();
    onTestFinished(() => store.close());
    return { fixture, store };
  };
  const reopen = async (fixture: DocStoreFixture, store: DocStore): Promise<DocStore> => {
    await store.close();
    const next = await fixture.open();
    onTestFinished(() => next.close());
    return next;
  };

  describe(`DocStore: ${name}`, () => {
    test('[RO1] a room that was never stored is null', async () => {
      const { store } = await start();
      expect(await store.load(ROOM)).toBeNull();
    });

    test('[RO2] updates come back in order, with the newest number, also after reopening', async () => {
      const { fixture, store } = await start();
      const appended = await Promise.all([1, 2, 3].map((n) => store.append(ROOM, bytes(n))));
      expect(appended).toEqual([0, 1, 2].map((place) => ({ number: place + 1, place })));
      const expected = { state: null, tail: [[1], [2], [3]], number: 3 };
      expect(await plain(store, ROOM)).toEqual(expected);
      expect(await plain(await reopen(fixture, store), ROOM)).toEqual(expected);
    });

    test('[RO3] compact replaces the oldest updates and keeps later ones', async () => {
      const { fixture, store } = await start();
      for (const n of [1, 2, 3]) await store.append(ROOM, bytes(n));
      await store.compact(ROOM, 2, STATE);
      await store.append(ROOM, bytes(4));
      const again = await reopen(fixture, store);
      expect(await plain(again, ROOM)).toEqual({ state: STATE, tail: [[3], [4]], number: 4 });
    });

    test('[RO3] what is merged is named by its place: merging it again comes to the same, and less is refused', async () => {
      const { fixture, store } = await start();
      for (const n of [1, 2, 3]) await store.append(ROOM, bytes(n));
      await store.compact(ROOM, 2, STATE);
      const again = { ...STATE, update: bytes(6) };
      await store.compact(ROOM, 2, again);
      await expect(store.compact(ROOM, 1, STATE)).rejects.toThrow(AppError);
      expect(await store.append(ROOM, bytes(4))).toEqual({ number: 4, place: 3 });
      await expect(store.compact(ROOM, 5, STATE)).rejects.toThrow(AppError);
      const reopened = await reopen(fixture, store);
      expect(await plain(reopened, ROOM)).toEqual({ state: again, tail: [[3], [4]], number: 4 });
      expect((await reopened.load(ROOM))?.first).toBe(2);
    });

    test('[RO5] what could not be merged stays, as the oldest of the tail', async () => {
      const { fixture, store } = await start();
      for (const n of [1, 2, 3, 4, 5]) await store.append(ROOM, bytes(n));
      await store.compact(ROOM, 4, STATE, [bytes(2), bytes(4)]);
      expect(await plain(store, ROOM)).toEqual({ state: STATE, tail: [[2], [4], [5]], number: 5 });
      await store.compact(ROOM, 5, STATE, [bytes(2), bytes(4)]);
      await expect(store.compact(ROOM, 4, STATE, [bytes(2), bytes(4)])).rejects.toThrow(AppError);
      const again = await reopen(fixture, store);
      expect(await plain(again, ROOM)).toEqual({ state: STATE, tail: [[2], [4]], number: 5 });
      expect((await again.append(ROOM, bytes(6))).place).toBe(5);
    });

    test('[RO3] compact gives no new number and refuses to merge what was never stored', async () => {
      const { store } = await start();
      await store.append(ROOM, bytes(1));
      await expect(store.compact(ROOM, 2, STATE)).rejects.toThrow(AppError);
      await store.compact(ROOM, 1, STATE);
      expect(await store.changes('ws', 'space', 0, 10)).toEqual([{ room: ROOM, number: 1 }]);
    });

    test('[PU1][PU2] a purged room is gone with its history; numbers go on, and the rest is as it was', async () => {
      const { fixture, store } = await start();
      for (const room of [ROOM, OTHER, ROOM, ELSEWHERE]) await store.append(room, bytes(1));
      await store.compact(ROOM, 1, STATE);
      await store.segments.add({ hash: 'a'.repeat(43), room: ROOM, endedAt: 5 }, bytes(7));
      await store.segments.add({ hash: 'b'.repeat(43), room: OTHER, endedAt: 3 }, bytes(8));
      await store.purge(ROOM);
      await store.purge('ws/space/never-there');
      const look = async (from: DocStore): Promise<void> => {
        expect(await from.load(ROOM)).toBeNull();
        expect(await from.segments.ofRoom(ROOM)).toEqual([]);
        expect(from.segments.spaces.get('ws/space')).toMatchObject({ count: 1, removedUntil: 0 });
        expect((await collect(from.rooms('ws'))).sort()).toEqual([ELSEWHERE, OTHER]);
        expect(await from.changes('ws', 'space', 0, 10)).toEqual([{ room: OTHER, number: 2 }]);
        expect(await from.heads('ws')).toContainEqual({ workspace: 'ws', space: 'space', number: 3 });
      };
      await look(store);
      await store.sweep();
      const again = await reopen(fixture, store);
      await look(again);
      // A cursor that was given out before still means the same.
      expect(await again.knowsCursor(store.epoch, 'ws', 'space', 3)).toBe(true);
      expect((await again.append(OTHER, bytes(2))).number).toBe(4);
    });

    test('[PU1] a purge that could not be written is done again, and nothing else is lost by it', async () => {
      const { fixture, store } = await start();
      for (const room of [ROOM, OTHER]) await store.append(room, bytes(1));
      fixture.failWrites(true);
      await expect(store.purge(ROOM)).rejects.toThrow(AppError);
      await expect(store.append(OTHER, bytes(2))).rejects.toThrow(AppError);
      fixture.failWrites(false);
      await store.purge(ROOM);
      expect((await store.append(OTHER, bytes(3))).number).toBe(3);
      const again = await reopen(fixture, store);
      expect(await again.load(ROOM)).toBeNull();
      expect(await plain(again, OTHER)).toEqual({ state: null, tail: [[1], [3]], number: 3 });
    });

    test('[NU1] a space lists each room once, under its newest number, in rising order', async () => {
      const { fixture, store } = await start();
      for (const room of [ROOM, OTHER, ROOM, ELSEWHERE, ROOM]) await store.append(room, bytes(1));
      const expected = [
        { room: OTHER, number: 2 },
        { room: ROOM, number: 4 },
      ];
      expect(await store.changes('ws', 'space', 0, 10)).toEqual(expected);
      const again = await reopen(fixture, store);
      expect(await again.changes('ws', 'space', 0, 10)).toEqual(expected);
      expect(await again.changes('ws', 'space', 2, 10)).toEqual(expected.slice(1));
      expect(await again.changes('ws', 'space', 0, 1)).toEqual(expected.slice(0, 1));
      expect(await again.changes('ws', 'space', 4, 10)).toEqual([]);
      expect((await again.append(OTHER, bytes(2))).number).toBe(5);
    });

    test('[NU2] heads name every space of a workspace with its newest number', async () => {
      const { store } = await start();
      for (const room of [ROOM, ROOM, ELSEWHERE, 'other/space/page']) await store.append(room, bytes(1));
      const heads = [...(await store.heads('ws'))].sort((a, b) => (a.space < b.space ? -1 : 1));
      expect(heads).toEqual([
        { workspace: 'ws', space: '@member', number: 1 },
        { workspace: 'ws', space: 'space', number: 2 },
      ]);
    });

    test('[RO4] rooms are listed by workspace, and a name is no prefix of another', async () => {
      const { store } = await start();
      for (const room of [ROOM, OTHER, 'ws2/space/page', 'w/space/page']) await store.append(room, bytes(1));
      expect((await collect(store.rooms('ws'))).sort()).toEqual([ROOM, OTHER]);
      expect(await collect(store.rooms())).toHaveLength(4);
    });

    test('[EP1] every opening has an epoch of its own, and the hub id stays', async () => {
      const { fixture, store } = await start();
      const again = await reopen(fixture, store);
      expect(again.hub).toBe(store.hub);
      expect(again.epoch).not.toBe(store.epoch);
    });

    test('[EP2] a cursor holds when its epoch is known and had got that far', async () => {
      const { fixture, store } = await start();
      for (const n of [1, 2]) await store.append(ROOM, bytes(n));
      expect(await store.knowsCursor(store.epoch, 'ws', 'space', 2)).toBe(true);
      expect(await store.knowsCursor(store.epoch, 'ws', 'space', 3)).toBe(false);
      const again = await reopen(fixture, store);
      await again.append(ROOM, bytes(3));
      // The first epoch ended at 2: a cursor of it at 3 comes from a history that this store does not have.
      expect(await again.knowsCursor(store.epoch, 'ws', 'space', 2)).toBe(true);
      expect(await again.knowsCursor(store.epoch, 'ws', 'space', 3)).toBe(false);
      expect(await again.knowsCursor(again.epoch, 'ws', 'space', 3)).toBe(true);
      expect(await again.knowsCursor('unheard-of', 'ws', 'space', 0)).toBe(false);
      expect(await again.knowsCursor(store.epoch, 'ws', 'new-space', 0)).toBe(true);
      expect(await again.knowsCursor(store.epoch, 'ws', 'new-space', 1)).toBe(false);
    });

    test('[VA1] values are written together, listed in key order by prefix, and deleted by null', async () => {
      const { fixture, store } = await start();
      await store.values.write([
        { area: 'cursors', key: 'b/1', value: bytes(1) },
        { area: 'cursors', key: 'a/2', value: bytes(2) },
        { area: 'cursors', key: 'a/1', value: bytes(3) },
        { area: 'cursors2', key: 'a/1', value: bytes(4) },
      ]);
      await store.values.write([{ area: 'cursors', key: 'b/1', value: null }]);
      const again = await reopen(fixture, store);
      const all = await collect(again.values.entries('cursors'));
      expect(all.map(([key, value]) => [key, ...value])).toEqual([
        ['a/1', 3],
        ['a/2', 2],
      ]);
      expect((await collect(again.values.entries('cursors', 'a/2'))).map(([key]) => key)).toEqual(['a/2']);
      expect(await collect(again.values.entries('cursors', 'a/3'))).toEqual([]);
      expect(await collect(again.values.keys('cursors'))).toEqual(['a/1', 'a/2']);
      expect(await collect(again.values.keys('cursors', 'a/2'))).toEqual(['a/2']);
      expect(await again.values.get('cursors', 'b/1')).toBeNull();
      expect([...((await again.values.get('cursors2', 'a/1')) ?? [])]).toEqual([4]);
    });

    test('[VA2] a rejected write of values leaves nothing: what was there stays, and what was not is not', async () => {
      const { fixture, store } = await start();
      const write = (key: string, n: number | null) => ({ area: 'kept', key, value: n === null ? null : bytes(n) });
      await store.values.write([write('a', 1), write('b', 2)]);
      const expected = [
        ['a', 1],
        ['b', 2],
      ];
      const rows = async (from: DocStore): Promise<unknown> =>
        (await collect(from.values.entries('kept'))).map(([key, value]) => [key, ...value]);
      fixture.failWrites(true);
      const rejected = store.values.write([write('a', 9), write('b', null), write('c', 3)]);
      await expect(rejected).rejects.toMatchObject({ code: 'disk-full' });
      // While it is not known whether the batch arrived, nobody is shown it.
      expect(await rows(store)).toEqual(expected);
      expect([...((await store.values.get('kept', 'a')) ?? [])]).toEqual([1]);
      expect(await store.values.get('kept', 'c')).toBeNull();
      fixture.failWrites(false);
      await store.values.write([write('d', 4)]);
      expect(await rows(store)).toEqual([...expected, ['d', 4]]);
      expect(await rows(await reopen(fixture, store))).toEqual([...expected, ['d', 4]]);
    });

    test('[GC2] a rejected append leaves nothing, and its number is given again', async () => {
      const { fixture, store } = await start();
      await store.append(ROOM, bytes(1));
      fixture.failWrites(true);
      await expect(store.append(ROOM, bytes(2))).rejects.toMatchObject({ code: 'disk-full' });
      await expect(store.append(OTHER, bytes(3))).rejects.toMatchObject({ code: 'disk-full' });
      expect(await plain(store, ROOM)).toEqual({ state: null, tail: [[1]], number: 1 });
      expect(await store.load(OTHER)).toBeNull();
      fixture.failWrites(false);
      expect((await store.append(ROOM, bytes(4))).number).toBe(2);
      const expected = { state: null, tail: [[1], [4]], number: 2 };
      expect(await plain(store, ROOM)).toEqual(expected);
      expect(await plain(await reopen(fixture, store), ROOM)).toEqual(expected);
    });

    test('[GC5] values written alongside an append stand or fall with it', async () => {
      const { fixture, store } = await start();
      const row = (key: string, n: number) => ({ area: 'pending', key, value: bytes(n) });
      await store.append(ROOM, bytes(1), [row('a/1', 1), row('a/2', 2)]);
      fixture.failWrites(true);
      await expect(store.append(ROOM, bytes(2), [row('a/3', 3)])).rejects.toMatchObject({ code: 'disk-full' });
      // While it is not known whether the batch arrived, nobody is shown it.
      expect(await store.values.get('pending', 'a/3')).toBeNull();
      expect((await collect(store.values.entries('pending'))).map(([key]) => key)).toEqual(['a/1', 'a/2']);
      fixture.failWrites(false);
      await store.append(ROOM, bytes(4), [row('a/4', 4)]);
      const expected = [
        ['a/1', 1],
        ['a/2', 2],
        ['a/4', 4],
      ];
      const rows = async (from: DocStore): Promise<unknown> =>
        (await collect(from.values.entries('pending'))).map(([key, value]) => [key, ...value]);
      expect(await rows(store)).toEqual(expected);
      expect(await rows(await reopen(fixture, store))).toEqual(expected);
    });

    test('[SG7] segments are numbered by space, found by hash and by room, and there once', async () => {
      const { fixture, store } = await start();
      const pending = { area: 'history-pending', key: 'x', value: bytes(1) };
      await store.values.write([pending]);
      const add = (room: string, hash: string, endedAt: number) =>
        store.segments.add({ hash, room, endedAt }, bytes(...hash.split('').map(Number)), [
          { ...pending, value: null },
        ]);
      expect(await Promise.all([add(ROOM, '11', 5), add(OTHER, '22', 6), add(ELSEWHERE, '33', 7)])).toEqual([1, 2, 1]);
      expect(await Promise.all([add(ROOM, '11', 5), add(ROOM, '44', 8), add(ROOM, '44', 8)])).toEqual([null, 3, null]);
      const first = { hash: '11', room: ROOM, number: 1, size: 2, endedAt: 5 };
      const looks = async (from: DocStore): Promise<void> => {
        expect(await from.values.get('history-pending', 'x')).toBeNull();
        expect(await from.segments.after('ws', 'space', 0, 1)).toEqual([first]);
        expect((await from.segments.after('ws', 'space', 1, 9)).map(({ number }) => number)).toEqual([2, 3]);
        expect([...(await from.segments.ofRoom(ROOM))].sort()).toEqual(['11', '44']);
        expect([...((await from.segments.read('ws', '22')) ?? [])]).toEqual([2, 2]);
        expect(await from.segments.has('ws', '33')).toBe(true);
        expect(await from.segments.has('other', '33')).toBe(false);
        expect(from.segments.spaces.get('ws/space')).toEqual({ number: 3, count: 3, bytes: 6, removedUntil: 0 });
      };
      await looks(store);
      const again = await reopen(fixture, store);
      await looks(again);
      await again.segments.remove([first, first]);
      await again.segments.remove([first]);
      expect(again.segments.spaces.get('ws/space')).toEqual({ number: 3, count: 2, bytes: 4, removedUntil: 5 });
      expect(await again.segments.read('ws', '11')).toBeNull();
      expect(await again.segments.add({ hash: '55', room: ROOM, endedAt: 9 }, bytes(5))).toBe(4);
      const last = await reopen(fixture, again);
      expect((await last.segments.after('ws', 'space', 0, 9)).map(({ hash }) => hash)).toEqual(['22', '44', '55']);
    });

    test('[SG8] a segment that could not be stored is stored once when it is tried again', async () => {
      const { fixture, store } = await start();
      const segment = { hash: '11', room: ROOM, endedAt: 5 };
      fixture.failWrites(true);
      await expect(store.segments.add(segment, bytes(1))).rejects.toMatchObject({ code: 'disk-full' });
      fixture.failWrites(false);
      await store.segments.add(segment, bytes(1));
      expect(store.segments.spaces.get('ws/space')).toMatchObject({ number: 1, count: 1, bytes: 1 });
      const again = await reopen(fixture, store);
      expect(await again.segments.after('ws', 'space', 0, 9)).toHaveLength(1);
      expect(again.segments.spaces.get('ws/space')).toMatchObject({ number: 1, count: 1, bytes: 1 });
    });

    test('[ER2] a name that is not a room’s is refused, and a closed store says so', async () => {
      const { store } = await start();
      await expect(store.append('../etc/passwd', bytes(1))).rejects.toMatchObject({ code: 'bad-input' });
      await store.close();
      await expect(store.append(ROOM, bytes(1))).rejects.toMatchObject({ code: 'closed' });
      await expect(store.load(ROOM)).rejects.toMatchObject({ code: 'closed' });
    });
  });
}

const STATE: RoomState = { update: bytes(9, 9), stateVector: bytes(8), deleteSet: bytes(7) };

function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values);
}

async function plain(store: DocStore, room: string): Promise<unknown> {
  const stored = await store.load(room);
  if (!stored) return null;
  const { state, tail, number } = stored;
  return {
    state: state && {
      update: new Uint8Array(state.update),
      stateVector: new Uint8Array(state.stateVector),
      deleteSet: new Uint8Array(state.deleteSet),
    },
    tail: tail.map((update) => [...update]),
    number,
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

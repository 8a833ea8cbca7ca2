// What only the LevelDB store can show: damage, locks, formats, full disks and group commit, by the rules of docs/storage.md.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ClassicLevel } from 'classic-level';
import { faultyDatabase } from '../../tests/support/faulty-database.ts';
import { listing } from '../../tests/support/folder-listing.ts';
import { NO_MOUNT, smallDisk } from '../../tests/support/mounted-disk.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { openLevelDatabase, type ReadView } from './level-database.ts';
import { LevelDocStore, type LevelDocStoreOptions } from './level-doc-store.ts';

const ROOM = 'ws/space/page';

async function opened(directory: string, options: Partial<LevelDocStoreOptions> = {}): Promise<LevelDocStore> {
  const store = await LevelDocStore.open({ directory, spaceNeeded: 1024, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** A closed store with `rooms` rooms of three updates each. */
async function filled(rooms = 5): Promise<string> {
  const directory = await temporaryFolder();
  const store = await opened(directory);
  for (let at = 0; at < rooms; at += 1) {
    for (let n = 0; n < 3; n += 1) await store.append(`${ROOM}-${at}`, new Uint8Array([at, n, 0xab, 0xcd, 0xef]));
  }
  await store.close();
  return directory;
}

async function tamper(directory: string, change: (level: ClassicLevel<string, Uint8Array>) => Promise<unknown>) {
  const level = new ClassicLevel<string, Uint8Array>(join(directory, 'db'), { valueEncoding: 'view' });
  await level.open();
  await change(level);
  await level.close();
}

async function keyOf(level: ClassicLevel<string, Uint8Array>, prefix: string): Promise<string> {
  const [key] = await level.keys({ gte: prefix, lt: `${prefix}\uffff` }).all();
  return key!;
}

describe('damage', () => {
  test('[ST2] a flipped byte, or a value under another key, is noticed when it is read', async () => {
    const directory = await filled();
    await tamper(directory, async (level) => {
      const key = await keyOf(level, `t!${ROOM}-0!`);
      const value = new Uint8Array((await level.get(key))!);
      value[value.length - 1]! ^= 1;
      await level.put(key, value);
      const other = await keyOf(level, `t!${ROOM}-1!`);
      await level.put(other, (await level.get(await keyOf(level, `t!${ROOM}-2!`)))!);
    });
    const store = await opened(directory);
    await expect(store.load(`${ROOM}-0`)).rejects.toMatchObject({ code: 'damaged' });
    await expect(store.load(`${ROOM}-1`)).rejects.toMatchObject({ code: 'damaged' });
    expect((await store.load(`${ROOM}-2`))?.tail).toHaveLength(3);
  });

  test('[RO2] a missing update or state is damage, not a shorter document', async () => {
    const directory = await filled();
    const first = await opened(directory);
    await first.compact(`${ROOM}-1`, 3, {
      update: new Uint8Array([1]),
      stateVector: new Uint8Array([2]),
      deleteSet: new Uint8Array([3]),
    });
    await first.close();
    await tamper(directory, async (level) => {
      await level.del(await keyOf(level, `t!${ROOM}-0!`));
      await level.del(`d!${ROOM}-1`);
    });
    const store = await opened(directory);
    await expect(store.load(`${ROOM}-0`)).rejects.toMatchObject({ code: 'damaged' });
    await expect(store.load(`${ROOM}-1`)).rejects.toMatchObject({ code: 'damaged' });
  });

  test.each([
    ['CO1', 'a lost room', (level: ClassicLevel<string, Uint8Array>) => level.del(`r!${ROOM}-0`)],
    ['CO1', 'a lost index entry', async (level) => level.del(await keyOf(level, 'c!ws/space!'))],
    ['CO3', 'a lost count', (level) => level.del('s!ws/space')],
    ['FO4', 'an emptied database', (level) => level.clear()],
  ] as readonly (readonly [string, string, (level: ClassicLevel<string, Uint8Array>) => Promise<unknown>])[])(
    '[%s] %s keeps the store from opening',
    async (_rule, _what, change) => {
      const directory = await filled();
      await tamper(directory, change);
      await expect(opened(directory)).rejects.toMatchObject({ code: 'damaged' });
    },
  );

  test('[CO2] [CO4] a flipped byte in the database’s log is noticed, wherever it was', async () => {
    const noticed: number[] = [];
    const lost: number[] = [];
    for (let at = 1; at <= 8; at += 1) {
      const directory = await filled(8);
      const log = join(
        directory,
        'db',
        readdirSync(join(directory, 'db')).find((name) => name.endsWith('.log'))!,
      );
      const bytes = readFileSync(log);
      // LevelDB drops everything behind it in silence: found by this test when only counts inside the database were kept.
      const place = Math.floor((bytes.length * at) / 9);
      bytes[place]! ^= 0x40;
      writeFileSync(log, bytes);
      try {
        const store = await opened(directory);
        for await (const room of store.rooms()) await store.load(room);
        lost.push(place);
      } catch (error) {
        expect(error).toMatchObject({ code: 'damaged' });
        noticed.push(place);
      }
    }
    expect(lost).toEqual([]);
    expect(noticed).toHaveLength(8);
  });

  test('[FO4] a deleted CURRENT is damage, and nothing new is made in its place', async () => {
    const directory = await filled();
    rmSync(join(directory, 'db', 'CURRENT'));
    await expect(opened(directory)).rejects.toMatchObject({ code: 'damaged' });
    expect(existsSync(join(directory, 'db', 'CURRENT'))).toBe(false);
  });
});

describe('folder and format', () => {
  test('[FO2] a newer format is refused untouched, an unreadable one is damage', async () => {
    const directory = await filled();
    writeFileSync(join(directory, 'format.json'), '{"format":2,"hub":"x"}');
    const before = listing(directory);
    await expect(opened(directory)).rejects.toMatchObject({ code: 'too-new' });
    expect(listing(directory)).toEqual(before);
    writeFileSync(join(directory, 'format.json'), 'not json');
    await expect(opened(directory)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('[FO3] an older format is backed up and migrated, or refused where there is no way', async () => {
    const directory = await filled();
    const { hub } = JSON.parse(readFileSync(join(directory, 'format.json'), 'utf8')) as { hub: string };
    writeFileSync(join(directory, 'format.json'), JSON.stringify({ format: 0, hub }));
    await expect(opened(directory)).rejects.toMatchObject({ code: 'unsupported' });
    const migrated: string[] = [];
    const migrations = new Map([[0, async (path: string) => void migrated.push(path)]]);
    const store = await opened(directory, { migrations });
    expect(migrated).toEqual([join(directory, 'db')]);
    expect(existsSync(join(directory, 'backup-format-0', 'CURRENT'))).toBe(true);
    expect(JSON.parse(readFileSync(join(directory, 'format.json'), 'utf8'))).toEqual({ format: 1, hub });
    expect((await store.load(`${ROOM}-0`))?.tail).toHaveLength(3);
  });

  test('[FO1] a crash before format.json was written is completed by the next opening', async () => {
    const directory = await filled();
    rmSync(join(directory, 'format.json'));
    const store = await opened(directory);
    expect((await store.load(`${ROOM}-0`))?.tail).toHaveLength(3);
    expect(existsSync(join(directory, 'format.json'))).toBe(true);
  });

  test('[FO5] a folder that another process owns is locked', async () => {
    const directory = await temporaryFolder();
    await opened(directory);
    await expect(opened(directory)).rejects.toMatchObject({ code: 'locked' });
  });
});

describe('group commit', () => {
  test('[GC1] appends of many rooms share a few batches', async () => {
    const { open, faults } = faultyDatabase();
    const store = await opened(await temporaryFolder(), { openDatabase: open });
    faults.batches = 0;
    const rooms = Array.from({ length: 500 }, (_, at) => `${ROOM}-${at}`);
    const numbers = await Promise.all(rooms.map((room) => store.append(room, new Uint8Array([1]))));
    expect(numbers).toEqual(rooms.map((_, at) => ({ number: at + 1, place: 0 })));
    expect(faults.batches).toBe(1);
  });

  test('[GC4] a batch that failed after it had reached the disk is taken back, its merging kept', async () => {
    const { open, faults } = faultyDatabase();
    const directory = await temporaryFolder();
    const store = await opened(directory, { openDatabase: open });
    for (const n of [1, 2]) await store.append(ROOM, new Uint8Array([n]));
    const state = { update: new Uint8Array([9]), stateVector: new Uint8Array([8]), deleteSet: new Uint8Array([7]) };
    faults.mode = 'unsynced';
    const results = await Promise.allSettled([
      store.compact(ROOM, 2, state),
      store.append(ROOM, new Uint8Array([3])),
      store.append(`${ROOM}-new`, new Uint8Array([4])),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    faults.mode = 'none';
    expect((await store.append('ws/other/page', new Uint8Array([5]))).number).toBe(1);
    expect(await store.load(`${ROOM}-new`)).toBeNull();
    expect((await store.load(ROOM))?.tail).toEqual([]);
    expect(await store.changes('ws', 'space', 0, 10)).toEqual([{ room: ROOM, number: 2 }]);
    await store.close();
    // The counts hold, too.
    expect((await (await opened(directory)).append(ROOM, new Uint8Array([6]))).number).toBe(3);
  });

  test('[GC4] a rejected batch that reached the disk is shown to no reader while it waits to be taken back', async () => {
    // A room that was loaded in between took the rejected update for durable: who sent it again was told "unchanged" and
    // acknowledged, and then the update was taken back from the disk.
    const { open, faults } = faultyDatabase();
    const store = await opened(await temporaryFolder(), { openDatabase: open });
    await store.append(ROOM, new Uint8Array([1]));
    faults.mode = 'unsynced';
    const appends = [ROOM, ROOM, `${ROOM}-new`].map((room, at) => store.append(room, new Uint8Array([2 + at])));
    expect((await Promise.allSettled(appends)).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    // Reopening fails halfway, so that the next reader opens the database, its log with the rejected batch included.
    faults.mode = 'none';
    faults.failingOpens = 1;
    await expect(store.append('ws/other/page', new Uint8Array([5]))).rejects.toThrow();
    expect(await contentOf(store, ROOM)).toEqual([1, [[1]]]);
    expect(await store.load(`${ROOM}-new`)).toBeNull();
    const rooms: string[] = [];
    for await (const room of store.rooms('ws')) rooms.push(room);
    expect(rooms).toEqual([ROOM]);
    expect(await store.changes('ws', 'space', 0, 10)).toEqual([{ room: ROOM, number: 1 }]);
    await store.append('ws/other/page', new Uint8Array([5]));
    expect(await contentOf(store, ROOM)).toEqual([1, [[1]]]);
  });

  test('[GC4] a batch is taken back before anything else is written, also when the first try to do so fails', async () => {
    // Once the database was open again the store wrote on, although it had not yet taken the rejected batch back: the
    // numbers of the space no longer added up, and the next opening refused the store as damaged.
    const { open, faults } = faultyDatabase();
    const directory = await temporaryFolder();
    const store = await opened(directory, { openDatabase: open });
    await store.append(ROOM, new Uint8Array([1]));
    faults.mode = 'unsynced';
    await expect(store.append(`${ROOM}-lost`, new Uint8Array([2]))).rejects.toThrow();
    faults.mode = 'none';
    faults.failingReads = 1;
    await expect(store.append(ROOM, new Uint8Array([3]))).rejects.toThrow();
    expect((await store.append(ROOM, new Uint8Array([4]))).number).toBe(2);
    await store.close();
    const again = await opened(directory);
    expect(await contentOf(again, ROOM)).toEqual([2, [[1], [4]]]);
    expect(await again.load(`${ROOM}-lost`)).toBeNull();
  });

  test.skipIf(NO_MOUNT)(
    `[GC3] on a disk that is really full writing says so, reading goes on, and writing comes back with the space${NO_MOUNT}`,
    async () => {
      const disk = smallDisk(24);
      onTestFinished(() => disk.remove());
      const store = await opened(join(disk.path, 'store'), { spaceNeeded: 6 * 1024 * 1024 });
      const ballast = join(disk.path, 'ballast');
      writeFileSync(ballast, new Uint8Array(8 * 1024 * 1024));
      let stored = 0;
      const update = (): Uint8Array => crypto.getRandomValues(new Uint8Array(60_000));
      let failure: unknown = null;
      while (!failure && stored < 1_000) {
        await store.append(ROOM, update()).then(
          () => (stored += 1),
          (error: unknown) => (failure = error),
        );
      }
      expect(failure).toMatchObject({ code: 'disk-full' });
      await expect(store.append(ROOM, update())).rejects.toMatchObject({ code: 'disk-full' });
      expect((await store.load(ROOM))?.tail).toHaveLength(stored);
      rmSync(ballast);
      expect((await store.append(ROOM, update())).number).toBe(stored + 1);
      await store.close();
      expect((await (await opened(join(disk.path, 'store'))).load(ROOM))?.tail).toHaveLength(stored + 1);
    },
  );
});

async function contentOf(store: LevelDocStore, room: string): Promise<unknown> {
  const stored = await store.load(room);
  return stored && [stored.number, stored.tail.map((update) => [...update])];
}

test('[VA1] nothing behind a prefix is read: a session that is cut costs its own rows and not those of everybody', async () => {
  let read = 0;
  const store = await opened(await temporaryFolder(), {
    async openDatabase(directory, options) {
      const database = await openLevelDatabase(directory, options);
      const counted = (view: ReadView): ReadView => ({
        ...view,
        async entries(range) {
          const found = await view.entries(range);
          read += found.length;
          return found;
        },
      });
      return { ...database, read: (run) => database.read((view) => run(counted(view))) };
    },
  });
  const keys = Array.from({ length: 900 }, (_, at) => `session-${Math.floor(at / 3)}/${at}`);
  await store.values.write(keys.map((key) => ({ area: 'pending', key, value: new Uint8Array([1]) })));
  read = 0;
  const found: string[] = [];
  for await (const [key] of store.values.entries('pending', 'session-7/')) found.push(key);
  expect([found, read]).toEqual([['session-7/21', 'session-7/22', 'session-7/23'], 3]);
});

// Rolling snapshots of a running host by the SN rules of docs/relay.md: real stores, written meanwhile; a clock of their own.
import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { restoreStore } from '../../shared/node/store-backup.ts';
import { filledStore, historyOf, textsOf, wholeHistory, wholeText } from '../../tests/support/filled-store.ts';
import { until } from '../../tests/support/host.ts';
import { NO_MOUNT, smallDisk } from '../../tests/support/mounted-disk.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import type { SnapshotEntry } from '../contract/recovery.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { dueIn, SNAPSHOT_LIMITS, tooMany } from './snapshot-plan.ts';
import { listSnapshots, Snapshots } from './snapshots.ts';

const DAY = 24 * 60 * 60 * 1000;
const NOON = Date.parse('2026-11-22T12:00:00Z');

function entry(day: number, bytes = 1): SnapshotEntry {
  const at = new Date(NOON - day * DAY).toISOString();
  return { id: `day-${day}`, at, rooms: 1, changes: 1, bytes };
}

test('[SN4] seven days and four weeks stay, within the bytes allowed, and always the newest', () => {
  let entries: SnapshotEntry[] = [];
  for (let day = 60; day >= 0; day -= 1) {
    entries.push(entry(day));
    const gone = tooMany(entries, SNAPSHOT_LIMITS);
    entries = entries.filter(({ id }) => !gone.includes(id));
  }
  const days = entries.map(({ id }) => Number(id.slice(4))).sort((a, b) => a - b);
  expect(days.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(days).toHaveLength(11);
  expect(days.at(-1)).toBeGreaterThan(20);
  const large = [0, 1, 2].map((day) => entry(day, 900));
  expect(tooMany(large, { daily: 7, weekly: 4, bytes: 2_000 })).toEqual(['day-2']);
  expect(tooMany(large, { daily: 7, weekly: 4, bytes: 10 })).toEqual(['day-2', 'day-1']);
  expect(tooMany([], SNAPSHOT_LIMITS)).toEqual([]);
});

test('[SN4] one is due a day after the last, also when the clock was set back', () => {
  expect(dueIn([], NOON)).toBe(0);
  expect(dueIn([entry(0)], NOON + 1_000)).toBe(DAY - 1_000);
  expect(dueIn([entry(0), entry(2)], NOON + 3 * DAY)).toBe(0);
  expect(dueIn([entry(0)], NOON - 90 * DAY)).toBe(DAY);
});

interface Bench {
  readonly folder: DataFolder;
  readonly store: LevelDocStore;
  readonly clock: FakeClock;
  readonly snapshots: Snapshots;
}

/** @param root of the data folder, where it is not the store's own. */
async function running(root?: string): Promise<Bench> {
  const directory = await filledStore();
  const folder = { ...dataFolderAt(root ?? join(directory, '..')), store: directory };
  const store = await LevelDocStore.open({ directory });
  const clock = new FakeClock(NOON);
  const snapshots = new Snapshots({ folder, store, clock, logger: silentLogger, limits: SNAPSHOT_LIMITS });
  onTestFinished(async () => {
    await snapshots.close();
    await store.close();
  });
  return { folder, store, clock, snapshots };
}

test('[SN1] a snapshot of a store that is being written is one moment of it, and restores', async () => {
  const { folder, store, snapshots } = await running();
  const doc = new Y.Doc();
  const writes: Promise<unknown>[] = [];
  doc.on('update', (update: Uint8Array) => writes.push(store.append('ws/everyone/written', update)));
  doc.getText('body').insert(0, 'before ');
  await Promise.all(writes);
  const made = snapshots.make();
  for (let at = 0; at < 200; at += 1) {
    doc.getText('body').insert(doc.getText('body').length, `${at} `);
    if (at % 20 === 0) await writes.at(-1);
  }
  await Promise.all([made, ...writes]);
  const [newest] = await listSnapshots(folder);
  expect(newest).toMatchObject({ at: new Date(NOON).toISOString(), rooms: 13 });
  const restored = join(await temporaryFolder(), 'data', 'store');
  await restoreStore(join(folder.snapshots, newest!.id), restored);
  const texts = await textsOf(restored);
  expect(doc.getText('body').toString().startsWith(texts.get('ws/everyone/written')!)).toBe(true);
  expect(texts.get('ws/everyone/written')).toContain('before');
  expect(texts.get('ws/product/page-0')).toBe(wholeText('ws/product/page-0'));
  expect(await historyOf(restored)).toEqual(wholeHistory());
});

test('[SN2] one that is stopped or fails leaves nothing of itself, and the older ones stay', async () => {
  const { folder, clock, snapshots } = await running();
  await snapshots.make();
  clock.advance(2 * DAY);
  const stopped = snapshots.make().catch((error: unknown) => error);
  await snapshots.close();
  expect(await stopped).toMatchObject({ code: 'cancelled' });
  expect(readdirSync(folder.snapshots)).toHaveLength(1);
  expect(await listSnapshots(folder)).toHaveLength(1);
});

test.skipIf(NO_MOUNT)(
  `[SN2] a disk that is full, or becomes so half way: said, nothing half stays, older ones do, and with room there is a new one${NO_MOUNT}`,
  async () => {
    const disk = smallDisk(16);
    onTestFinished(() => disk.remove());
    const { folder, clock, snapshots, store } = await running(disk.path);
    await snapshots.make();
    const before = readdirSync(folder.snapshots);
    const [{ bytes }] = (await listSnapshots(folder)) as [SnapshotEntry];
    for (const left of [0, bytes >> 1]) {
      clock.advance(2 * DAY);
      disk.fill(left);
      await expect(snapshots.make()).rejects.toMatchObject({ code: 'disk-full' });
      expect(readdirSync(folder.snapshots)).toEqual(before);
      disk.free();
    }
    // What is kept is whole, and the store that was read goes on.
    await restoreStore(join(folder.snapshots, before[0]!), join(await temporaryFolder(), 'data', 'store'));
    await store.append('ws/everyone/later', Y.encodeStateAsUpdate(new Y.Doc()));
    await snapshots.make();
    expect(await listSnapshots(folder)).toHaveLength(2);
  },
);

test('[SN3] a table that rotted while the store is open: no snapshot is made of it, and older ones stay', async () => {
  const { folder, clock, snapshots } = await running();
  await snapshots.make();
  clock.advance(2 * DAY);
  const name = readdirSync(join(folder.store, 'db')).find((file) => file.endsWith('.ldb'))!;
  const path = join(folder.store, 'db', name);
  // In place: LevelDB has the file mapped, and a file cut short under a mapping ends the process that reads there.
  const file = openSync(path, 'r+');
  writeSync(file, Uint8Array.of(0xff), 0, 1, statSync(path).size >> 1);
  closeSync(file);
  await expect(snapshots.make()).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringContaining('older ones are kept') as string,
  });
  expect(await listSnapshots(folder)).toHaveLength(1);
});

test('[SN4] a running host makes one a day by itself', async () => {
  const { folder, clock, snapshots } = await running();
  snapshots.start();
  clock.advance(5 * 60_000);
  await until('the first one', async () => (await listSnapshots(folder)).length === 1);
  await until('it waits for the next', () => clock.pending === 1);
  clock.advance(DAY - 10 * 60_000);
  await until('it waits on', () => clock.pending === 1);
  expect(await listSnapshots(folder)).toHaveLength(1);
  clock.advance(DAY);
  await until('the second one', async () => (await listSnapshots(folder)).length === 2);
});

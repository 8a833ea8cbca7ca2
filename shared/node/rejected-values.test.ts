// Values of a rejected write that arrived all the same: what readers are shown until they are taken back, and what is not taken back.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { faultyDatabase } from '../../tests/support/faulty-database.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { LevelDocStore } from './level-doc-store.ts';

const AREA = 'kept';
const write = (key: string, value: string | null) => ({ area: AREA, key, value: value === null ? null : utf8(value) });
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function opened() {
  const { open, faults } = faultyDatabase();
  const directory = join(await temporaryFolder(), 'store');
  const store = await LevelDocStore.open({ directory, openDatabase: open, spaceNeeded: 1024 });
  onTestFinished(() => store.close());
  return { store, faults };
}

async function rowsOf(store: LevelDocStore, prefix = ''): Promise<Record<string, string>> {
  const rows: Record<string, string> = {};
  for await (const [key, value] of store.values.entries(AREA, prefix)) rows[key] = new TextDecoder().decode(value);
  return rows;
}

/** The batch is on the disk, and the database was opened again by a reader while nothing was taken back yet. */
async function arrived(
  store: LevelDocStore,
  faults: ReturnType<typeof faultyDatabase>['faults'],
  write: () => Promise<unknown>,
) {
  faults.mode = 'unsynced';
  await expect(write()).rejects.toThrow();
  faults.mode = 'none';
  faults.failingOpens = 1;
  await expect(store.values.write([{ area: 'other', key: 'x', value: utf8('x') }])).rejects.toThrow();
}

test('[GC4][VA2] readers are shown what stood there before, in its order and however many pages it takes', async () => {
  const { store, faults } = await opened();
  const keys = Array.from({ length: 1_200 }, (_, at) => String(at).padStart(4, '0'));
  await store.values.write(keys.filter((_, at) => at % 2 === 0).map((key) => write(key, 'before')));
  const before = await rowsOf(store);
  // Every third changes: some are overwritten, some new, some gone.
  const changes = keys.filter((_, at) => at % 3 === 0).map((key) => write(key, key < '0900' ? 'after' : null));
  await arrived(store, faults, () => store.values.write(changes));
  expect(await rowsOf(store)).toEqual(before);
  expect(Object.keys(await rowsOf(store))).toEqual(Object.keys(before));
  const listed: string[] = [];
  for await (const key of store.values.keys(AREA, '09')) listed.push(key);
  expect(listed).toEqual(Object.keys(before).filter((key) => key.startsWith('09')));
  expect(await store.values.get(AREA, '0003')).toBeNull();
  await store.values.write([write('9999', 'later')]);
  expect(await rowsOf(store)).toEqual({ ...before, 9999: 'later' });
});

test('[VA2] two writes that were rejected together are taken back to what stood there before the first', async () => {
  const { store, faults } = await opened();
  await store.values.write([write('a', '1')]);
  await arrived(store, faults, () =>
    Promise.all([store.values.write([write('a', '2')]), store.values.write([write('a', '3'), write('b', '3')])]),
  );
  await store.values.write([write('c', '4')]);
  expect(await rowsOf(store)).toEqual({ a: '1', c: '4' });
});

test('[VA2] a write that only deletes stands where it arrived', async () => {
  const { store, faults } = await opened();
  await store.values.write([write('a', '1'), write('b', '2')]);
  await arrived(store, faults, () => store.values.write([write('a', null)]));
  await store.values.write([write('c', '3')]);
  expect(await rowsOf(store)).toEqual({ b: '2', c: '3' });
});

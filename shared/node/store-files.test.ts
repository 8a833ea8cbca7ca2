// What an opening does with files it cannot vouch for, by the rules FI1, RE40 and ST8; real stores, real damage.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { expect, onTestFinished, test } from 'vitest';
import { damageTable } from '../../tests/support/damage.ts';
import { filledStore, textsOf } from '../../tests/support/filled-store.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { seal } from './checksummed.ts';
import { LevelDocStore } from './level-doc-store.ts';
import { openLevelDatabase, type OpenDatabase } from './level-database.ts';
import { backupStore, restoreStore } from './store-backup.ts';
import { repairStore } from './store-repair.ts';
import { verifyStore } from './store-verify.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

const NEVER: OpenDatabase = () => Promise.reject(new Error('LevelDB was given a damaged file'));

test('[FI1] a file that changed since the orderly close is checked before LevelDB gets it', async () => {
  const directory = await filledStore();
  damageTable(directory);
  const before = readdirSync(join(directory, 'db'));
  await expect(LevelDocStore.open({ directory, openDatabase: NEVER })).rejects.toMatchObject({
    code: 'damaged',
    details: { files: [expect.stringContaining('checksums')] },
  });
  expect(readdirSync(join(directory, 'db'))).toEqual(before);
});

test('[FI1] after a process that ended without closing, every file is checked', async () => {
  const directory = await filledStore();
  const store = await LevelDocStore.open({ directory });
  onTestFinished(() => store.close());
  // What lies there while a store is open is what a killed process leaves.
  const killed = join(await temporaryFolder(), 'store');
  for (const name of ['format.json', 'head.json', 'files.json', 'db']) await copy(directory, killed, name);
  expect(JSON.parse(readFileSync(join(killed, 'files.json'), 'utf8'))).toMatchObject({ open: true });
  expect((await textsOf(killed)).size).toBe(12);
  // Tables of that opening would be nobody's (FI2).
  rmSync(join(killed, 'db'), { recursive: true });
  for (const name of ['format.json', 'head.json', 'files.json', 'db']) await copy(directory, killed, name);
  damageTable(killed);
  await expect(LevelDocStore.open({ directory: killed, openDatabase: NEVER })).rejects.toMatchObject({
    code: 'damaged',
  });
});

async function copy(from: string, to: string, name: string): Promise<void> {
  await cp(join(from, name), join(to, name), { recursive: true });
}

test('[FI1] a store of an older version, without the list, opens and has one afterwards', async () => {
  const directory = await filledStore();
  rmSync(join(directory, 'files.json'));
  expect((await textsOf(directory)).size).toBe(12);
  expect(JSON.parse(readFileSync(join(directory, 'files.json'), 'utf8'))).toMatchObject({ open: false });
});

test('[RE40] where a store was no empty one is made: its lists gone, or its folder gone after a repair', async () => {
  const directory = await filledStore();
  renameSync(join(directory, 'format.json'), `${directory}-format.json`);
  renameSync(join(directory, 'db', 'CURRENT'), `${directory}-CURRENT`);
  await expect(LevelDocStore.open({ directory })).rejects.toMatchObject({ code: 'damaged' });
  expect(existsSync(join(directory, 'format.json'))).toBe(false);
  renameSync(directory, `${directory}-before-repair-20261122T090000Z`);
  await expect(LevelDocStore.open({ directory })).rejects.toMatchObject({ code: 'damaged' });
  expect(existsSync(directory)).toBe(false);
});

/** A newer version adds families of keys; whoever mends or copies a store with an older one must not lose them. */
test('[ST8] rows of unknown families are no damage, and repair and backup keep them byte for byte', async () => {
  const directory = await filledStore();
  const rows = ['z!ws/everyone/page-1!abc', 'x2!anything', 'h!other'].map((key, at) => [
    key,
    seal(key, new Uint8Array([at, 9, 9])),
  ]) as [string, Uint8Array][];
  const level = new ClassicLevel<string, Uint8Array>(join(directory, 'db'), { valueEncoding: 'view' });
  await level.open();
  for (const [key, value] of rows) await level.put(key, value);
  await level.close();
  expect((await verifyStore(directory)).problems).toEqual([]);

  const folder = join(await temporaryFolder(), 'backup');
  await backupStore(directory, folder, NOW);
  const restored = join(await temporaryFolder(), 'data', 'store');
  await restoreStore(folder, restored);
  expect(await rowsOf(restored, rows)).toEqual(rows);

  damageTable(directory);
  expect(await repairStore(directory, NOW)).toMatchObject({ kind: 'repaired' });
  expect(await rowsOf(directory, rows)).toEqual(rows);
});

async function rowsOf(directory: string, wanted: readonly [string, Uint8Array][]): Promise<[string, Uint8Array][]> {
  const database = await openLevelDatabase(join(directory, 'db'), { create: false });
  try {
    return await database.read(async (view) => {
      const found: [string, Uint8Array][] = [];
      for (const [key] of wanted) {
        const value = await view.get(key);
        if (value) found.push([key, Uint8Array.from(value)]);
      }
      return found;
    });
  } finally {
    await database.close();
  }
}

// A backup of a store that is open and goes on being written: its rows as of one moment, in the format of every backup.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { BACKUP_VERSION, hashOfFile, writeManifest } from './backup-manifest.ts';
import type { LevelDocStore } from './level-doc-store.ts';
import { checkRowFiles, rowFiles } from './leveldb/database-files.ts';
import { moveIntoPlace, mustBeEmpty, type BackupReport } from './store-backup.ts';
import { storeFiles } from './store-copy.ts';
import { toStoreError } from './store-errors.ts';
import { STORE_FORMAT, writeFormat } from './store-format.ts';
import { writeHead } from './store-head.ts';
import { openCopy } from './store-survey.ts';

/** What an interrupted snapshot leaves beside its place; the next one removes it. */
const PREFIX = '.snapshot-';

/**
 * Rules SN1 to SN3. `target` must not exist or be empty; it is there as a whole or not at all. Throws `damaged` (a file of the
 * store fails its checksums: then no snapshot is made of it), `already-exists`, `disk-full`, `cancelled`.
 */
export async function snapshotStore(
  store: LevelDocStore,
  target: string,
  now: Date,
  signal?: AbortSignal,
): Promise<BackupReport> {
  const folder = resolve(target);
  await mustBeEmpty(folder, `${folder} is not empty. Nothing was written; name a folder that is new or empty.`);
  let beside: string | null = null;
  try {
    await refuseDamaged(store.directory);
    await mkdir(dirname(folder), { recursive: true });
    beside = await mkdtemp(join(dirname(folder), `${PREFIX}${basename(folder)}-`));
    const facts = await copyRows(store, join(beside, 'db'), signal);
    await writeHead(beside, facts.changes);
    await writeFormat(beside, { format: STORE_FORMAT, hub: store.hub });
    await rm(join(beside, 'db', 'LOCK'), { force: true });
    await rm(join(beside, 'db', 'LOG'), { force: true });
    const files = [];
    for (const path of await storeFiles(beside)) {
      const at = join(beside, path);
      files.push({ path, size: (await stat(at)).size, sha256: await hashOfFile(at) });
    }
    const createdAt = now.toISOString();
    const { rooms, changes } = facts;
    await writeManifest(beside, {
      kind: 'caravan-store-backup',
      version: BACKUP_VERSION,
      format: STORE_FORMAT,
      hub: store.hub,
      createdAt,
      rooms,
      changes,
      files,
    });
    await moveIntoPlace(beside, folder);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return { folder, rooms, changes, files: files.length, bytes, createdAt };
  } catch (error) {
    if (beside !== null) await rm(beside, { recursive: true, force: true });
    throw toStoreError(error, folder);
  }
}

/** Takes away what snapshots that were killed left in `parent`. Never while one is being made there. */
export async function removeUnfinishedSnapshots(parent: string): Promise<void> {
  if (!existsSync(parent)) return;
  for (const name of await readdir(parent)) {
    if (name.startsWith(PREFIX)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Reading a rotten table through LevelDB could end the process (rule UP7); logs are being written and are not looked at. */
async function refuseDamaged(directory: string): Promise<void> {
  const database = join(directory, 'db');
  for (const file of await rowFiles(database)) {
    if (file.name.endsWith('.log')) continue;
    const [problem] = await checkRowFiles(database, [file]).catch((error: unknown) => {
      // LevelDB merged it into another one meanwhile.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    });
    if (!problem) continue;
    throw new AppError(
      'damaged',
      `A file of the store is damaged (${problem.file}: ${problem.what}). No snapshot was made, and older ones are kept. Close Caravan and start it again: it then offers to repair.`,
      { details: { directory, files: [`${problem.file}: ${problem.what}`] } },
    );
  }
}

async function copyRows(store: LevelDocStore, database: string, signal?: AbortSignal) {
  const level = await openCopy(database, true);
  try {
    const facts = await store.copyRows(async (rows) => {
      if (signal?.aborted) throw new AppError('cancelled', 'The snapshot was stopped. Older ones are kept.');
      await level.batch(rows.map(([key, value]) => ({ type: 'put', key, value })));
    });
    // LevelDB syncs what it was given before it answers: what the manifest names must survive a power cut.
    await level.batch([], { sync: true });
    await level.compactRange('', '\u007f');
    return facts;
  } finally {
    await level.close();
  }
}

// Backups of a store as a folder of files with a manifest, and their restoring; whole or not at all, both ways.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { syncFolder } from './atomic-file.ts';
import { BACKUP_VERSION, readManifest, writeManifest, type BackupManifest } from './backup-manifest.ts';
import { copyDurably, storeFiles, type FileFacts } from './store-copy.ts';
import { toStoreError } from './store-errors.ts';
import { STORE_FORMAT } from './store-format.ts';
import { holdStore, isWorkFolder } from './store-guard.ts';
import { inspectStore } from './store-verify.ts';

export interface BackupReport {
  readonly folder: string;
  readonly rooms: number;
  readonly changes: number;
  readonly files: number;
  readonly bytes: number;
  readonly createdAt: string;
}

/**
 * Rules BA1 to BA3: the store must be nobody's while it is copied, and sound. `target` must not exist or be empty; it is
 * there as a whole or not at all. Throws `locked`, `damaged`, `already-exists`, `bad-input`, `not-found`, `disk-full`.
 */
export async function backupStore(directory: string, target: string, now: Date): Promise<BackupReport> {
  const folder = resolve(target);
  if (`${folder}${sep}`.startsWith(`${resolve(dirname(directory))}${sep}`)) {
    throw new AppError(
      'bad-input',
      'A backup inside the data folder would go with it. Nothing was written; name a folder elsewhere.',
    );
  }
  await mustBeEmpty(folder, `${folder} is not empty. Nothing was written; name a folder that is new or empty.`);
  const held = await holdStore(directory);
  let beside: string | null = null;
  try {
    const { report } = await inspectStore(directory, join(held.work, 'copy'));
    if (report.problems.length > 0 || report.hub === null || report.format === null) {
      throw new AppError('damaged', `The store is damaged, so no backup was made: ${report.problems[0]?.what ?? ''}`);
    }
    await mkdir(dirname(folder), { recursive: true });
    beside = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
    const files: FileFacts[] = [];
    for (const path of await storeFiles(directory)) {
      files.push({ path, ...(await copyDurably(join(directory, path), join(beside, path))) });
    }
    const createdAt = now.toISOString();
    await writeManifest(beside, {
      kind: 'caravan-store-backup',
      version: BACKUP_VERSION,
      format: report.format,
      hub: report.hub,
      createdAt,
      rooms: report.rooms,
      changes: report.changes,
      files,
    });
    await moveIntoPlace(beside, folder);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    return { folder, rooms: report.rooms, changes: report.changes, files: files.length, bytes, createdAt };
  } catch (error) {
    if (beside !== null) await rm(beside, { recursive: true, force: true });
    throw toStoreError(error, directory);
  } finally {
    await held.release();
  }
}

/**
 * Rules BA4 to BA6: into a data folder that is new or empty; every file is verified, and the store checked, before it is put
 * in place. The next opening begins an epoch that nobody has heard of (EP1, EP3). Throws `already-exists`, `damaged`,
 * `not-found`, `too-new`, `disk-full`, `read-only`; nothing is in the data folder then.
 */
export async function restoreStore(source: string, directory: string): Promise<BackupReport> {
  const folder = resolve(source);
  const data = dirname(directory);
  await mustBeEmpty(
    data,
    `${data} is not empty. Nothing was changed; a backup is restored into a folder that is new or empty.`,
  );
  const made = await mkdir(data, { recursive: true });
  let work: string | null = null;
  try {
    work = await mkdtemp(join(data, '.upkeep-'));
    const fresh = join(work, 'store');
    const report = await copyBackup(folder, fresh, join(work, 'copy'));
    await rename(fresh, directory);
    await syncFolder(data);
    return report;
  } catch (error) {
    if (made !== undefined) await rm(data, { recursive: true, force: true });
    throw toStoreError(error, data);
  } finally {
    if (work !== null) await rm(work, { recursive: true, force: true });
  }
}

/**
 * Rule BA5: copies a backup's store into `fresh`, which must not exist, and verifies it there. `copy` is a name that is free,
 * for a moment. Throws `not-found`, `damaged`, `too-new`; the caller takes `fresh` away then.
 */
export async function copyBackup(folder: string, fresh: string, copy: string): Promise<BackupReport> {
  const manifest = await readManifest(folder);
  if (manifest.format > STORE_FORMAT) {
    throw new AppError('too-new', 'The backup’s store was written by a newer version of Caravan. Nothing was changed.');
  }
  await copyVerified(folder, fresh, manifest);
  const { report } = await inspectStore(fresh, copy);
  const wrong = report.problems[0]?.what ?? (report.rooms === manifest.rooms ? null : 'rooms are missing');
  if (wrong !== null) throw damagedBackup(folder, wrong);
  const { rooms, changes, createdAt, files } = manifest;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { folder, rooms, changes, files: files.length, bytes, createdAt };
}

async function copyVerified(from: string, to: string, { files }: BackupManifest): Promise<void> {
  for (const { path, size, sha256 } of files) {
    if (!existsSync(join(from, path))) throw damagedBackup(from, `${path} is missing`);
    const copied = await copyDurably(join(from, path), join(to, path));
    if (copied.size !== size || copied.sha256 !== sha256) throw damagedBackup(from, `${path} is not what was written`);
  }
}

/** Throws `already-exists` with `message`; working folders of ours do not count. */
export async function mustBeEmpty(folder: string, message: string): Promise<void> {
  if (!existsSync(folder)) return;
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [folder];
    throw toStoreError(error, folder);
  });
  if (names.some((name) => !isWorkFolder(name))) throw new AppError('already-exists', message);
}

export async function moveIntoPlace(from: string, to: string): Promise<void> {
  // Renaming onto an empty folder is not possible everywhere.
  if (existsSync(to)) await rm(to, { recursive: true });
  await rename(from, to);
  await syncFolder(dirname(to));
}

function damagedBackup(folder: string, what: string): AppError {
  return new AppError('damaged', `The backup ${folder} is damaged (${what}). Nothing was changed; take another one.`);
}

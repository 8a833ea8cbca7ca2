// Puts another store in the place of one that is there: a verified backup, or an empty one; what was there is kept beside it.
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { syncFolder } from './atomic-file.ts';
import { LevelDocStore } from './level-doc-store.ts';
import { nameToKeep } from './kept-originals.ts';
import { copyBackup, type BackupReport } from './store-backup.ts';
import { toStoreError } from './store-errors.ts';
import { holdStore, type HeldStore } from './store-guard.ts';

export interface Replaced<T> {
  /** The folder with the store as it was; null where there was none. */
  readonly original: string | null;
  readonly report: T;
}

/**
 * Rule BA7. Every file is compared with the backup's list and the store is verified before anything moves. Throws `damaged`
 * (the backup), `not-found`, `locked`, `too-new`, `disk-full`; the store then stands as it was.
 */
export function replaceByBackup(source: string, directory: string, now: Date): Promise<Replaced<BackupReport>> {
  return replace(directory, now, (held, fresh) => copyBackup(source, fresh, join(held.work, 'copy')));
}

/** Rule BA8: an empty store under a new hub id; whoever has what was in the old one hands it over again. */
export function replaceByEmpty(directory: string, now: Date): Promise<Replaced<null>> {
  return replace(directory, now, async (_held, fresh) => {
    await (await LevelDocStore.open({ directory: fresh })).close();
    return null;
  });
}

async function replace<T>(
  directory: string,
  now: Date,
  make: (held: HeldStore, fresh: string) => Promise<T>,
): Promise<Replaced<T>> {
  // A store that is gone altogether is replaced as well; it has no lock to hold.
  if (!existsSync(directory)) await mkdir(directory, { recursive: true });
  const held = await holdStore(directory);
  try {
    const fresh = join(held.work, 'store');
    const report = await make(held, fresh);
    if (!existsSync(fresh)) throw new AppError('internal', 'No store was made to take the place. Nothing was changed.');
    const original = nameToKeep(directory, now);
    await rename(directory, original);
    await rename(fresh, directory);
    await syncFolder(dirname(directory));
    return { original, report };
  } catch (error) {
    throw toStoreError(error, directory);
  } finally {
    await held.release();
  }
}

// Owns a store's folder from outside while it is copied, read or replaced; it opens no database of the store itself.
import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { AppError } from '../base/app-error.ts';
import { toStoreError } from './store-errors.ts';

const PREFIX = '.upkeep-';

export interface HeldStore {
  /** An empty folder on the same file system, beside the store; gone after release(). */
  readonly work: string;
  release(): Promise<void>;
}

/**
 * Holds the lock that an opened store holds, without opening it: a database of our own, in a folder of our own, whose LOCK is
 * a second name of the store's. So nothing of the store changes, and no program can open it meanwhile. What an earlier run
 * that was killed left beside it is removed. Throws `not-found`, `locked`, `read-only` and the like.
 *
 * Never read the store's LOCK while it is held: closing any descriptor of that file in this process gives the lock away.
 */
export async function holdStore(directory: string): Promise<HeldStore> {
  if (!existsSync(directory)) {
    throw new AppError('not-found', `There is no store in ${dirname(directory)}. Nothing was changed.`);
  }
  const work = await mkdtemp(join(dirname(directory), PREFIX)).catch((error: unknown) => {
    throw toStoreError(error, directory);
  });
  try {
    const lock = await lockOf(join(directory, 'db'), join(work, 'guard'));
    await removeOthers(work);
    return { work, release: () => release(lock, work) };
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw toStoreError(error, directory);
  }
}

/** Whether `name` is a working folder of this module, of a run that goes on or was killed. */
export function isWorkFolder(name: string): boolean {
  return name.startsWith(PREFIX);
}

async function lockOf(database: string, guard: string): Promise<ClassicLevel | null> {
  // Without the database's folder there is nothing that a program could hold.
  if (!existsSync(database)) return null;
  await mkdir(guard);
  await (await open(join(database, 'LOCK'), 'a')).close();
  await link(join(database, 'LOCK'), join(guard, 'LOCK'));
  const level = new ClassicLevel(guard);
  await level.open();
  return level;
}

async function release(lock: ClassicLevel | null, work: string): Promise<void> {
  await lock?.close();
  await rm(work, { recursive: true, force: true });
}

async function removeOthers(work: string): Promise<void> {
  for (const name of await readdir(dirname(work))) {
    if (!isWorkFolder(name) || name === basename(work)) continue;
    await rm(join(dirname(work), name), { recursive: true, force: true });
  }
}

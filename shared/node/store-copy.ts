// Which files make a store, and copies of them; the store must be held (store-guard.ts), and their content means nothing here.
import { existsSync } from 'node:fs';
import { chmod, constants, copyFile, link, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './atomic-file.ts';
import { hashOfFile } from './backup-manifest.ts';

/** LevelDB's lock and its diary belong to a place, not to the data. */
const NOT_DATA = new Set(['LOCK', 'LOG', 'LOG.old']);
const OWN_FILES = ['format.json', 'head.json'];

export interface FileFacts {
  /** Relative to the store, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** The store's files, sorted; folders inside `db` (LevelDB's own `lost/`) are not among them. */
export async function storeFiles(directory: string): Promise<readonly string[]> {
  const database = join(directory, 'db');
  const names = existsSync(database) ? await readdir(database, { withFileTypes: true }) : [];
  return [
    ...OWN_FILES.filter((name) => existsSync(join(directory, name))),
    ...names.filter((entry) => entry.isFile() && !NOT_DATA.has(entry.name)).map(({ name }) => `db/${name}`),
  ].sort();
}

/**
 * A copy to be opened and thrown away, on the same file system. Tables are linked where that can be done: LevelDB writes a
 * table once and only ever removes its name. Everything else is copied.
 */
export async function copyToRead(from: string, to: string): Promise<void> {
  await mkdir(join(to, 'db'), { recursive: true });
  for (const path of await storeFiles(from)) {
    const linked = /\.(ldb|sst)$/.test(path) && (await linkFile(join(from, path), join(to, path)));
    if (!linked) await copyFile(join(from, path), join(to, path), constants.COPYFILE_FICLONE);
  }
}

/** Copies one file, durably, and says what it was. */
export async function copyDurably(
  from: string,
  to: string,
): Promise<{ readonly size: number; readonly sha256: string }> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_EXCL);
  // A backup on a read-only medium must not become a store that cannot be written.
  await chmod(to, 0o644);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dirname(to));
  // Of the copy: what is promised is what lies there.
  return { size: (await stat(to)).size, sha256: await hashOfFile(to) };
}

async function linkFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    // File systems without links (FAT): then it is copied.
    return false;
  }
}

// Remembers which files a store was closed with, and checks those it cannot vouch for before LevelDB is given them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { checkRowFiles, rowFiles, type FileProblem, type FileStamp } from './leveldb/database-files.ts';
import { holdStore } from './store-guard.ts';

const FILE = 'files.json';
const stamp = z.object({ name: z.string(), size: z.number(), mtimeMs: z.number() });
const content = z.object({ open: z.boolean(), files: z.array(stamp) });
type Content = Readonly<z.output<typeof content>>;

/** What is known of a store that was not closed in order, or never. */
const NOTHING_KNOWN: Content = Object.freeze({ open: true, files: [] });

/**
 * Rule FI1: a file that is not as it was at the last orderly close is read with all its checksums; after a crash, every one.
 * Throws `damaged`; nothing was changed then.
 */
export async function checkStoreFiles(directory: string): Promise<void> {
  const database = join(directory, 'db');
  const known = await read(directory);
  const present = await rowFiles(database);
  const doubtful = present.filter((file) => known.open || !known.files.some((other) => isSame(file, other)));
  if (doubtful.length === 0) return;
  const problems = await findProblems(database, doubtful);
  if (problems.length === 0) return;
  // Files that another process is writing look damaged: that one has the lock, and `locked` is what is to be said then.
  await (await holdStore(directory)).release();
  throw new AppError(
    'damaged',
    `Stored data is damaged (${problems.length} of ${present.length} files fail their checks). Nothing was changed; keep a copy of the folder and repair it, or restore a backup.`,
    { details: { directory, files: problems.map(({ file, what }) => `${file}: ${what}`) } },
  );
}

/**
 * Before LevelDB gets the files: when its code ends the process, the next opening checks them all. A store that is marked
 * already is left alone: mostly another process has it, and will refuse this one the lock.
 */
export async function markOpened(directory: string): Promise<void> {
  const path = join(directory, FILE);
  const mark = `${JSON.stringify(NOTHING_KNOWN)}\n`;
  if ((await readFile(path, 'utf8').catch(() => null)) !== mark) await writeFileAtomic(path, mark);
}

/** After the database is closed. */
export async function markClosed(directory: string): Promise<void> {
  const files = await rowFiles(join(directory, 'db'));
  await writeFileAtomic(join(directory, FILE), `${JSON.stringify({ open: false, files })}\n`);
}

async function read(directory: string): Promise<Content> {
  try {
    const known = content.safeParse(JSON.parse(await readFile(join(directory, FILE), 'utf8')));
    return known.success ? known.data : NOTHING_KNOWN;
  } catch {
    // Missing (a folder of an older version) or unreadable: then everything is checked.
    return NOTHING_KNOWN;
  }
}

async function findProblems(database: string, files: readonly FileStamp[]): Promise<readonly FileProblem[]> {
  try {
    return await checkRowFiles(database, files);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    return [{ file: 'db', what: 'a file went away while it was read', deadly: true }];
  }
}

function isSame(a: FileStamp, b: FileStamp): boolean {
  return a.name === b.name && a.size === b.size && a.mtimeMs === b.mtimeMs;
}

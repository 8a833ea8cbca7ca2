// The files of a LevelDB folder that hold rows: lists them and reads each past any damage. It opens no database.
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLog } from './log-file.ts';
import { namedTables } from './manifest-file.ts';
import type { FileContent } from './raw-row.ts';
import { checkTable, readTable } from './table-file.ts';

const TABLE = /^\d+\.(ldb|sst)$/;
const LOG = /^\d+\.log$/;

/** What a file was when it was looked at; another size or time means another content. */
export interface FileStamp {
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Sorted by name, which is by age. Empty where there is no such folder. */
export async function rowFiles(database: string): Promise<readonly FileStamp[]> {
  if (!existsSync(database)) return [];
  const names = (await readdir(database)).filter((name) => TABLE.test(name) || LOG.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(database, name));
      return { name, size, mtimeMs };
    }),
  );
}

/** Total, but for what the file system throws. */
export async function readRowFile(database: string, name: string): Promise<FileContent> {
  const bytes = await readFile(join(database, name));
  return TABLE.test(name) ? readTable(bytes) : readLog(bytes);
}

export interface FileProblem {
  readonly file: string;
  readonly what: string;
  /** In a table: LevelDB must not be given it. A damaged log it reads, and drops what it does not understand. */
  readonly deadly: boolean;
}

/**
 * Reads every file named with all its checksums, but for tables that the database does not consist of: LevelDB never reads what it
 * had not finished when it ended, and removes it.
 */
export async function checkRowFiles(database: string, files: readonly FileStamp[]): Promise<readonly FileProblem[]> {
  const problems: FileProblem[] = [];
  // Before the files: a table that is finished meanwhile is not named yet, and not looked at.
  const named = await namedTables(database);
  for (const { name } of files) {
    if (named && TABLE.test(name) && !named.has(Number.parseInt(name, 10))) continue;
    const bytes = await readFile(join(database, name));
    const deadly = TABLE.test(name);
    const what = deadly ? checkTable(bytes) : readLog(bytes).problem;
    if (what !== null) problems.push({ file: name, what, deadly });
  }
  return problems;
}

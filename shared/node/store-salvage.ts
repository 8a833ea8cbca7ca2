// Gathers the newest version of every row from a database's files into a new database; it needs none of LevelDB's own lists.
import { AppError } from '../base/app-error.ts';
import { unseal } from './checksummed.ts';
import type { Write } from './level-database.ts';
import { readRowFile, rowFiles } from './leveldb/database-files.ts';
import type { RawRow } from './leveldb/raw-row.ts';
import { openCopy, type OpenedLevel } from './store-survey.ts';

interface Best {
  readonly sequence: number;
  readonly file: string;
  readonly at: number;
}

/** Bytes of one batch. */
const BATCH = 4 * 1024 * 1024;

/**
 * Rule UP7. Values are copied as they are, with their seals, and judged by whoever reads the result.
 * @param target the new database's folder, which must not exist; the caller closes what is returned.
 */
export async function salvageRows(database: string, target: string): Promise<OpenedLevel> {
  const best = await newestRows(database);
  const level = await openCopy(target, true);
  try {
    let writes: Write[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      await level.batch(writes);
      writes = [];
      size = 0;
    };
    for (const { name } of await rowFiles(database)) {
      for (const [at, { key, value }] of (await readRowFile(database, name)).rows.entries()) {
        const found = best.get(key);
        if (value === null || found?.file !== name || found.at !== at) continue;
        writes.push({ type: 'put', key, value });
        size += value.length;
        if (size >= BATCH) await flush();
      }
    }
    await flush();
    return level;
  } catch (error) {
    await level.close();
    throw error;
  }
}

/** Two passes, so that memory grows with rows and not with their bytes. */
async function newestRows(database: string): Promise<ReadonlyMap<string, Best>> {
  const best = new Map<string, Best>();
  for (const { name } of await rowFiles(database)) {
    for (const [at, row] of (await readRowFile(database, name)).rows.entries()) {
      if (!row.sound && !provesItself(row)) continue;
      const before = best.get(row.key);
      // The same write can lie in a log and in a table: of two equals either will do.
      if (!before || row.sequence > before.sequence) best.set(row.key, { sequence: row.sequence, file: name, at });
    }
  }
  return best;
}

/** From a damaged place only what carries a checksum of its own that holds; no deletion does. */
function provesItself({ key, value }: RawRow): boolean {
  try {
    return value !== null && unseal(key, value).length >= 0;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

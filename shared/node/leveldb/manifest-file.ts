// Which tables a LevelDB folder consists of, by its own table of contents (doc/impl.md, db/version_edit.cc). It opens no database.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteCursor } from './byte-cursor.ts';
import { wholeRecords } from './log-file.ts';

const [COMPARATOR, LOG_NUMBER, NEXT_FILE, LAST_SEQUENCE, COMPACT_POINTER, DELETED_FILE, NEW_FILE, PREVIOUS_LOG] = [
  1, 2, 3, 4, 5, 6, 7, 9,
];

/**
 * The numbers of the tables that LevelDB would read; every other one it removes when it opens the folder: what a merging that was
 * ended in the middle left, by a crash or by closing. Null where that cannot be told for certain: then all of them count.
 */
export async function namedTables(database: string): Promise<ReadonlySet<number> | null> {
  try {
    const current = (await readFile(join(database, 'CURRENT'), 'utf8')).trim();
    if (!/^MANIFEST-\d+$/.test(current)) return null;
    return readManifest(await readFile(join(database, current)));
  } catch {
    // It is missing, or cannot be read: whoever opens the database says so.
    return null;
  }
}

/** Total. */
export function readManifest(file: Uint8Array): ReadonlySet<number> | null {
  const records = wholeRecords(file);
  if (!records || records.length === 0) return null;
  const tables = new Set<number>();
  for (const record of records) if (!readEdit(new ByteCursor(record), tables)) return null;
  return tables;
}

/** One change of the table of contents. A table that moves to another level is taken out and put in, whichever stands first. */
function readEdit(cursor: ByteCursor, tables: Set<number>): boolean {
  const [taken, put]: [number[], number[]] = [[], []];
  while (cursor.left > 0) {
    switch (cursor.varint()) {
      case COMPARATOR:
        if (!cursor.prefixed()) return false;
        break;
      case LOG_NUMBER:
      case NEXT_FILE:
      case LAST_SEQUENCE:
      case PREVIOUS_LOG:
        if (cursor.varint() === null) return false;
        break;
      case COMPACT_POINTER:
        if (cursor.varint() === null || !cursor.prefixed()) return false;
        break;
      case DELETED_FILE: {
        const [level, number] = [cursor.varint(), cursor.varint()];
        if (level === null || number === null) return false;
        taken.push(number);
        break;
      }
      case NEW_FILE: {
        const [level, number, size] = [cursor.varint(), cursor.varint(), cursor.varint()];
        if (level === null || number === null || size === null) return false;
        if (!cursor.prefixed() || !cursor.prefixed()) return false;
        put.push(number);
        break;
      }
      default:
        return false;
    }
  }
  for (const number of taken) tables.delete(number);
  for (const number of put) tables.add(number);
  return true;
}

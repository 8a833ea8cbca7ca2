// The format guard of a store's folder: which version wrote it, and the one way from older to newer. It reads no room.
import { cp, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { writeFileAtomic } from './atomic-file.ts';

/** Raised with every change of docs/storage.md that an older version cannot read. */
export const STORE_FORMAT = 1;

/** Brings a folder from format `n` to `n + 1` in place; a copy was made before. Keyed by `n`. */
export type Migrations = ReadonlyMap<number, (databaseDirectory: string) => Promise<void>>;

export interface FormatFile {
  readonly format: number;
  /** The hub id that the database must hold: an emptied database is then noticed. */
  readonly hub: string;
}

const FILE = 'format.json';

/**
 * Rules FO1 to FO3: null for a new folder. A newer format throws `too-new` and an unreadable one `damaged`, both before
 * anything is touched; an older one is copied to `backup-format-<n>` and migrated step by step.
 */
export async function checkFormat(
  directory: string,
  databaseDirectory: string,
  options: { readonly current?: number; readonly migrations?: Migrations } = {},
): Promise<FormatFile | null> {
  const current = options.current ?? STORE_FORMAT;
  let file = await readFormat(directory);
  if (!file) return null;
  if (file.format > current) {
    throw new AppError(
      'too-new',
      'This folder was written by a newer version of Caravan. Nothing was touched; install that version to open it.',
      { details: { directory, format: file.format, known: current } },
    );
  }
  while (file.format < current) {
    const migrate = options.migrations?.get(file.format);
    if (!migrate) {
      throw new AppError('unsupported', 'This folder is too old for this version of Caravan. Nothing was touched.', {
        details: { directory, format: file.format, known: current },
      });
    }
    const backup = join(directory, `backup-format-${file.format}`);
    if (!existsSync(backup)) await cp(databaseDirectory, backup, { recursive: true });
    await migrate(databaseDirectory);
    file = { ...file, format: file.format + 1 };
    await writeFormat(directory, file);
  }
  return file;
}

export async function writeFormat(directory: string, file: FormatFile): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFileAtomic(join(directory, FILE), `${JSON.stringify(file)}\n`);
}

async function readFormat(directory: string): Promise<FormatFile | null> {
  let text: string;
  try {
    text = await readFile(join(directory, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const file = parseFormat(text);
  if (file) return file;
  throw new AppError('damaged', 'The file format.json of this data folder cannot be read. Nothing was touched.', {
    details: { directory },
  });
}

function parseFormat(text: string): FormatFile | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || !('hub' in value)) return null;
  const { format, hub } = value;
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < 0 || typeof hub !== 'string') return null;
  return { format, hub };
}

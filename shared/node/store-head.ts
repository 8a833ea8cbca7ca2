// How many changes a store held when last looked at, outside the database: a lower bound that a damaged log cannot forget.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { writeFileAtomic } from './atomic-file.ts';

const FILE = 'head.json';

/**
 * Rule CO4: written at each opening (after its checks) and at each close. LevelDB drops the rest of a 32 KiB block behind a
 * flipped byte of its log, in silence; counts inside the database cannot notice a loss at the end.
 */
export async function writeHead(directory: string, changes: number): Promise<void> {
  await writeFileAtomic(join(directory, FILE), `${JSON.stringify({ changes })}\n`);
}

/** Throws `damaged` when fewer changes are there than were there before. A missing file says nothing. */
export async function checkHead(directory: string, changes: number): Promise<void> {
  let text: string;
  try {
    text = await readFile(join(directory, FILE), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  // The file is written whole: anything else than a number in it is damage as well.
  const before = Number(/^\{"changes":(\d+)\}\n$/.exec(text)?.[1] ?? Number.NaN);
  if (changes >= before) return;
  throw new AppError(
    'damaged',
    'Stored changes are missing at the end of the database. Nothing was changed; keep a copy of the folder and restore a backup.',
    { details: { directory, expected: before, found: changes } },
  );
}

// Notices that a store was here whose own lists, or whose folder, are gone: an empty one must not be served in its place.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/app-error.ts';
import { keptOriginals } from './kept-originals.ts';

/** Rule RE40: throws `damaged` where a store was and an opening would make an empty one in its place. */
export async function refuseLostStore(directory: string): Promise<void> {
  await refuseRemovedStore(directory);
  const database = join(directory, 'db');
  if (existsSync(join(directory, 'format.json')) || existsSync(join(database, 'CURRENT')) || !existsSync(database)) {
    return;
  }
  if ((await readdir(database)).some((name) => /\.(ldb|sst|log)$/.test(name))) {
    throw new AppError(
      'damaged',
      'The store’s own lists are missing (format.json and CURRENT), but its tables are there. Nothing was changed.',
      { details: { directory } },
    );
  }
}

/** The part of it for a store that is not there at all: between the two steps of a repair, or removed after one. */
export async function refuseRemovedStore(directory: string): Promise<void> {
  const original = (await keptOriginals(directory)).at(-1);
  if (original === undefined || existsSync(directory)) return;
  throw new AppError(
    'damaged',
    `There is no store, but the one of before a repair is in ${original}: the repair was interrupted, or the store was removed. Nothing was changed. To begin with an empty store, move that folder away.`,
    { details: { directory } },
  );
}

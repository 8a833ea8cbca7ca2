// What lies in a relay's data folder beside the store's inside: traces of a lost store, and who serves from it now.
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/base/app-error.ts';
import { writeFileAtomic } from '../shared/node/atomic-file.ts';
import { keptOriginals } from '../shared/node/store-repair.ts';

const FILE = 'relay.json';
const running = z.object({ url: z.string().max(200), pid: z.int().min(1) });

export type RunningRelay = Readonly<z.infer<typeof running>>;

export function storeOf(data: string): string {
  return join(data, 'store');
}

/** Rule RE40: throws `damaged` where a store was and an opening would make an empty one in its place. */
export async function refuseLostStore(data: string): Promise<void> {
  await refuseRemovedStore(data);
  const store = storeOf(data);
  const database = join(store, 'db');
  if (existsSync(join(store, 'format.json')) || existsSync(join(database, 'CURRENT')) || !existsSync(database)) return;
  if ((await readdir(database)).some((name) => /\.(ldb|sst|log)$/.test(name))) {
    throw new AppError(
      'damaged',
      'The store’s own lists are missing (format.json and CURRENT), but its tables are there. Nothing was changed.',
    );
  }
}

/** The part of it for a store that is not there at all: between the two steps of a repair, or removed after one. */
export async function refuseRemovedStore(data: string): Promise<void> {
  const original = (await keptOriginals(storeOf(data))).at(-1);
  if (original === undefined || existsSync(storeOf(data))) return;
  throw new AppError(
    'damaged',
    `There is no store, but the one of before a repair is in ${original}: the repair was interrupted, or the store was removed. Nothing was changed. To begin with an empty relay, move that folder away.`,
  );
}

/** Says who serves; a hint for `status`, never a lock. */
export async function writeRunning(data: string, relay: RunningRelay): Promise<void> {
  await writeFileAtomic(join(data, FILE), `${JSON.stringify(relay)}\n`);
}

export async function removeRunning(data: string): Promise<void> {
  await rm(join(data, FILE), { force: true });
}

/** Null where nobody left word, or no word that can be read. */
export async function readRunning(data: string): Promise<RunningRelay | null> {
  try {
    return running.parse(JSON.parse(await readFile(join(data, FILE), 'utf8')));
  } catch {
    // A hint that cannot be read is no hint.
    return null;
  }
}

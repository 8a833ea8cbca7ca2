// Names and lists the folders in which a damaged store is kept beside the one that took its place; it moves nothing.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const ASIDE = '-before-repair-';

/** The folders with stores as they were before a repair or a replacement, newest last. */
export async function keptOriginals(directory: string): Promise<readonly string[]> {
  const parent = dirname(directory);
  if (!existsSync(parent)) return [];
  const prefix = basename(directory) + ASIDE;
  return (await readdir(parent))
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(parent, name));
}

/** A free name for the store as it is at `now`. */
export function nameToKeep(directory: string, now: Date): string {
  const base = directory + ASIDE + now.toISOString().replace(/[-:]|\.\d+/g, '');
  for (let at = 1; ; at += 1) {
    const name = at === 1 ? base : `${base}-${at}`;
    if (!existsSync(name)) return name;
  }
}

// What takes room in a data folder, by what it is; it counts files and removes nothing.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CallResult } from '../contract/calls.ts';
import type { DataFolder } from './data-folder.ts';

/**
 * Largest first; what takes nothing is left out. @param history bytes of history as the store counts them.
 * @param unnamed bytes of attachments that no document refers to now.
 */
export async function diskUse(
  folder: DataFolder,
  { history, unnamed }: { readonly history: number; readonly unnamed: number },
): Promise<CallResult<'disk.use'>> {
  const sizes = new Map<string, number>();
  const add = (what: string, bytes: number): void => void sizes.set(what, (sizes.get(what) ?? 0) + bytes);
  for (const name of await readdir(folder.root)) {
    const bytes = await bytesIn(path.join(folder.root, name));
    if (name === path.basename(folder.store)) {
      // They share a database, whose files say nothing of what is in them.
      add('Documents', Math.max(0, bytes - history));
      add('History', Math.min(bytes, history));
    } else if (name === path.basename(folder.blobs)) {
      add('Attachments', Math.max(0, bytes - unnamed));
      add('Attachments that nothing shows', Math.min(bytes, unnamed));
    } else add(whatIs(name, folder), bytes);
  }
  return [...sizes]
    .filter(([, bytes]) => bytes > 0)
    .map(([what, bytes]) => ({ what, bytes }))
    .sort((a, b) => b.bytes - a.bytes);
}

function whatIs(name: string, folder: DataFolder): string {
  if (name === path.basename(folder.snapshots)) return 'Snapshots';
  if (name === path.basename(folder.smallPictures)) return 'Small copies of pictures';
  if (name === path.basename(folder.search)) return 'Search';
  if (name.startsWith('store-before-') || name.startsWith('backup-format-'))
    return 'Stores kept by a repair or restore';
  if (name === path.basename(folder.workspaces)) return 'Members’ lists';
  if (name === 'shell') return 'The program’s windows';
  return 'Settings and keys';
}

/** Of a file, or of everything below a folder; what is gone meanwhile counts nothing. */
export async function bytesIn(place: string): Promise<number> {
  try {
    const found = await stat(place);
    if (!found.isDirectory()) return found.size;
    let bytes = 0;
    for (const name of await readdir(place)) bytes += await bytesIn(path.join(place, name));
    return bytes;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

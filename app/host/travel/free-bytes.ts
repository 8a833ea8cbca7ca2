// How much room the disk under a folder has, and whether that is enough for what is to be fetched.
import { statfs } from 'node:fs/promises';

/** Bytes that stay free for what is written: fetching is not begun that would take them. */
const KEPT_FREE = 200 * 1024 * 1024;

/** Rule TR7. @param free null: the system does not say, and it is tried. */
export function hasRoomFor(bytes: number, free: number | null): boolean {
  return free === null || bytes === 0 || bytes <= free - KEPT_FREE;
}

/** Bytes that this account may still write there; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

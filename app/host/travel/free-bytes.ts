// How much room the disk under a folder has. It judges nothing.
import { statfs } from 'node:fs/promises';

/** Bytes that this account may still write there; null where the system does not say. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

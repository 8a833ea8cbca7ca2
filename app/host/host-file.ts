// host.json: where the host of a data folder listens, so that a second start becomes its client. It proves nothing by itself.
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';

const hostFile = z.object({
  pid: z.int().positive(),
  port: z.int().min(1).max(65_535),
  /** Whoever can read this file is this computer's user; shown as `Authorization: Bearer`. */
  token: z.string().min(20).max(100),
  /** Which shell shows the windows of that host. */
  shell: z.enum(['electron', 'browser', 'none']),
});
export type HostFile = z.output<typeof hostFile>;

/** What is written there, or null when there is nothing usable. The host it names may be long gone. */
export async function readHostFile(folder: DataFolder): Promise<HostFile | null> {
  const text = await readText(folder.hostFile);
  if (text === null) return null;
  const read = hostFile.safeParse(parseJson(text));
  return read.success ? read.data : null;
}

export async function writeHostFile(folder: DataFolder, content: HostFile): Promise<void> {
  await writeText(folder.hostFile, `${JSON.stringify(content)}\n`);
}

export async function removeHostFile(folder: DataFolder): Promise<void> {
  await rm(folder.hostFile, { force: true });
}

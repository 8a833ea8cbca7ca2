// What lies in a relay's data folder beside the store: who serves from it now. It opens no store.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../shared/node/atomic-file.ts';

const FILE = 'relay.json';
const running = z.object({ url: z.string().max(200), pid: z.int().min(1), secret: z.string().max(100).optional() });

export type RunningRelay = Readonly<z.infer<typeof running>>;

export function storeOf(data: string): string {
  return join(data, 'store');
}

/** Attachments, as files. */
export function blobsOf(data: string): string {
  return join(data, 'blobs');
}

/** Says who serves, for `status` and `backup`; never a lock. It holds a secret: readable by its owner alone. */
export async function writeRunning(data: string, relay: RunningRelay): Promise<void> {
  await writeFileAtomic(join(data, FILE), `${JSON.stringify(relay)}\n`, 0o600);
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

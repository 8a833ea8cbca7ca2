// Notices that a data folder was copied: place.json names the folder and computer that it was used in last. It opens no store.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { dayInWords } from './plain-date.ts';
import { parseJson, readText, writeText, type DataFolder } from './data-folder.ts';

const FILE = 'place.json';
/** Older ones are forgotten. */
const MOST = 5;
const content = z.object({
  /** A hash: the file says nothing about the computer to whoever it is given to. */
  place: z.string().max(100),
  /** What its person should know, and has not been told in a window yet. */
  notices: z.array(z.string().max(1_000)).max(20).default([]),
  /** Set by a restore: the next opening takes a new identity wherever it is. */
  renew: z.boolean().default(false),
});

export interface Place {
  /** Rule ID1: this folder was used elsewhere before, or was restored: it must not go on as the one that may still be there. */
  readonly isCopy: boolean;
  /** The last notice says why it is one: a way out of damage, or a restore. */
  readonly isExplained: boolean;
  readonly notices: readonly string[];
  /** Remembers that the folder is used here from now on. */
  settle(notices: readonly string[]): Promise<void>;
}

/** Where there is no place.json (a new folder, or one of an older version) it is no copy. */
export async function lookAtPlace(folder: DataFolder): Promise<Place> {
  const file = join(folder.root, FILE);
  const here = await fingerprint(folder.root);
  const text = await readText(file);
  const read = content.safeParse(parseJson(text ?? ''));
  const known = read.success ? read.data : null;
  return {
    isCopy: text !== null && (known === null || known.renew || known.place !== here),
    isExplained: known?.renew === true,
    notices: known?.notices ?? [],
    settle: (notices) => writeText(file, `${JSON.stringify({ place: here, notices, renew: false })}\n`),
  };
}

const COPIED = 'This data folder was copied or restored.';
const GOES_ON =
  'It goes on as a computer of its own: everything in it is kept, nothing is taken as handed over before the relay has said so again.';

/** What is to be told from now on: what was, and that it is a copy; of one thing one sentence. */
export function noticesOf({ isCopy, isExplained, notices }: Place, now: number): readonly string[] {
  if (!isCopy) return notices;
  const why = (isExplained ? notices.at(-1) : null) ?? COPIED;
  const before = isExplained ? notices.slice(0, -1) : notices;
  return [...before, `${dayInWords(now)}: ${why} ${GOES_ON}`].slice(-MOST);
}

/** After a restore: what is there was written by an earlier self, or by another computer's. */
export async function demandNewIdentity(folder: DataFolder, notice: string): Promise<void> {
  const { notices } = await lookAtPlace(folder);
  const all = [...notices, notice].slice(-MOST);
  await writeText(join(folder.root, FILE), `${JSON.stringify({ place: '', notices: all, renew: true })}\n`);
}

/** A folder that is moved or renamed keeps its number on the disk; a copy, also on the same computer, does not. */
async function fingerprint(root: string): Promise<string> {
  const { ino, birthtimeMs } = await stat(root);
  const parts = [await machine(), String(ino), String(Math.floor(birthtimeMs))];
  return createHash('sha256')
    .update(`caravan-place\n${parts.join('\n')}`)
    .digest('base64url');
}

async function machine(): Promise<string> {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    try {
      return (await readFile(file, 'utf8')).trim();
    } catch {
      // Not every system has one; then the computer's name must do.
    }
  }
  return hostname();
}

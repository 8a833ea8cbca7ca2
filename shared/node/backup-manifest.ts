// The manifest of a backup: which files it holds and their SHA-256; total reading, no file but its own is touched.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { writeFileAtomic } from './atomic-file.ts';

const FILE = 'backup.json';
/** Raised with every change that an older version cannot read. */
export const BACKUP_VERSION = 1;

const manifest = z.object({
  kind: z.literal('caravan-store-backup'),
  version: z.int().min(1),
  /** The store's format. */
  format: z.int().min(0),
  hub: z.string().min(1).max(200),
  /** ISO 8601. */
  createdAt: z.string().max(40),
  rooms: z.int().min(0),
  changes: z.int().min(0),
  files: z
    .array(
      z.strictObject({
        // No separator but the one folder's, and no name that begins with a dot: nothing leads out of the folder.
        path: z.string().regex(/^(db\/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}$/),
        size: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(1_000_000),
});
const file = z.strictObject({ manifest: z.record(z.string(), z.unknown()), sha256: z.string() });

export type BackupManifest = Readonly<z.infer<typeof manifest>>;

/** Written last: a folder without it is no backup. */
export async function writeManifest(folder: string, content: BackupManifest): Promise<void> {
  const sha256 = hashOf(content);
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify({ manifest: content, sha256 }, null, 1)}\n`);
}

/** Throws `not-found` (no backup), `damaged`, or `too-new`. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  let text: string;
  try {
    text = await readFile(join(folder, FILE), 'utf8');
  } catch (cause) {
    throw new AppError('not-found', `${folder} holds no backup (no ${FILE} that can be read). Nothing was changed.`, {
      cause,
    });
  }
  const outer = file.safeParse(parse(text));
  if (!outer.success || outer.data.sha256 !== hashOf(outer.data.manifest)) throw damaged(folder);
  const { version } = outer.data.manifest;
  if (typeof version === 'number' && version > BACKUP_VERSION) {
    throw new AppError(
      'too-new',
      'This backup was written by a newer version of Caravan. Nothing was changed; install that version to restore it.',
    );
  }
  const inner = manifest.safeParse(outer.data.manifest);
  if (!inner.success) throw damaged(folder);
  return inner.data;
}

/** SHA-256 of a file's content, in hexadecimal. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** JSON keeps the order of keys, so that what was read hashes as what was written. */
function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(folder: string): AppError {
  return new AppError(
    'damaged',
    `The list of files (${FILE}) of the backup ${folder} is damaged. Nothing was changed.`,
  );
}

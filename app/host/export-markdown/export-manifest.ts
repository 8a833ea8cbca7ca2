// The file that makes a folder an export: what was written and what it hashed to. It guards against overwriting others' work.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Hidden, so that an import passes over it. */
export const MANIFEST_NAME = '.caravan-export.json';

const manifest = z.object({
  format: z.literal(1),
  /** In the order of the tree; an import takes the order of pages from it. */
  files: z
    .array(
      z.object({
        path: z.string().max(8_192),
        hash: z.string().max(64),
        /** What pages call an attachment, where its file had to be called otherwise. */
        name: z.string().max(255).optional(),
        /** Of an archived page: when it was archived, and below which file (null: at the top) it stood. */
        archived: z.object({ at: z.number(), below: z.string().max(8_192).nullable() }).optional(),
      }),
    )
    .max(1_000_000),
  /** Of a whole workspace: its spaces, and the folder of each ('' for one that stands at the top). */
  spaces: z
    .array(
      z.object({
        folder: z.string().max(8_192),
        id: z.string().max(64),
        name: z.string().max(2_000),
        purpose: z.string().max(10_000),
      }),
    )
    .max(10_000)
    .optional(),
});
export type ExportManifest = z.output<typeof manifest>;
export type ListedFile = ExportManifest['files'][number];

export function fileHash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

export function printManifest(files: ExportManifest['files'], spaces: ExportManifest['spaces']): string {
  return `${JSON.stringify({ format: 1, ...(spaces ? { spaces } : {}), files }, null, 1)}\n`;
}

/** Null where there is none, or one that cannot be read. */
export async function readManifest(directory: string): Promise<ExportManifest | null> {
  try {
    return readManifestText(await readFile(join(directory, MANIFEST_NAME), 'utf8'));
  } catch {
    return null; // Missing: then it is no export, which the caller says.
  }
}

export function readManifestText(text: string): ExportManifest | null {
  try {
    const read = manifest.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null; // Not JSON: as good as missing.
  }
}

/** What a manifest says of files beside their text, by path. */
export function placesOf(
  found: ExportManifest | null,
): ReadonlyMap<
  string,
  { readonly position: number; readonly archived?: { readonly at: number; readonly below: string | null } }
> {
  return new Map(
    found?.files.map(({ path, archived }, position) => [path, { position, ...(archived ? { archived } : {}) }]),
  );
}

/** What files were called before the export gave them names of their own, by path. */
export function namesOf(found: ExportManifest | null): ReadonlyMap<string, string> {
  return new Map(found?.files.flatMap(({ path, name }) => (name === undefined ? [] : [[path, name] as const])));
}

/** A file in the folder that the export did not write, or that was changed since; null when there is none. */
export async function foreignFile(directory: string, { files }: ExportManifest): Promise<string | null> {
  const hashes = new Map(files.map(({ path, hash }) => [path, hash]));
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(join(directory, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === MANIFEST_NAME) continue;
      if (entry.isDirectory()) waiting.push(path);
      else if (!entry.isFile() || hashes.get(path) !== fileHash(await readFile(join(directory, path)))) return path;
    }
  }
  return null;
}

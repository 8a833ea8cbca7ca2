// Copies attachments between folders: into a backup, and out of one, each verified by its name. It overwrites nothing and knows no store.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './atomic-file.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { copyDurably } from './store-copy.ts';

export interface CopiedBlobs {
  readonly blobs: number;
  readonly bytes: number;
  /** `<workspace>/<name>` whose bytes are not those that the name says: they are not copied. */
  readonly damaged: readonly string[];
}

/** Rule BS11: those that are whole and not there yet. Throws what the file system throws; what was copied by then is whole. */
export async function copyBlobs(from: string, to: string): Promise<CopiedBlobs> {
  const counted = { blobs: 0, bytes: 0, damaged: [] as string[] };
  const store = FileBlobStore.look(from);
  for (const workspace of await store.workspaces()) {
    for await (const { name } of store.list(workspace)) {
      const folder = join(to, workspace, name.slice(0, 2));
      const target = join(folder, name);
      if (existsSync(target)) continue;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const beside = `${target}.copying`;
      await rm(beside, { force: true });
      const { size, sha256 } = await copyDurably(join(from, workspace, name.slice(0, 2), name), beside);
      if (sha256 !== name) {
        counted.damaged.push(`${workspace}/${name}`);
        await rm(beside);
        continue;
      }
      await rename(beside, target);
      await syncFolder(folder);
      counted.blobs += 1;
      counted.bytes += size;
    }
  }
  return counted;
}

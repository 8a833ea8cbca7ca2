// The BlobStore contract against files, and what only a real disk does.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileBlobStore } from '../../shared/node/file-blob-store.ts';
import { NO_MOUNT, smallDisk } from '../support/mounted-disk.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { blobStoreContract, nameOf } from './blob-store-contract.ts';

blobStoreContract('files', async () => {
  const folder = join(await temporaryFolder(), 'blobs');
  return {
    open: (now = Date.now()) => FileBlobStore.open(folder, now),
    async rot(workspace, name) {
      const path = join(folder, workspace, name.slice(0, 2), name);
      const bytes = await readFile(path);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await writeFile(path, bytes);
    },
  };
});

test.skipIf(NO_MOUNT)(
  `[BS7] on a full disk what is there is read on, an unfinished one keeps its whole parts, and goes on later${NO_MOUNT}`,
  async () => {
    const disk = smallDisk(4);
    onTestFinished(() => disk.remove());
    const store = await FileBlobStore.open(join(disk.path, 'blobs'), Date.now());
    const kept = await store.create('ws');
    await kept.append(new Uint8Array(1_000).fill(1));
    const { name } = await kept.finish();
    const large = new Uint8Array(300_000).map((_, at) => at % 251);
    const parts = async function* () {
      for (let at = 0; at < large.length; at += 100_000) {
        if (at === 200_000) disk.fill();
        yield large.slice(at, at + 100_000);
      }
    };
    const wanted = nameOf(large);
    await expect(store.append('ws', wanted, 'a', 0, parts(), large.length)).rejects.toMatchObject({
      code: 'disk-full',
    });
    expect(await store.partial('ws', wanted, 'a')).toBe(200_000);
    expect(await store.verify('ws', name)).toBe(true);
    const refused = await store.create('ws');
    await expect(refused.append(large)).rejects.toMatchObject({ code: 'disk-full' });
    await refused.discard();
    disk.free();
    const rest = async function* () {
      yield large.slice(200_000);
    };
    await store.append('ws', wanted, 'a', 200_000, rest(), large.length);
    expect(await store.finish('ws', wanted, 'a')).toBe('stored');
  },
);

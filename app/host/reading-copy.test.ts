// Reading a data folder that cannot be written, from a copy: what is copied, where there is room for it, and what is left behind (RD). Real folders and disks.
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../shared/base/app-error.ts';
import { listing } from '../../tests/support/folder-listing.ts';
import { HostBench } from '../../tests/support/host.ts';
import { NO_MOUNT, smallDisk } from '../../tests/support/mounted-disk.ts';
import { temporaryFolder } from '../../tests/support/temp-folder.ts';
import { dataFolderAt, type DataFolder } from './data-folder.ts';
import { copyToReadFolder, mayBeRead } from './reading-copy.ts';

const READ_ONLY = new AppError('read-only', 'It cannot be written.');

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function written(): Promise<DataFolder> {
  const folder = await bench.folder();
  const host = await bench.start(folder, { links: false });
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  await host.call('doc.create', { workspace, space: space!.id, kind: 'page', title: 'Antenna', parent: null });
  await bench.stop(host);
  return dataFolderAt(folder);
}

test('[RD2] the copy opens with all documents, has the key of this computer only by name, and goes without a trace', async () => {
  const folder = await written();
  const before = listing(folder.root);
  const place = await temporaryFolder();
  const copy = await copyToReadFolder(folder, READ_ONLY, [place]);
  expect(lstatSync(copy.folder.root).mode & 0o777).toBe(0o700);
  expect(lstatSync(copy.folder.deviceFile).isSymbolicLink()).toBe(true);
  const host = await bench.start(copy.folder.root, { links: false });
  const { workspaces, notices } = await host.call('hello', {});
  // It is no folder that goes on as a computer of its own.
  expect([workspaces[0]?.title, notices]).toEqual(['Perigee', []]);
  expect(await host.call('doc.list', { workspace: workspaces[0]!.id })).toMatchObject([{ title: 'Antenna' }]);
  await bench.stop(host);
  await copy.dispose();
  expect(readdirSync(place)).toEqual([]);
  expect(listing(folder.root)).toEqual(before);
});

test('[RD2] what a killed command left is removed by the next, what another one reads is not', async () => {
  const [folder, place] = [await written(), await temporaryFolder()];
  // No process has such a number.
  for (const name of [`caravan-reading-${2 ** 22 + 1}-x`, `caravan-reading-${process.pid}-x`, 'letters']) {
    mkdirSync(join(place, name));
  }
  await (await copyToReadFolder(folder, READ_ONLY, [place])).dispose();
  expect(readdirSync(place).sort()).toEqual([`caravan-reading-${process.pid}-x`, 'letters']);
});

test.skipIf(NO_MOUNT)(
  `[RD3] without room for a copy the reason is said with what it would take, and a second place is looked for${NO_MOUNT}`,
  async () => {
    const [folder, place] = [await written(), await temporaryFolder()];
    const small = smallDisk(8);
    onTestFinished(() => small.remove());
    await expect(copyToReadFolder(folder, READ_ONLY, [small.path])).rejects.toMatchObject({
      code: 'read-only',
      message: expect.stringMatching(
        /^It cannot be written\. To read it all the same, a copy of 3\d\.\d MB would have to be made in .*, and there is no room\.$/,
      ) as string,
    });
    expect(readdirSync(small.path)).toEqual([]);
    const copy = await copyToReadFolder(folder, READ_ONLY, [small.path, place]);
    expect(copy.folder.root.startsWith(place)).toBe(true);
    await copy.dispose();
  },
);

test('[RD3] a folder in which somebody writes meanwhile is not read half', async () => {
  const [folder, place] = [await written(), await temporaryFolder()];
  const log = join(
    folder.store,
    'db',
    readdirSync(join(folder.store, 'db')).find((name) => name.endsWith('.log'))!,
  );
  let stopped = false;
  const writing = (async () => {
    for (let at = 0; !stopped; at += 1) {
      writeFileSync(log, Buffer.concat([readFileSync(log), Buffer.of(at)]));
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  await expect(copyToReadFolder(folder, READ_ONLY, [place])).rejects.toMatchObject({ code: 'locked' });
  stopped = true;
  await writing;
  expect(readdirSync(place)).toEqual([]);
});

test('[RD1] only a store that is there is read so, and only where writing is what failed', async () => {
  const folder = await written();
  expect(mayBeRead(READ_ONLY, folder)).toBe(true);
  expect(mayBeRead(new AppError('disk-full', 'It is full.'), folder)).toBe(true);
  expect(mayBeRead(new AppError('damaged', 'It is damaged.'), folder)).toBe(false);
  expect(mayBeRead(READ_ONLY, dataFolderAt(join(folder.root, 'nowhere')))).toBe(false);
});

// The folder of small copies: what is taken, for whom it is handed out, and that it stays within its bound and may vanish.
import { readdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HostBench } from '../../../tests/support/host.ts';
import { eraseWorkspace } from '../erase-workspace.ts';
import { SmallPictures } from './small-pictures.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** The head of a PNG of 4000 by 3000 points, told apart by its end. */
function photo(name: string): Buffer {
  const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  const size = Buffer.alloc(8);
  size.writeUInt32BE(4000, 0);
  size.writeUInt32BE(3000, 4);
  return Buffer.concat([head, size, Buffer.from(name)]);
}

function webp(width: number, height: number, length = 1_000): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write('RIFF\0\0\0\0WEBPVP8X', 0, 'latin1');
  bytes.writeUIntLE(width - 1, 24, 3);
  bytes.writeUIntLE(height - 1, 27, 3);
  return bytes;
}

it('[W7][BS13] a small copy is kept beside a picture that may be read, only as windows make it, and may be deleted at any time', async () => {
  const host = await bench.start(await bench.folder());
  const { id: workspace } = await host.call('workspace.create', { title: 'One', name: 'Ana' });
  const space = (await host.call('space.list', { workspace }))[0]?.id ?? '';
  const add = async (bytes: Buffer) => {
    const { upload } = await host.call('blob.begin', { workspace, space, size: bytes.length });
    await host.call('blob.append', { upload, base64: bytes.toString('base64') });
    return { workspace, space, blob: (await host.call('blob.finish', { upload })).blob };
  };
  const keep = async (at: { workspace: string; space: string; blob: string }, bytes: Buffer) =>
    (await host.call('blob.keepSmall', { ...at, base64: bytes.toString('base64') })).kept;
  const at = await add(photo('mast'));
  expect(await host.call('blob.small', at)).toEqual({ base64: null });
  for (const wrong of [
    webp(1441, 1080),
    webp(1440, 4097),
    webp(1440, 1080, 1024 * 1024 + 1),
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  ]) {
    expect(await keep(at, wrong)).toBe(false);
  }
  const small = webp(1440, 1080);
  expect(await keep({ ...at, blob: 'a'.repeat(64) }, small)).toBe(false);
  expect(await keep({ ...at, space: 'elsewhere' }, small)).toBe(false);
  expect(await keep(await add(Buffer.from('%PDF-1.7')), small)).toBe(false);
  expect(await keep(at, small)).toBe(true);
  expect(await host.call('blob.small', at)).toEqual({ base64: small.toString('base64') });
  expect(await host.call('blob.small', { ...at, space: 'elsewhere' })).toEqual({ base64: null });
  expect(await host.call('disk.use', {})).toContainEqual({ what: 'Small copies of pictures', bytes: 1_000 });

  const { smallPictures: folder } = host.folder;
  await rm(folder, { recursive: true });
  expect(await host.call('blob.small', at)).toEqual({ base64: null });
  // Room for three: the fourth takes the place of the oldest.
  const few = new SmallPictures(folder, host.parts.attachments, 3_500);
  for (const name of ['a', 'b', 'c', 'd']) expect(await few.keep(await add(photo(name)), small)).toBe(true);
  expect(await readdir(`${folder}/${workspace}`)).toHaveLength(2);
  await eraseWorkspace(host.parts, workspace);
  expect(await readdir(folder)).toEqual([]);
});

// Pictures and files of an imported folder: taken with the pages that show them, written out again, and the same at the next import.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import type { CallResult } from '../../app/contract/calls.ts';
import { HostBench, until } from '../support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** The beginning of a picture, which is all that is looked at. */
function png(width: number, height: number): Buffer {
  const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x06\0\0\0', 'latin1');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return Buffer.concat([head, deflateSync(Buffer.alloc(100))]);
}

type Report = NonNullable<CallResult<'job.get'>['report']>;

async function done(host: Host, job: string): Promise<Report> {
  await until('the job has ended', async () => (await host.call('job.get', { job })).status.state !== 'running');
  const { status, report } = await host.call('job.get', { job });
  if (!report) throw new Error(status.message);
  return report;
}

/** Titles and blocks, without the ids that are new each time. */
async function content(host: Host, workspace: string, space: string): Promise<unknown[]> {
  const entries = await host.call('doc.list', { workspace, space });
  const shown = await Promise.all(entries.map(({ id }) => host.call('doc.show', { workspace, document: id })));
  return shown
    .map(({ title, blocks }) => ({ title, blocks: (blocks as { id: string }[]).map(({ id: _id, ...rest }) => rest) }))
    .sort((a, b) => (String(a.title) < String(b.title) ? -1 : 1));
}

test('[I1] [I2] [W7] images, embeds and linked files come in, go out beside their pages, and come in again the same', async () => {
  const vault = await bench.folder();
  await mkdir(join(vault, 'files/deep'), { recursive: true });
  await writeFile(join(vault, 'files/mast photo.png'), png(640, 480));
  await writeFile(join(vault, 'files/deep/Plan.PDF'), '%PDF-1.7 words');
  await writeFile(join(vault, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(vault, 'unused.bin'), 'nobody shows it');
  await writeFile(
    join(vault, 'Dish.md'),
    [
      '# Dish',
      'Before',
      '![The mast \\[north\\]|300](files/mast%20photo.png)',
      '![[Plan.PDF]]',
      'Words with [the plan](files/deep/Plan.PDF) in them.',
      '![](logo.svg)',
      '![gone](missing.png)',
      '![far](https://example.com/x.png)',
    ].join('\n\n'),
  );
  const host = await bench.start(await bench.folder());
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const one = await host.call('space.create', { workspace, name: 'One' });
  const report = await done(
    host,
    (await host.call('import.markdown', { workspace, space: one.id, directory: vault })).job,
  );
  expect(report.problems.map(({ path }) => path)).toEqual(['unused.bin']);
  expect(report.kept).toEqual({ image: 2 });
  const first = await content(host, workspace, one.id);
  const blocks = (first[0] as { blocks: { kind: string; props?: Record<string, unknown> }[] }).blocks;
  expect(blocks.map(({ kind }) => kind)).toEqual([
    'paragraph',
    'image',
    'file',
    'paragraph',
    'file',
    'file',
    'raw',
    'raw',
  ]);
  expect(blocks[1]?.props).toMatchObject({
    ...{ name: 'mast photo.png', alt: 'The mast [north]', width: 300, pixels: [640, 480], mime: 'image/png' },
  });
  expect(blocks[2]?.props).toMatchObject({ name: 'Plan.PDF', size: 14 });
  expect(blocks[5]?.props).toMatchObject({ name: 'logo.svg', mime: 'application/octet-stream' });

  const out = join(await bench.folder(), 'out');
  const written = await done(
    host,
    (await host.call('export.markdown', { workspace, space: one.id, directory: out })).job,
  );
  expect(written).toMatchObject({ unchanged: 1, problems: [] });
  expect((await readdir(join(out, 'assets'))).sort()).toEqual(['Plan.PDF', 'logo.svg', 'mast photo.png']);
  expect((await readFile(join(out, 'assets/mast photo.png'))).equals(png(640, 480))).toBe(true);
  expect(await readFile(join(out, 'Dish.md'), 'utf8')).toContain('](./assets/mast%20photo.png)');

  const two = await host.call('space.create', { workspace, name: 'Two' });
  const again = await done(
    host,
    (await host.call('import.markdown', { workspace, space: two.id, directory: out })).job,
  );
  expect(again.problems).toEqual([]);
  expect(await content(host, workspace, two.id)).toEqual(first);
  // And once more: nothing is new.
  const third = await done(
    host,
    (await host.call('import.markdown', { workspace, space: two.id, directory: out })).job,
  );
  expect(third).toMatchObject({ created: 0, updated: 0, unchanged: 1, left: [] });
});

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endedJob as ended, HostBench } from '../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function withSpace() {
  const host = await bench.start(await bench.folder());
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  return { host, workspace, space: space!.id };
}

describe('bringing documents in and out', () => {
  const files = [
    { path: 'index.md', text: '# Welcome\n\nSee [steps](guide/steps.md).\n' },
    { path: 'guide/steps.md', text: '---\ntitle: Steps\n---\n\n- [ ] one\n' },
  ];

  it('[I1] files from a window become pages; a second time nothing changes', async () => {
    const { host, workspace, space } = await withSpace();
    const first = await host.call('import.files', { workspace, space, files });
    expect(await ended(host, first.job)).toMatchObject({
      status: { state: 'done' },
      report: { created: 2, links: { resolved: 1 } },
    });
    const before = await host.call('doc.list', { workspace });
    expect(before.map((one) => one.title).sort()).toEqual(['Steps', 'Welcome', 'guide']);
    const second = await host.call('import.files', { workspace, space, files });
    expect((await ended(host, second.job)).report).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
    expect(await host.call('doc.list', { workspace })).toEqual(before);
  });

  it('[X9] an import announces its progress, and a cancelled one leaves whole pages and says so', async () => {
    const { host, workspace, space } = await withSpace();
    const many = Array.from({ length: 400 }, (_, at) => ({ path: `p${at}.md`, text: `# Page ${at}\n\ntext\n` }));
    const { job } = await host.call('import.files', { workspace, space, files: many });
    await new Promise<void>((resolve) => {
      host.onAnnouncement((announcement) => {
        if (announcement.event === 'job' && announcement.status.done > 0) resolve();
      });
    });
    await expect(host.call('import.files', { workspace, space, files })).rejects.toMatchObject({
      code: 'already-exists',
    });
    await host.call('job.cancel', { job });
    const { status } = await ended(host, job);
    expect(status).toMatchObject({ state: 'cancelled', total: 400 });
    const listed = await host.call('doc.list', { workspace });
    expect(listed.length).toBeLessThan(400);
    for (const one of listed) expect(one.title).toMatch(/^Page \d+$/);
  });

  it('[I2] a space goes out to a folder and as a ZIP; a folder with other files is left alone', async () => {
    const { host, workspace, space } = await withSpace();
    await ended(host, (await host.call('import.files', { workspace, space, files })).job);
    const directory = path.join(await bench.folder(), 'out');
    const done = await ended(host, (await host.call('export.markdown', { workspace, space, directory })).job);
    expect(done.status.state).toBe('done');
    expect(await readFile(path.join(directory, 'guide/steps.md'), 'utf8')).toBe(files[1]!.text);
    const { job } = await host.call('export.zip', { workspace, space });
    expect((await ended(host, job)).status.state).toBe('done');
    const zip = await host.call('export.take', { job });
    await expect(host.call('export.take', { job })).rejects.toThrow(/not here any more/);
    expect(zip.name).toMatch(/\.zip$/);
    expect(Buffer.from(zip.base64, 'base64').subarray(0, 2).toString()).toBe('PK');

    const mine = await bench.folder();
    await mkdir(path.join(mine, 'thesis'));
    await writeFile(path.join(mine, 'thesis/chapter.md'), 'mine');
    const refused = await ended(host, (await host.call('export.markdown', { workspace, directory: mine })).job);
    expect(refused.status).toMatchObject({ state: 'failed', message: expect.stringContaining('left alone') });
    expect(await readdir(mine)).toEqual(['thesis']);
  });

  it('[W24] a page goes out with what stands below it, and nothing else; the trash stays', async () => {
    const { host, workspace, space } = await withSpace();
    await ended(host, (await host.call('import.files', { workspace, space, files })).job);
    const all = await host.call('doc.list', { workspace, space });
    const guide = all.find((one) => all.some((below) => below.parent === one.id))!;
    const gone = all.find((one) => one.parent === null && one.id !== guide.id);
    if (gone) await host.call('doc.trash', { workspace, document: gone.id });
    const out = async (given: { document?: string }) => {
      const directory = path.join(await bench.folder(), 'out');
      const done = await ended(host, (await host.call('export.markdown', { workspace, ...given, directory })).job);
      return done.report?.unchanged;
    };
    expect(await out({ document: guide.id })).toBe(1 + all.filter((one) => one.parent === guide.id).length);
    expect(await out({})).toBe(all.length - (gone ? 1 : 0));
    const { markdown } = await host.call('doc.markdown', { workspace, document: guide.id });
    expect(markdown.startsWith(`# ${guide.title}`)).toBe(true);
  });

  it('[X10] a folder that is not there is a job that failed with words', async () => {
    const { host, workspace, space } = await withSpace();
    const { job } = await host.call('import.markdown', { workspace, space, directory: '/nowhere/at/all' });
    expect((await ended(host, job)).status).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('Nothing was imported'),
    });
    await expect(host.call('import.markdown', { workspace, space: 'other', directory: '/' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

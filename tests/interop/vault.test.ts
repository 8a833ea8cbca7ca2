// A whole vault in many scripts through a host: imported, linked, found, exported, and imported again with the same links.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { PageFinder } from '../../app/renderer/window/find-pages.ts';
import { HostBench } from '../support/host.ts';
import { makeVault, type Vault } from '../support/vault.ts';

const LONG = process.env['CARAVAN_LONG'] === '1';
const FILES = LONG ? 2_000 : 200;

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

async function finished(host: Host, { job }: { job: string }) {
  await host.parts.jobs.ended(job);
  const { status, report } = await host.call('job.get', { job });
  if (status.state !== 'done' || !report) throw new Error(status.message);
  return report;
}

/** By title the titles of the pages that link to it, as the host tells them for one space. */
async function backlinks(host: Host, workspace: string, space: string): Promise<Map<string, readonly string[]>> {
  await host.parts.links.settled();
  const entries = await host.call('doc.list', { workspace, space });
  const titles = new Map(entries.map(({ id, title }) => [id, title]));
  const found = new Map<string, readonly string[]>();
  for (const { id, title } of entries) {
    const { documents, more, waiting } = await host.call('links.to', { workspace, document: id });
    expect([more, waiting]).toEqual([0, 0]);
    const from = documents.flatMap(({ document }) => titles.get(document) ?? []);
    if (from.length > 0) found.set(title, from.sort());
  }
  return found;
}

function expected({ links, titles }: Vault): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [from, targets] of links) {
    for (const target of targets) {
      const title = titles.get(target) ?? '';
      found.set(title, [...(found.get(title) ?? []), titles.get(from) ?? ''].sort());
    }
  }
  return found;
}

it(
  `[W21] [W4] [I1] [I2] a vault of ${FILES} notes in five scripts: every link is found from its other end, also after an export and an import`,
  async () => {
    const host = await bench.start(await bench.folder());
    const { id: workspace } = await host.call('workspace.create', { title: 'Vault', name: 'Ana' });
    const [first] = await host.call('space.list', { workspace });
    const vault = makeVault(FILES);
    const folder = path.join(await bench.folder(), 'vault');
    for (const { path: file, text } of vault.files) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    const space = first!.id;
    const report = await finished(host, await host.call('import.markdown', { workspace, space, directory: folder }));
    expect(report).toMatchObject({ created: FILES, problems: [], kept: {}, links: { unresolved: [] } });
    const wanted = expected(vault);
    expect(wanted.size).toBeGreaterThan(FILES / 2);
    expect(await backlinks(host, workspace, space)).toEqual(wanted);

    // Search while linking finds what is written without spaces, other names too.
    const entries = await host.call('doc.list', { workspace, space });
    const finder = new PageFinder();
    for (const [file, title] of vault.titles) {
      const alias = vault.aliases.get(file)?.[0];
      for (const name of [title, ...(alias === undefined ? [] : [alias])]) {
        if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(name)) continue;
        const found = finder.find(name.slice(1), entries, 8).map(({ entry }) => entry.title);
        expect([name, found]).toEqual([name, expect.arrayContaining([title])]);
      }
    }

    const out = path.join(await bench.folder(), 'out');
    await finished(host, await host.call('export.markdown', { workspace, space, directory: out }));
    const { id: second } = await host.call('space.create', { workspace, name: 'Again' });
    const again = await finished(
      host,
      await host.call('import.markdown', { workspace, space: second, directory: out }),
    );
    expect(again).toMatchObject({ problems: [], links: { unresolved: [] } });
    expect(await backlinks(host, workspace, second)).toEqual(wanted);
    const aliases = (list: typeof entries) => list.map((one) => [one.title, one.aliases ?? []]).sort();
    const copies = await host.call('doc.list', { workspace, space: second });
    expect(aliases(copies)).toEqual(aliases(entries));
  },
  LONG ? 1_200_000 : 120_000,
);

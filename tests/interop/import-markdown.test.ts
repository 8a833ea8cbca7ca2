// Import of Markdown into a real store: tree, titles, links, a second import, cancelling, and a real handbook, in and out and in again.
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportToFolder } from '../../app/host/export-markdown/export-folder.ts';
import { bodyOf, metaOf } from '../../shared/model/document/roots.ts';
import { renameDocument } from '../../shared/model/document/commands.ts';
import { ImportBench, linksOf, meaning, type ShownPage } from './import-bench.ts';

const VAULT = join(import.meta.dirname, '../support/fixtures/vault');
const HANDBOOK = join(import.meta.dirname, '../../../shared/data/handbook/pages');
const LONG = process.env['CARAVAN_LONG'] === '1';
const MANY = LONG ? 2_000 : 500;

function titled(pages: readonly ShownPage[], title: string): ShownPage {
  const page = pages.find((one) => one.title === title);
  if (!page) throw new Error(`There is no page "${title}".`);
  return page;
}

function textOf(page: ShownPage): string {
  return page.blocks
    .map((block) =>
      block.type === 'text' ? block.content.map((run) => (run.type === 'text' ? run.text : '')).join('') : '',
    )
    .join('\n');
}

describe('[I1] import of a vault', () => {
  it('takes the tree from folders, titles from front matter, headings and names, in the order of names', async () => {
    const bench = await ImportBench.open();
    const report = await bench.import(VAULT, 'S');
    const pages = await bench.pages('S');
    expect(pages.map((page) => page.trail.join(' / '))).toEqual([
      'Perigee',
      'Loose ends',
      'Loose ends / one',
      'Notes',
      'Notes / Daily note',
      'Notes / שלום',
      'Notes / 会議',
      'All projects',
      'All projects / Alpha: the first',
      'All projects / Beta 2',
      'All projects / Beta 10',
    ]);
    expect(report).toMatchObject({ created: 10, updated: 0, unchanged: 0, left: [] });
    // What is no page is nobody's business here: tests/interop/import-attachments.test.ts.
    expect(report.problems).toEqual([]);
    expect(report.kept).toEqual({ callout: 1, embed: 1, numbering: 1, image: 1, reference: 2 });
  });

  it('leads relative links and wikilinks to the pages, and keeps and reports what leads nowhere', async () => {
    const bench = await ImportBench.open();
    const report = await bench.import(VAULT, 'S');
    const pages = await bench.pages('S');
    const id = (title: string): string => titled(pages, title).id;
    expect(linksOf(titled(pages, 'Perigee'))).toEqual([
      `page:${id('All projects')}`,
      `page:${id('Daily note')}#today`,
      'https://example.org/handbook',
      'missing.md',
    ]);
    expect(linksOf(titled(pages, 'All projects'))).toEqual(
      ['Alpha: the first', 'Beta 2', 'Beta 10'].map((title) => `page:${id(title)}`),
    );
    expect(linksOf(titled(pages, 'Daily note'))).toEqual([`page:${id('Alpha: the first')}`]);
    expect(textOf(titled(pages, 'Daily note'))).toContain('[[nowhere at all]]');
    // In a cell of a table.
    const ana = { type: 'text', text: 'Ana', marks: { link: `page:${id('Notes')}` } };
    expect(JSON.stringify(titled(pages, 'Alpha: the first').blocks)).toContain(JSON.stringify(ana));
    expect(report.links.unresolved).toEqual([
      { path: 'index.md', target: 'missing.md' },
      { path: 'Notes/Daily note.md', target: '[[nowhere at all]]' },
    ]);
  });

  it('writes nothing the second time, and only what differs when a file changed', async () => {
    const bench = await ImportBench.open();
    const folder = join(bench.folder, 'vault');
    await cp(VAULT, folder, { recursive: true });
    await bench.import(folder, 'S');
    const before = await bench.pages('S');
    const head = await bench.headOf('S');
    expect(await bench.import(folder, 'S')).toMatchObject({ created: 0, updated: 0, unchanged: 10, left: [] });
    expect(await bench.headOf('S')).toBe(head);

    const path = join(folder, 'Projects/Alpha.md');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace('Mind the **gap**.', 'Mind the **step**.').replace('1. first', '1. zeroth\n2. first'),
    );
    expect(await bench.import(folder, 'S')).toMatchObject({ created: 0, updated: 1, unchanged: 9, left: [] });
    const after = await bench.pages('S');
    const old = titled(before, 'Alpha: the first').blocks;
    const fresh = titled(after, 'Alpha: the first').blocks;
    expect(textOf(titled(after, 'Alpha: the first'))).toContain('Mind the step.');
    expect(fresh).toHaveLength(old.length + 1);
    const kept = new Set(old.map((block) => block.id));
    expect(fresh.filter((block) => !kept.has(block.id))).toHaveLength(2);
    expect(meaning(after.filter((page) => page.title !== 'Alpha: the first'))).toEqual(
      meaning(before.filter((page) => page.title !== 'Alpha: the first')),
    );
    expect(await bench.import(folder, 'S')).toMatchObject({ unchanged: 10 });
  });

  it('leaves a page alone that was edited or renamed here, and says so', async () => {
    const bench = await ImportBench.open();
    const folder = join(bench.folder, 'vault');
    await cp(VAULT, folder, { recursive: true });
    await bench.import(folder, 'S');
    const pages = await bench.pages('S');
    const [edited, renamed] = [titled(pages, 'Beta 2'), titled(pages, 'Beta 10')];
    await bench.edit('S', edited.id, (doc) => bodyOf(doc).insert(bodyOf(doc).length, ' my words'));
    await bench.edit('S', renamed.id, (doc) => renameDocument(doc, 'Beta ten'));
    expect(await bench.import(folder, 'S')).toMatchObject({ unchanged: 10, left: [] });
    for (const name of ['Beta 2', 'Beta 10'])
      await writeFile(join(folder, `Projects/${name}.md`), `# ${name}\n\nNew.\n`);
    const report = await bench.import(folder, 'S');
    expect(report).toMatchObject({ updated: 0, unchanged: 8 });
    expect(report.left).toEqual([
      { path: 'Projects/Beta 2.md', id: edited.id, title: 'Beta 2' },
      { path: 'Projects/Beta 10.md', id: renamed.id, title: 'Beta ten' },
    ]);
    expect(textOf(titled(await bench.pages('S'), 'Beta 2'))).toContain('my words');
  });

  it('[X9] keeps complete pages when cancelled at any page, and a later import completes the tree', async () => {
    const whole = await ImportBench.open();
    await whole.import(VAULT, 'S');
    const expected = meaning(await whole.pages('S'));
    for (const stopAt of [0, 1, 4, 9]) {
      const bench = await ImportBench.open();
      const abort = new AbortController();
      const seen: number[] = [];
      const report = await bench.import(VAULT, 'S', {
        signal: abort.signal,
        onProgress: (done) => {
          seen.push(done);
          if (done === stopAt) abort.abort();
        },
      });
      const partial = await bench.pages('S');
      expect(partial).toHaveLength(stopAt + 1);
      const ids = new Set(partial.map((page) => page.id));
      expect(partial.every((page) => page.parent === null || ids.has(page.parent))).toBe(true);
      expect(report.created).toBeLessThanOrEqual(stopAt + 1);
      await bench.import(VAULT, 'S');
      expect(meaning(await bench.pages('S'))).toEqual(expected);
    }
  });

  it('gives a new file its place, and a folder that gets a page of its own keeps its page', async () => {
    const bench = await ImportBench.open();
    const folder = join(bench.folder, 'vault');
    await cp(VAULT, folder, { recursive: true });
    await bench.import(folder, 'S');
    const loose = titled(await bench.pages('S'), 'Loose ends').id;
    await writeFile(join(folder, 'Projects/Beta 3.md'), 'Third.');
    await writeFile(join(folder, 'Loose ends/index.md'), '---\ntitle: Tied up\n---\nNow with words.');
    expect(await bench.import(folder, 'S')).toMatchObject({ created: 1, updated: 1, unchanged: 10 });
    const pages = await bench.pages('S');
    expect(pages.filter((page) => page.trail[0] === 'All projects').map((page) => page.title)).toEqual([
      'All projects',
      'Alpha: the first',
      'Beta 2',
      'Beta 3',
      'Beta 10',
    ]);
    expect(titled(pages, 'Tied up').id).toBe(loose);
  });

  it('follows no links, reads no large or binary file, and reports each; hostile paths go nowhere', async () => {
    const bench = await ImportBench.open();
    const folder = join(bench.folder, 'hostile');
    await mkdir(join(folder, '.git'), { recursive: true });
    await writeFile(join(bench.folder, 'secret.md'), '# secret');
    await symlink(join(bench.folder, 'secret.md'), join(folder, 'link.md'));
    await symlink(bench.folder, join(folder, 'loop'));
    await writeFile(join(folder, '.git/x.md'), '# hidden');
    await writeFile(join(folder, 'large.md'), 'a'.repeat(4 * 1024 * 1024 + 1));
    await writeFile(join(folder, 'binary.md'), Uint8Array.from([0xff, 0xfe, 0x00]));
    await writeFile(join(folder, 'ok.md'), '# Fine');
    const report = await bench.import(folder, 'S');
    expect((await bench.pages('S')).map((page) => page.title)).toEqual(['Fine']);
    expect(report.problems.map((problem) => problem.path).toSorted()).toEqual([
      'binary.md',
      'large.md',
      'link.md',
      'loop',
    ]);

    const file = (path: string) => ({ path, read: async () => '# x' });
    const hostile = ['../a.md', '/a.md', 'a//b.md', 'a/../../b.md', '', 'C:\\..\\a.md', 'a\0.md'].map(file);
    const refused = await bench.importFiles([...hostile, file('__proto__/constructor.md')], 'T');
    expect(refused.problems).toHaveLength(hostile.length);
    expect((await bench.pages('T')).map((page) => page.trail.join('/'))).toEqual(['__proto__', '__proto__/x']);
  });

  it('says in words that a folder is missing', async () => {
    const bench = await ImportBench.open();
    await expect(bench.import(join(bench.folder, 'none'), 'S')).rejects.toMatchObject({ code: 'not-found' });
    await expect(bench.import(join(VAULT, 'index.md'), 'S')).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('survives a peer who wrote nonsense into the source', async () => {
    const bench = await ImportBench.open();
    await bench.import(VAULT, 'S');
    const page = titled(await bench.pages('S'), 'Beta 2');
    await bench.edit('S', page.id, (doc) => metaOf(doc).set('source', { path: 7, hash: [] }));
    const report = await bench.import(VAULT, 'S');
    // The page that linked to it is updated to lead to the new one.
    expect(report).toMatchObject({ created: 1, updated: 1, unchanged: 8, left: [] });
  });
});

describe.skipIf(!existsSync(HANDBOOK))(`[I1] [I2] a real handbook (skipped when ${HANDBOOK} is not there)`, () => {
  it('imports all 246 pages with titles and links; a second import stores nothing; an export of them is imported as the same', async () => {
    const bench = await ImportBench.open();
    const report = await bench.import(HANDBOOK, 'S');
    expect(report).toMatchObject({ created: 246, updated: 0, unchanged: 0, left: [], problems: [] });
    expect(report.links.resolved).toBeGreaterThanOrEqual(626);
    expect(report.links.unresolved.map((link) => link.target)).toEqual(['emoji/']);
    const pages = await bench.pages('S');
    const titles = new Set(pages.map((page) => page.title));
    for (const path of readdirSync(HANDBOOK, { recursive: true, encoding: 'utf8' }).filter((one) =>
      one.endsWith('.md'),
    )) {
      const [, yaml = ''] = (await readFile(join(HANDBOOK, path), 'utf8')).split(/^---$/m);
      const { title } = parse(yaml) as { title: unknown };
      expect(titles).toContain(String(title));
    }
    const ids = new Set(pages.map((page) => page.id));
    const inner = pages.flatMap(linksOf).filter((link) => link.startsWith('page:'));
    expect(inner.every((link) => ids.has(/^page:([^#]+)/.exec(link)?.[1] ?? ''))).toBe(true);
    expect(pages.map(textOf).join('\n')).toContain('{% slack_channel');
    const head = await bench.headOf('S');
    const changes = bench.changes;
    expect(await bench.import(HANDBOOK, 'S')).toMatchObject({ created: 0, updated: 0, unchanged: 246, left: [] });
    expect(await bench.headOf('S')).toBe(head);
    expect(bench.changes).toBe(changes);

    const directory = join(bench.folder, 'out');
    await exportToFolder(await bench.exportSource('S'), directory);
    await bench.import(directory, 'T');
    expect(meaning(await bench.pages('T'))).toEqual(meaning(pages));
  }, 300_000);
});

describe('[I1] a large folder', () => {
  it(`imports ${MANY} files within two minutes`, async () => {
    const bench = await ImportBench.open();
    const files = Array.from({ length: MANY }, (_, index) => ({
      path: `part ${Math.floor(index / 100)}/page ${index}.md`,
      read: async () =>
        `# Page ${index}\n\nSome **words** with a [link](page%20${index + 1}.md).\n\n- one\n- two\n\n\`\`\`js\ncode(${index});\n\`\`\`\n`,
    }));
    const report = await bench.importFiles(files, 'S');
    expect(report.created).toBe(MANY);
  }, 120_000);
});

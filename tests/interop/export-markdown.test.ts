// Export to folders and ZIP: the round trip, names that every file system takes, links back, and nothing half done. That of a real handbook is in import-markdown.test.ts.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { exportToFolder } from '../../app/host/export-markdown/export-folder.ts';
import { exportZip } from '../../app/host/export-markdown/export-zip.ts';
import { archiveDocument, createDocument } from '../../shared/model/document/commands.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { ImportBench, meaning } from './import-bench.ts';

const VAULT = join(import.meta.dirname, '../support/fixtures/vault');

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .toSorted();
}

async function makePage(
  bench: ImportBench,
  space: string,
  id: string,
  title: string,
  parent: string | null = null,
  order = 'a0',
): Promise<void> {
  await bench.edit(space, id, (doc) =>
    createDocument(doc, { kind: 'page', title, createdBy: 'M', createdAt: 1, parent, order }),
  );
}

describe('[I2] export of pages', () => {
  it('gives the same documents when it is imported again', async () => {
    const bench = await ImportBench.open();
    await bench.import(VAULT, 'S');
    const directory = join(bench.folder, 'out');
    const report = await exportToFolder(await bench.exportSource('S'), directory);
    expect(report).toMatchObject({ pages: 11, problems: [] });
    expect(await filesOf(directory)).toEqual([
      '.caravan-export.json',
      'Loose ends/index.md',
      'Loose ends/one.md',
      'Notes/Daily note.md',
      'Notes/index.md',
      'Notes/שלום.md',
      'Notes/会議メモ.md',
      'Perigee.md',
      'Projects/Alpha.md',
      'Projects/Beta 10.md',
      'Projects/Beta 2.md',
      'Projects/index.md',
    ]);
    await bench.import(directory, 'T');
    expect(meaning(await bench.pages('T'))).toEqual(meaning(await bench.pages('S')));
    const again = join(bench.folder, 'again');
    await exportToFolder(await bench.exportSource('T'), again);
    for (const path of await filesOf(directory)) {
      expect(await readFile(join(again, path), 'utf8')).toBe(await readFile(join(directory, path), 'utf8'));
    }
  });

  it('writes front matter, relative links and raw blocks as they came', async () => {
    const bench = await ImportBench.open();
    await bench.import(VAULT, 'S');
    const directory = join(bench.folder, 'out');
    await exportToFolder(await bench.exportSource('S'), directory);
    expect(await readFile(join(directory, 'Projects/index.md'), 'utf8')).toBe(
      '---\ntitle: All projects\ntags: ["2026", work]\n# kept as it is\n---\n\n' +
        '- [Alpha](./Alpha.md)\n- [Beta two](./Beta%202.md)\n- [x] [the tenth](./Beta%2010.md)\n',
    );
    const alpha = await readFile(join(directory, 'Projects/Alpha.md'), 'utf8');
    expect(alpha).toContain('title: "Alpha: the first"');
    expect(alpha).toContain('| Who | What |\n| - | - |\n| [Ana](../Notes/index.md) | `code` |');
    expect(alpha).toContain('> [!WARNING]\n> Kept raw.');
    expect(alpha).toContain('and ![[diagram.png]].');
    expect(await readFile(join(directory, 'Projects/Beta 2.md'), 'utf8')).toContain(
      '{% include note.html text="a_b" %}',
    );
    expect(await readFile(join(directory, 'Perigee.md'), 'utf8')).toContain(
      '[daily note](./Notes/Daily%20note.md#today)',
    );
  });

  it('keeps the order of the tree, cycles, archived pages and titles that no file system takes', async () => {
    const bench = await ImportBench.open();
    const titles = [
      ...[
        'b',
        'B',
        'a',
        'CON',
        'con.txt',
        'LPT1',
        'index',
        'README',
        '_archive',
        '',
        ' ',
        '.hidden',
        'a/b\\c',
        '../up',
        '..',
        'x'.repeat(1_500),
      ],
      ...[
        '会議'.repeat(300),
        'שלום עולם',
        '\u202Egnp.exe',
        'a:b*c?"<>|',
        'tab\there',
        '\u{1f600}'.repeat(200),
        'dot.',
        'Straße',
        'STRASSE',
        'é',
        'e\u0301',
      ],
    ];
    for (const [index, title] of titles.entries()) {
      await makePage(bench, 'S', `p${index}`, title, null, `a${String.fromCharCode(65 + index)}`);
    }
    await makePage(bench, 'S', 'below', 'below', 'p0');
    await makePage(bench, 'S', 'one', 'one', 'two', 'b0');
    await makePage(bench, 'S', 'two', 'two', 'one', 'b0');
    await makePage(bench, 'S', 'old', 'old', 'p0');
    await bench.edit('S', 'old', (doc) => archiveDocument(doc, 5));
    const directory = join(bench.folder, 'out');
    const { pages } = await exportToFolder(await bench.exportSource('S'), directory);
    expect(pages).toBe(titles.length + 4);
    const files = await filesOf(directory);
    expect(files).toHaveLength(pages + 1);
    expect(new Set(files.map((path) => path.toLowerCase().normalize('NFC'))).size).toBe(files.length);
    expect(files).toContain('_archive/old.md');
    for (const part of files.flatMap((path) => path.split('/'))) {
      if (part !== '.caravan-export.json')
        // eslint-disable-next-line no-control-regex -- control characters are what must not be there
        expect(part).not.toMatch(/^\.|[<>:"\\|?*\u0000-\u001f\u202e]|[. ]$|^(con|lpt1)(\.|$)/i);
      expect(Buffer.byteLength(part)).toBeLessThan(255);
    }
    await bench.import(directory, 'T');
    const trails = async (space: string, archived: boolean) =>
      (await bench.pages(space)).filter((page) => page.archived === archived).map((page) => page.trail);
    expect(await trails('T', false)).toEqual(await trails('S', false));
    expect(await trails('T', true)).toEqual([['b', 'old']]);
  });

  it('puts several spaces into folders, and names a very deep tree so that paths stay short', async () => {
    const bench = await ImportBench.open();
    await makePage(bench, 'A', 'a', 'Same');
    for (let depth = 0; depth < 120; depth++) {
      await makePage(
        bench,
        'B',
        `d${depth}`,
        `Depth ${depth} ${'long '.repeat(50)}`,
        depth === 0 ? null : `d${depth - 1}`,
      );
    }
    const directory = join(bench.folder, 'out');
    expect(await exportToFolder(await bench.exportSource('A', 'B'), directory)).toMatchObject({ pages: 121 });
    const files = await filesOf(directory);
    expect(files).toContain('Space A/Same.md');
    expect(Math.max(...files.map((path) => path.length))).toBeLessThan(2_000);
  });

  it('[X9] leaves the place as it was when cancelled, and refuses what is no export or was changed since', async () => {
    const bench = await ImportBench.open();
    await bench.import(VAULT, 'S');
    const source = await bench.exportSource('S');
    const directory = join(bench.folder, 'out');
    const abort = new AbortController();
    const cancelled = { ...source, signal: abort.signal, onProgress: (done: number) => done === 4 && abort.abort() };
    await expect(exportToFolder(cancelled, directory)).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(directory)).toBe(false);

    await exportToFolder(source, directory);
    await exportToFolder(source, directory);
    await writeFile(join(directory, 'Perigee.md'), 'my own words');
    await expect(exportToFolder(source, directory)).rejects.toMatchObject({ code: 'already-exists' });
    expect(await readFile(join(directory, 'Perigee.md'), 'utf8')).toBe('my own words');

    const own = join(bench.folder, 'own');
    await mkdir(own);
    await exportToFolder(source, own);
    await writeFile(join(own, 'extra.txt'), 'x');
    await expect(exportToFolder(source, own)).rejects.toThrow('extra.txt');
    const other = join(bench.folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'letter.md'), 'x');
    await expect(exportToFolder(source, other)).rejects.toMatchObject({ code: 'already-exists' });
    await expect(exportToFolder(source, join(other, 'letter.md'))).rejects.toMatchObject({ code: 'bad-input' });
    expect((await readdir(bench.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('gives the same files as a ZIP', async () => {
    const bench = await ImportBench.open();
    await bench.import(VAULT, 'S');
    const source = await bench.exportSource('S');
    const directory = join(bench.folder, 'out');
    await exportToFolder(source, directory);
    const { name, bytes } = await exportZip(source, 'Space S', Date.UTC(2026, 0, 1));
    expect(name).toBe('Space S.zip');
    const files = unzipSync(bytes);
    expect(Object.keys(files).toSorted()).toEqual(await filesOf(directory));
    for (const [path, content] of Object.entries(files)) {
      expect(strFromU8(content)).toBe(await readFile(join(directory, path), 'utf8'));
    }
  });

  it('writes what it does not know as text and says so', async () => {
    const bench = await ImportBench.open();
    await makePage(bench, 'S', 'new', 'Newer');
    await bench.edit('S', 'new', (doc) => {
      const marker = new Y.Map<unknown>();
      marker.set('id', 'x');
      marker.set('kind', 'kanban');
      bodyOf(doc).applyDelta([{ insert: marker }, { insert: 'words of tomorrow' }]);
      appendBlocks(bodyOf(doc), [
        { type: 'text', kind: 'paragraph', content: [{ type: 'text', text: 'today', marks: {} }] },
      ]);
    });
    const directory = join(bench.folder, 'out');
    const report = await exportToFolder(await bench.exportSource('S'), directory);
    expect(report.problems).toEqual([
      { path: 'Newer.md', reason: 'A block of the kind "kanban" was written as plain text.' },
    ]);
    expect(await readFile(join(directory, 'Newer.md'), 'utf8')).toBe(
      '---\ntitle: Newer\n---\n\nwords of tomorrow\n\ntoday\n',
    );
  });
});

// The files of an export, one after another: reads each page and prints it with its links led to the other files.
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { joinFrontMatter } from '../../../shared/model/markdown/front-matter.ts';
import { printProperties } from '../../../shared/model/markdown/front-properties.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { readFrontMatter } from '../import-markdown/import-actions.ts';
import { readSource } from '../import-markdown/import-source.ts';
import { exportBoard } from './export-board.ts';
import { ExportAssets } from './export-assets.ts';
import type { ExportedFile, ExportProblem, ExportSource } from './export-source.ts';
import { fileName, uniqueName } from './file-names.ts';
import { pagePrinter } from './print-page.ts';
import { planExport, type ExportEntry } from './export-plan.ts';

interface Placed {
  readonly room: string;
  readonly id: string;
  readonly path: string;
  readonly archived: { readonly at: number; readonly parent: string | null } | null;
  /** Of a board: the rooms of what its cards hold. */
  readonly cards: readonly string[] | null;
}

/** One space stands at the top, several each in a folder of its name. Ends early, without an error, when cancelled. */
export async function* exportedFiles(source: ExportSource, problems: ExportProblem[]): AsyncGenerator<ExportedFile> {
  const placed = await placePages(source);
  const paths = new Map(placed.map(({ id, path }) => [id, path]));
  const titles = new Map(source.spaces.flatMap(({ pages }) => pages.map(({ id, title }) => [id, title || 'Untitled'])));
  const printer = pagePrinter({ source, assets: new ExportAssets(source), paths, titles, problems });
  for (const [done, { room, path, archived, cards }] of placed.entries()) {
    if (source.signal.aborted) return;
    source.onProgress(done, placed.length, path);
    const below = archived?.parent ? (paths.get(archived.parent) ?? null) : null;
    const put = archived ? { archived: { at: archived.at, below } } : {};
    if (cards) {
      yield* exportBoard({ room, path, cards }, { source, printer, paths, titles, problems }, put);
      continue;
    }
    const page = await source.documents.read(room, (doc) => ({
      title: readTitle(doc),
      frontMatter: readFrontMatter(doc),
      properties: readProperties(doc),
      blocks: readBlocks(bodyOf(doc)),
    }));
    yield* printer.assetsOf(page.blocks, room, path);
    const body = printer.print(printer.writable(page.blocks, path), room, path);
    const { lines, rest } = printProperties(
      page.properties,
      page.frontMatter,
      (id) => source.names?.memberName(id) ?? '',
    );
    yield { path, text: joinFrontMatter(page.title, rest, body, lines), ...put };
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  source.onProgress(placed.length, placed.length, '');
}

async function placePages({ spaces, documents, signal }: ExportSource): Promise<Placed[]> {
  const placed: Placed[] = [];
  const folders = new Set<string>();
  for (const space of spaces) {
    const root = spaces.length === 1 ? '' : uniqueName(fileName(space.name, 80), folders);
    const entries: ExportEntry[] = [];
    for (const page of space.pages) {
      if (signal.aborted) return [];
      const source = await documents.read(page.room, (doc) => readSource(metaOf(doc).get('source')));
      entries.push({ ...page, sourcePath: source?.path });
    }
    const pages = new Map(space.pages.map((page) => [page.id, page]));
    for (const [id, path] of planExport(entries, root)) {
      const page = pages.get(id);
      const archived = page?.archived ? { at: page.archivedAt ?? 0, parent: page.parent } : null;
      placed.push({ id, path, room: page?.room ?? '', archived, cards: page?.cards ?? null });
    }
  }
  return placed;
}

// The files of an export, one after another: reads each page and prints it with its links led to the other files.
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { joinFrontMatter } from '../../../shared/model/markdown/front-matter.ts';
import { printProperties } from '../../../shared/model/markdown/front-properties.ts';
import { printMarkdown } from '../../../shared/model/markdown/print-markdown.ts';
import type { Block, NewBlock } from '../../../shared/model/page/block.ts';
import { writableAtom } from '../../../shared/model/page/new-table.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { readFrontMatter } from '../import-markdown/import-actions.ts';
import { readSource } from '../import-markdown/import-source.ts';
import { ExportAssets } from './export-assets.ts';
import type { ExportedFile, ExportProblem, ExportSource } from './export-source.ts';
import { fileName, uniqueName } from './file-names.ts';
import { planExport, relativeUrl, type ExportEntry } from './export-plan.ts';

interface Placed {
  readonly room: string;
  readonly id: string;
  readonly path: string;
  readonly archived: { readonly at: number; readonly parent: string | null } | null;
}

/** One space stands at the top, several each in a folder of its name. Ends early, without an error, when cancelled. */
export async function* exportedFiles(source: ExportSource, problems: ExportProblem[]): AsyncGenerator<ExportedFile> {
  const placed = await placePages(source);
  const paths = new Map(placed.map(({ id, path }) => [id, path]));
  const titles = new Map(source.spaces.flatMap(({ pages }) => pages.map(({ id, title }) => [id, title || 'Untitled'])));
  const assets = new ExportAssets(source);
  for (const [done, { room, path, archived }] of placed.entries()) {
    if (source.signal.aborted) return;
    source.onProgress(done, placed.length, path);
    const page = await source.documents.read(room, (doc) => ({
      title: readTitle(doc),
      frontMatter: readFrontMatter(doc),
      properties: readProperties(doc),
      blocks: readBlocks(bodyOf(doc)),
    }));
    const root = source.spaces.length === 1 ? '' : `${path.split('/', 1)[0] ?? ''}/`;
    for (const block of page.blocks) {
      if (block.type !== 'atom' || (block.kind !== 'image' && block.kind !== 'file') || block.props.blob === '')
        continue;
      const found = await assets.place(room, root, block.props);
      if (found === 'missing') {
        problems.push({ path, reason: `The bytes of "${block.props.name || 'a file'}" are not on this computer.` });
      } else if (found) yield found;
    }
    const blocks = page.blocks.map((block) => withWidth(expressible(block, path, problems)));
    const body = printMarkdown(blocks, {
      printLink: (url) => assets.link(url, room, path) ?? fileLink(url, path, paths),
      pageTitle: (id) => titles.get(id) ?? source.names?.pageTitle(id) ?? null,
      memberName: (id) => source.names?.memberName(id) ?? null,
    });
    const { lines, rest } = printProperties(
      page.properties,
      page.frontMatter,
      (id) => source.names?.memberName(id) ?? '',
    );
    const below = archived?.parent ? (paths.get(archived.parent) ?? null) : null;
    yield {
      path,
      text: joinFrontMatter(page.title, rest, body, lines),
      ...(archived ? { archived: { at: archived.at, below } } : {}),
    };
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  source.onProgress(placed.length, placed.length, '');
}

/** As Obsidian writes it: `alt|width`. */
function withWidth(block: NewBlock): NewBlock {
  if (block.type !== 'atom' || block.kind !== 'image' || !block.props?.width) return block;
  const { alt, name, width } = block.props;
  return { ...block, props: { ...block.props, alt: `${alt || (name ?? '')}|${width}` } };
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
      placed.push({ id, path, room: page?.room ?? '', archived });
    }
  }
  return placed;
}

function fileLink(url: string, from: string, paths: ReadonlyMap<string, string>): string | null {
  const link = /^page:([^#]+)(#.*)?$/s.exec(url);
  const to = link?.[1] === undefined ? undefined : paths.get(link[1]);
  return to === undefined ? null : relativeUrl(from, to) + (link?.[2] ?? '');
}

/** A block as Markdown can say it: what this version does not know shows as the text that it holds, and is reported. */
function expressible(block: Block, path: string, problems: ExportProblem[]): NewBlock {
  if (block.type === 'atom') return writableAtom(block);
  if (block.type === 'unknown') {
    problems.push({ path, reason: `A block of the kind "${block.kind.slice(0, 100)}" was written as plain text.` });
    const content = block.text === '' ? [] : [{ type: 'text' as const, text: block.text, marks: {} }];
    return { type: 'text', kind: 'paragraph', indent: block.indent, content };
  }
  const content = block.content.filter((inline) => inline.type !== 'unknown');
  if (content.length < block.content.length) {
    problems.push({ path, reason: 'Something inside the text that this version does not know was left out.' });
  }
  return { ...block, content };
}

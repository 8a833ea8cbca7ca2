// Blocks of a document as the Markdown of one file of an export: links led to the other files, attachments to theirs. It reads no document.
import { printMarkdown } from '../../../shared/model/markdown/print-markdown.ts';
import type { BlobProps, Block, NewBlock } from '../../../shared/model/page/block.ts';
import { writableAtom } from '../../../shared/model/page/new-table.ts';
import type { ExportAssets } from './export-assets.ts';
import { relativeUrl } from './export-plan.ts';
import type { ExportedFile, ExportProblem, ExportSource } from './export-source.ts';

export interface PagePrinter {
  /** The files that the blocks show and that were not written before; what is not here is reported. */
  assetsOf(blocks: readonly Block[], room: string, path: string): AsyncGenerator<ExportedFile>;
  /** The same for files that stand in no block. */
  files(all: readonly BlobProps[], room: string, path: string): AsyncGenerator<ExportedFile>;
  /** Where the bytes of one are, for the file at `path`; null where they are not in the export. */
  addressOf(blob: string, room: string, path: string): string | null;
  /** Blocks as Markdown can say them; what it cannot is reported. */
  writable(blocks: readonly Block[], path: string): readonly NewBlock[];
  /** The blocks, from the file at `path` and the room that they stand in. */
  print(blocks: readonly NewBlock[], room: string, path: string): string;
}

interface Parts {
  readonly source: ExportSource;
  readonly assets: ExportAssets;
  /** Files by the ids of their documents. */
  readonly paths: ReadonlyMap<string, string>;
  readonly titles: ReadonlyMap<string, string>;
  readonly problems: ExportProblem[];
}

export function pagePrinter({ source, assets, paths, titles, problems }: Parts): PagePrinter {
  async function* files(all: readonly BlobProps[], room: string, path: string): AsyncGenerator<ExportedFile> {
    const root = source.spaces.length === 1 ? '' : `${path.split('/', 1)[0] ?? ''}/`;
    for (const props of all) {
      const found = await assets.place(room, root, props);
      if (found === 'missing') {
        problems.push({ path, reason: `The bytes of "${props.name || 'a file'}" are not on this computer.` });
      } else if (found) yield found;
    }
  }
  return {
    files,
    assetsOf: (blocks, room, path) => files(blocks.flatMap(blobIn), room, path),
    addressOf: (blob, room, path) => assets.link(`blob:${blob}`, room, path),
    writable: (blocks, path) => blocks.map((block) => withWidth(expressible(block, path, problems))),
    print: (blocks, room, path) =>
      printMarkdown(blocks, {
        printLink: (url) => assets.link(url, room, path) ?? fileLink(url, path, paths),
        pageTitle: (id) => titles.get(id) ?? source.names?.pageTitle(id) ?? null,
        memberName: (id) => source.names?.memberName(id) ?? null,
      }),
  };
}

function blobIn(block: Block): readonly BlobProps[] {
  if (block.type !== 'atom' || (block.kind !== 'image' && block.kind !== 'file')) return [];
  return block.props.blob === '' ? [] : [block.props];
}

/** As Obsidian writes it: `alt|width`. */
function withWidth(block: NewBlock): NewBlock {
  if (block.type !== 'atom' || block.kind !== 'image' || !block.props?.width) return block;
  const { alt, name, width } = block.props;
  return { ...block, props: { ...block.props, alt: `${alt || (name ?? '')}|${width}` } };
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

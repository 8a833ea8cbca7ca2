// What each file of an import calls itself, read before any link is followed: links name pages by title and by other names, too.
import { AppError } from '../../../shared/base/app-error.ts';
import { LONGEST_TITLE, asOneLine } from '../../../shared/model/document/title.ts';
import { readFrontMatterAliases, splitFrontMatter } from '../../../shared/model/markdown/front-matter.ts';
import { parseMarkdown } from '../../../shared/model/markdown/parse-markdown.ts';
import type { NewBlock } from '../../../shared/model/page/block.ts';

export interface FileNames {
  /** As the page will be called; null where the file's name will do. */
  readonly title: string | null;
  readonly aliases: readonly string[];
}

/** What stands before the first empty line, where it may be a heading of the first level. */
const FIRST_HEADING = /^\s*(?:#[ \t][^\n]*|[^\n]+\n=+[ \t]*)(?=\n|$)/;

/** By path. A file that cannot be read has none; it is reported where it is imported. */
export async function surveyFiles(
  files: ReadonlyMap<string, { read(): Promise<string> }>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileNames>> {
  const names = new Map<string, FileNames>();
  let breath = performance.now();
  for (const [path, file] of files) {
    if (signal.aborted) return names;
    try {
      names.set(path, namesIn(await file.read()));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    if (performance.now() - breath < 8) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    breath = performance.now();
  }
  return names;
}

export function namesIn(text: string): FileNames {
  const { title, rest, body } = splitFrontMatter(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'));
  const heading = title === null ? FIRST_HEADING.exec(body)?.[0] : undefined;
  const found = heading === undefined ? null : headingTitle(parseMarkdown(heading).blocks[0]);
  return { title: title ?? found, aliases: readFrontMatterAliases(rest) };
}

/** The title that a page takes from the heading that begins it; null where that is no title. */
export function headingTitle(block: NewBlock | undefined): string | null {
  if (block?.type !== 'text' || block.kind !== 'heading' || block.level !== 1) return null;
  const isPlain = block.content.every((part) => part.type === 'text' && part.marks.link === undefined);
  const text = asOneLine(block.content.map((part) => (part.type === 'text' ? part.text : '')).join('')).trim();
  return isPlain && text !== '' && text.length <= LONGEST_TITLE ? text : null;
}

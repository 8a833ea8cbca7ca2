// What stands beside pages in a folder that is an export: comments and answers, by the path of the page's Markdown file. It writes nothing.
import { AppError } from '../../../shared/base/app-error.ts';
import { PAGE_ENDING, readPageFile, type PageFile } from '../page-file.ts';
import { textOf, type FileSource } from './file-text.ts';
import { normalisePath } from './folder-tree.ts';

export interface FoundBeside {
  /** Of the page's Markdown file. */
  readonly path: string;
  readonly file: PageFile;
}

/** What can be read; the rest is reported. */
export async function findPageFiles(
  sources: Iterable<FileSource>,
  problems: { path: string; reason: string }[],
): Promise<ReadonlyMap<string, FoundBeside>> {
  const found = new Map<string, FoundBeside>();
  for (const { path: given, read } of sources) {
    const normal = normalisePath(given);
    if (normal === null || normal.split('/').some((part) => part.startsWith('.'))) continue;
    const path = `${normal.slice(0, -PAGE_ENDING.length)}.md`;
    try {
      const reading = readPageFile(await textOf(read()));
      if (reading.kind === 'refused') problems.push({ path: normal, reason: reading.reason });
      else {
        if (reading.dropped > 0) {
          const reason = `Parts that cannot be read were left out: ${String(reading.dropped)}.`;
          problems.push({ path: normal, reason });
        }
        found.set(path, { path, file: reading.file });
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push({ path: normal, reason: error.message });
    }
  }
  return found;
}

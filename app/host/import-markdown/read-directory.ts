// The Markdown files of a folder on disk, within limits: symbolic links are not followed, hidden folders are skipped.
import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import { fromUtf8 } from '../../../shared/base/encoding.ts';
import { namesOf, placesOf, readManifest, type ExportManifest } from '../export-markdown/export-manifest.ts';
import { isMarkdownPath } from './folder-tree.ts';
import type { ImportAsset } from './import-assets.ts';
import type { ImportFile, ImportProblem } from './import-markdown.ts';

export const IMPORT_LIMITS = Object.freeze({
  /** Markdown files of one import. */
  files: 20_000,
  /** Folders inside one another. */
  depth: 100,
  /** Bytes of one file. */
  bytes: 4 * 1024 * 1024,
  /** Entries of all kinds that are looked at: a home folder chosen by mistake ends here. */
  entries: 500_000,
  /** Skipped files that are named one by one. */
  named: 500,
});

/** Lists the folder; the texts are read one at a time, when they are asked for. */
export async function readMarkdownDirectory(directory: string): Promise<{
  files: readonly ImportFile[];
  assets: readonly ImportAsset[];
  problems: readonly ImportProblem[];
  /** Of an export of a whole workspace. */
  spaces: ExportManifest['spaces'];
}> {
  const root = await stat(directory).catch((cause: unknown) => {
    throw new AppError('not-found', `The folder ${directory} cannot be read. Nothing was imported.`, { cause });
  });
  if (!root.isDirectory()) {
    throw new AppError(
      'bad-input',
      `${directory} is not a folder. Nothing was imported. Choose the folder that holds the files.`,
    );
  }
  const manifest = await readManifest(directory);
  const places = placesOf(manifest);
  const names = namesOf(manifest);
  const assets: ImportAsset[] = [];
  const files: ImportFile[] = [];
  const problems: ImportProblem[] = [];
  let entries = 0;
  let others = 0;
  const problem = (path: string, reason: string): void => {
    others += 1;
    if (others <= IMPORT_LIMITS.named) problems.push({ path, reason });
  };
  const waiting: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
  for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
    const listed = await readdir(join(directory, folder.path), { withFileTypes: true }).catch(() => null);
    if (!listed) problem(folder.path, 'The folder cannot be read.');
    for (const entry of listed ?? []) {
      entries += 1;
      if (entries > IMPORT_LIMITS.entries) throw tooMany('entries', IMPORT_LIMITS.entries);
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isSymbolicLink()) problem(path, 'Symbolic links are not followed.');
      else if (entry.isDirectory()) {
        if (folder.depth >= IMPORT_LIMITS.depth) problem(path, 'Too many folders inside one another.');
        else waiting.push({ path, depth: folder.depth + 1 });
      } else if (!entry.isFile()) problem(path, 'Not a file.');
      else if (!isMarkdownPath(entry.name)) {
        assets.push({ path, name: names.get(path) ?? entry.name, read: () => readBytes(join(directory, path)) });
      } else {
        files.push({
          path,
          ...places.get(path),
          read: () => readText(join(directory, path)),
        });
      }
      if (files.length > IMPORT_LIMITS.files) throw tooMany('Markdown files', IMPORT_LIMITS.files);
    }
  }
  if (others > IMPORT_LIMITS.named) {
    problems.push({ path: '', reason: `${others - IMPORT_LIMITS.named} more files were skipped for such reasons.` });
  }
  return { files, assets, problems, spaces: manifest?.spaces };
}

function tooMany(what: string, limit: number): AppError {
  return new AppError(
    'too-large',
    `The folder holds more than ${limit} ${what}. Nothing was imported. Import its parts one by one.`,
  );
}

/** The bytes of a file that is no page, as they are read; whoever takes them knows the limit. */
async function* readBytes(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((cause: unknown) => {
    throw new AppError('not-found', 'The file cannot be read.', { cause });
  });
  try {
    if (!(await file.stat()).isFile()) throw new AppError('bad-input', 'Not a file.');
    for await (const part of file.createReadStream({ autoClose: false })) if (part instanceof Uint8Array) yield part;
  } finally {
    await file.close();
  }
}

/** The text; throws AppErrors whose message stands in the report beside the path. */
async function readText(path: string): Promise<string> {
  // A file replaced by a link after it was listed is not followed either.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((cause: unknown) => {
    throw new AppError('not-found', 'The file cannot be read.', { cause });
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new AppError('bad-input', 'Not a file.');
    if (found.size > IMPORT_LIMITS.bytes) throw new AppError('too-large', 'The file is larger than 4 MiB.');
    const text = fromUtf8(await file.readFile());
    if (text === null) throw new AppError('bad-input', 'The file is not UTF-8 text.');
    return text;
  } finally {
    await file.close();
  }
}

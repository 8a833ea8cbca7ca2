// Export of spaces to a folder of Markdown: written beside its place, then moved there whole, or not at all.
//
// exportToFolder({ spaces, documents, signal, onProgress }, directory) -> ExportReport; cancelling rejects with `cancelled`.
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { exportedFiles, listedSpaces } from './export-pages.ts';
import type { ExportProblem, ExportSource } from './export-source.ts';
import {
  fileHash,
  foreignFile,
  type ListedFile,
  MANIFEST_NAME,
  printManifest,
  readManifest,
} from './export-manifest.ts';

export interface ExportReport {
  readonly directory: string;
  readonly pages: number;
  readonly problems: readonly ExportProblem[];
}

/**
 * An earlier export in the same place is replaced; a folder that holds anything else is refused, and so is an export whose
 * files were changed or added to since. Whatever goes wrong, the place holds what it held before.
 */
export async function exportToFolder(source: ExportSource, directory: string): Promise<ExportReport> {
  const target = resolve(directory);
  await guarded(target, () => mkdir(dirname(target), { recursive: true }));
  await guarded(target, () => clearLeftovers(target));
  await mustBeReplaceable(target);
  const fresh = join(dirname(target), `.${basename(target)}-export-${randomId()}`);
  await guarded(target, () => mkdir(fresh));
  try {
    const report = await guarded(target, () => writeAll(source, fresh));
    if (source.signal.aborted)
      throw new AppError('cancelled', `The export was cancelled. ${target} is as it was before.`);
    // Looked at again: the export may have taken a while.
    await mustBeReplaceable(target);
    await guarded(target, () => moveInPlace(fresh, target));
    return { ...report, directory: target };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function writeAll(source: ExportSource, folder: string): Promise<{ pages: number; problems: ExportProblem[] }> {
  const problems: ExportProblem[] = [];
  const files: ListedFile[] = [];
  let pages = 0;
  for await (const file of exportedFiles(source, problems)) {
    const { path } = file;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if ('text' in file) {
      if (!file.beside) pages += 1;
      await writeFile(join(folder, path), file.text, { flag: 'wx' });
      const { archived } = file;
      files.push({ path, hash: fileHash(file.text), ...(archived ? { archived } : {}) });
    } else {
      const hash = createHash('sha256');
      const hashed = async function* () {
        for await (const part of file.bytes) {
          hash.update(part);
          yield part;
        }
      };
      await writeFile(join(folder, path), hashed(), { flag: 'wx' });
      files.push({ path, hash: hash.digest('base64url'), name: file.name });
    }
  }
  await writeFile(join(folder, MANIFEST_NAME), printManifest(files, listedSpaces(source)), { flag: 'wx' });
  return { pages, problems };
}

/**
 * What an export that was killed left beside its place: a folder half written, which goes, or the earlier export that had
 * stepped aside, which comes back where its place is empty.
 */
async function clearLeftovers(target: string): Promise<void> {
  const folder = dirname(target);
  const prefix = `.${basename(target)}-export-`;
  const ours = (await readdir(folder)).filter(
    (name) => name.startsWith(prefix) && /^[A-Za-z0-9_-]{22}(?:-before)?$/.test(name.slice(prefix.length)),
  );
  for (const name of ours) {
    const left = join(folder, name);
    const isBefore = name.endsWith('-before') && name.length === prefix.length + 22 + '-before'.length;
    if (
      isBefore &&
      (await rename(left, target).then(
        () => true,
        () => false,
      ))
    )
      continue;
    await rm(left, { recursive: true, force: true });
  }
}

async function mustBeReplaceable(target: string): Promise<void> {
  const entries = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new AppError(
      'bad-input',
      `${target} is not a folder that can be written. Nothing was exported. Choose another.`,
      {
        cause: error,
      },
    );
  });
  if (entries.length === 0) return;
  const manifest = await readManifest(target);
  if (!manifest) {
    throw new AppError(
      'already-exists',
      `${target} holds other files. They were left alone and nothing was exported. Choose an empty or a new folder.`,
    );
  }
  const foreign = await foreignFile(target, manifest);
  if (foreign !== null) {
    throw new AppError(
      'already-exists',
      `${foreign} in ${target} was added or changed since the last export. It was left alone and nothing was exported. ` +
        'Move it away, or choose another folder.',
    );
  }
}

/** A folder cannot be renamed over a full one: the old one steps aside, and comes back when the new one cannot take its place. */
async function moveInPlace(fresh: string, target: string): Promise<void> {
  const aside = `${fresh}-before`;
  let isAside = false;
  try {
    await rename(target, aside);
    isAside = true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    await rename(fresh, target);
  } catch (error) {
    if (isAside) await rename(aside, target);
    throw error;
  }
  if (isAside) await rm(aside, { recursive: true, force: true });
}

/** Errors of the file system in words for people. */
async function guarded<T>(target: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const kept = `Nothing was exported to ${target}.`;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new AppError('disk-full', `The disk is full. ${kept} Free some space, or choose another disk.`, { cause });
    }
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new AppError('read-only', `The folder cannot be written. ${kept} Choose another folder.`, { cause });
    }
    throw cause;
  }
}

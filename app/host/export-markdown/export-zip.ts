// The same files as a ZIP in memory, for a browser's download; it writes nothing to disk.
//
// exportZip({ spaces, documents, signal, onProgress }, title, at) -> { name, bytes, pages, problems }; cancelling rejects.
import { zipSync, type Zippable } from 'fflate';
import { AppError } from '../../../shared/base/app-error.ts';
import { utf8 } from '../../../shared/base/encoding.ts';
import { exportedFiles, listedSpaces } from './export-pages.ts';
import type { ExportProblem, ExportSource } from './export-source.ts';
import { fileHash, MANIFEST_NAME, printManifest, type ListedFile } from './export-manifest.ts';
import { fileName } from './file-names.ts';

export interface ExportedZip {
  /** For the download, with its ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly problems: readonly ExportProblem[];
}

/** Bytes of attachments in one ZIP file, which is made in memory and goes to the window as a text. */
const LARGEST = 64 * 1024 * 1024;

/** `title` names the file; `at` stands as the files' time, in milliseconds since the epoch. */
export async function exportZip(source: ExportSource, title: string, at: number): Promise<ExportedZip> {
  const problems: ExportProblem[] = [];
  const files: Zippable = {};
  const listed: ListedFile[] = [];
  let pages = 0;
  let carried = 0;
  for await (const file of exportedFiles(source, problems)) {
    const { path } = file;
    if ('text' in file) {
      if (!file.beside) pages += 1;
      files[path] = utf8(file.text);
      const { archived } = file;
      listed.push({ path, hash: fileHash(file.text), ...(archived ? { archived } : {}) });
    } else if (carried + file.size > LARGEST) {
      problems.push({ path, reason: 'Too much for one ZIP file; "caravan export DIR" writes all of it.' });
    } else {
      carried += file.size;
      const parts: Uint8Array[] = [];
      for await (const part of file.bytes) parts.push(part);
      const bytes = new Uint8Array(Buffer.concat(parts));
      files[path] = [bytes, { level: 0 }];
      listed.push({ path, hash: fileHash(bytes), name: file.name });
    }
  }
  if (source.signal.aborted) throw new AppError('cancelled', 'The export was cancelled. Nothing was changed.');
  files[MANIFEST_NAME] = utf8(printManifest(listed, listedSpaces(source)));
  const name = `${fileName(title, 80)}.zip`;
  return { name, bytes: zipSync(files, { mtime: new Date(at), level: 6 }), pages, problems };
}

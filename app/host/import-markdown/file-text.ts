// The text of a JSON file of an export, from a folder or from a window, within a limit.
import { AppError } from '../../../shared/base/app-error.ts';
import { fromUtf8 } from '../../../shared/base/encoding.ts';

export interface FileSource {
  readonly path: string;
  read(): AsyncIterable<Uint8Array> | Promise<string>;
}

/** Of one file. */
const LARGEST = 64 * 1024 * 1024;

/** Throws AppErrors whose message stands in the report beside the path. */
export async function textOf(content: AsyncIterable<Uint8Array> | Promise<string>): Promise<string> {
  if (content instanceof Promise) return content;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of content) {
    size += part.length;
    if (size > LARGEST) throw new AppError('too-large', 'The file is larger than 64 MiB.');
    parts.push(part);
  }
  const text = fromUtf8(Buffer.concat(parts));
  if (text === null) throw new AppError('bad-input', 'The file is not UTF-8 text.');
  return text;
}

// What an index keeps in its folder beside its log (docs/search.md, SE4, SE5): which log counts, and a picture of the words so that a start reads no text. Whatever does not read is as if it were not there.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { Postings, type StoredPostings } from './postings.ts';
import { PieceTable, type StoredTable } from './piece-table.ts';

/** An index of another version is thrown away and made again. */
export const SEARCH_VERSION = 1;

const CURRENT = 'current.json';

export function logPath(folder: string, generation: number): string {
  return path.join(folder, `pieces-${generation}.log`);
}

function picturePath(folder: string, generation: number): string {
  return path.join(folder, `words-${generation}.bin`);
}

/** The number of the log that counts, or null where there is none of this version. */
export function readCurrent(folder: string): number | null {
  try {
    const { version, generation } = JSON.parse(readFileSync(path.join(folder, CURRENT), 'utf8')) as Record<
      string,
      unknown
    >;
    const isThere = version === SEARCH_VERSION && typeof generation === 'number';
    return isThere && existsSync(logPath(folder, generation)) ? generation : null;
  } catch {
    return null;
  }
}

export function writeCurrent(folder: string, generation: number): void {
  const content = Buffer.from(JSON.stringify({ version: SEARCH_VERSION, generation }), 'utf8');
  writeWhole(path.join(folder, CURRENT), [content]);
}

/** Removes everything but what belongs to one generation; null: everything. */
export function clean(folder: string, generation: number | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept =
    generation === null
      ? []
      : [CURRENT, path.basename(logPath(folder, generation)), path.basename(picturePath(folder, generation))];
  for (const name of readdirSync(folder))
    if (!kept.includes(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** Bytes of all files of an index. */
export function bytesIn(folder: string): number {
  let bytes = 0;
  try {
    for (const name of readdirSync(folder)) bytes += statSync(path.join(folder, name)).size;
  } catch {
    return bytes; // It is being made, or was removed.
  }
  return bytes;
}

export interface Picture {
  readonly table: PieceTable;
  readonly postings: Postings;
  /** The end of the log up to which it holds everything. */
  readonly upTo: number;
  readonly state: unknown;
}

interface Header {
  readonly version: number;
  readonly upTo: number;
  readonly state: unknown;
  readonly table: Omit<StoredTable, 'columns'>;
  readonly columns: number;
  readonly words: number;
  readonly pool: number;
}

export function writePicture(folder: string, generation: number, { table, postings, upTo, state }: Picture): void {
  const { columns, ...names } = table.stored();
  const { words, pool, first, place, limit, last, count, level } = postings.stored();
  const text = Buffer.from(words.join('\n'), 'utf8');
  const header: Header = {
    version: SEARCH_VERSION,
    upTo,
    state,
    table: names,
    columns: columns.length,
    words: words.length,
    pool: pool.length,
  };
  const head = Buffer.from(JSON.stringify(header), 'utf8');
  const parts = [columns, first, place, limit, last, count, level, pool].map(bytesOf);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(head.length, 0);
  sizes.writeUInt32LE(text.length, 4);
  const all = [sizes, head, text, ...parts];
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(
    all.reduce((value, part) => crc32(part, value), 0),
    0,
  );
  writeWhole(picturePath(folder, generation), [sum, ...all]);
}

/** Null where there is none, or one that is damaged: then the log says everything. */
export function readPicture(folder: string, generation: number): Picture | null {
  try {
    const bytes = readFileSync(picturePath(folder, generation));
    if (bytes.length < 12 || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return null;
    let at = 12 + bytes.readUInt32LE(4);
    const head = bytes.subarray(12, (at = 12 + bytes.readUInt32LE(4)));
    const header = JSON.parse(head.toString('utf8')) as Header;
    if (header.version !== SEARCH_VERSION) return null;
    const text = bytes.subarray(at, (at += bytes.readUInt32LE(8))).toString('utf8');
    const take = (length: number, size: number): ArrayBuffer => {
      const own = new Uint8Array(length * size);
      own.set(bytes.subarray(at, (at += length * size)));
      return own.buffer;
    };
    const columns = new Float64Array(take(header.columns, 8));
    const numbers = (): Int32Array => new Int32Array(take(header.words, 4));
    const [first, place, limit, last, count] = [numbers(), numbers(), numbers(), numbers(), numbers()];
    const level = new Uint8Array(take(header.words, 1));
    const pool = new Uint8Array(take(header.pool, 1));
    const words = header.words === 0 ? [] : text.split('\n');
    if (words.length !== header.words) return null;
    const stored: StoredPostings = { words, first, place, limit, last, count, level, pool };
    return {
      table: PieceTable.of({ ...header.table, columns }),
      postings: Postings.of(stored),
      upTo: header.upTo,
      state: header.state,
    };
  } catch {
    return null;
  }
}

function bytesOf(array: Float64Array | Int32Array | Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Beside, then in place of what was there. */
function writeWhole(file: string, parts: readonly Uint8Array[]): void {
  const beside = `${file}.new`;
  const handle = openSync(beside, 'w', 0o600);
  try {
    for (const part of parts) for (let done = 0; done < part.length;) done += writeSync(handle, part, done);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(beside, file);
}

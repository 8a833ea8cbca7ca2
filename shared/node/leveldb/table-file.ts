// Reads a table of LevelDB (doc/table_format.md) past any damage, in TypeScript: LevelDB's own code ends the process on some.
import { ByteCursor, uint32At } from './byte-cursor.ts';
import { CRC_START, finishMasked, take, takeByte } from './crc32c.ts';
import { keyText, type FileContent, type RawRow } from './raw-row.ts';
import { unpackSnappy, type Unpacked } from './snappy.ts';

const FOOTER = 48;
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
/** Behind a block: how it is packed, and its checksum. */
const TRAILER = 5;
/** Behind a key: sequence number and kind. */
const SUFFIX = 8;

const NO_CONTENTS = 'its own table of contents is damaged';

interface Handle {
  readonly offset: number;
  readonly size: number;
}
interface Block extends Unpacked {
  readonly sound: boolean;
}
interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** As readTable's `problem`, without making out the rows: an opening after a crash reads a whole store so. */
export function checkTable(file: Uint8Array): string | null {
  const footer = readFooter(file);
  const index = footer && readBlock(file, footer.index);
  const meta = footer && readBlock(file, footer.meta);
  if (!index?.sound || !meta?.sound) return NO_CONTENTS;
  const handles = [...entriesOf(index), ...entriesOf(meta)].map(({ value }) => handleOf(new ByteCursor(value)));
  return badBlocks(handles.filter((handle) => handle === null || !isSound(file, handle)).length);
}

/** Total. Rows of blocks whose checksum does not hold are given as far as they can be made out, and are not `sound`. */
export function readTable(file: Uint8Array): FileContent {
  const footer = readFooter(file);
  const index = footer && readBlock(file, footer.index);
  const meta = footer && readBlock(file, footer.meta);
  if (footer && index?.sound && meta?.sound) {
    const handles = entriesOf(index).map(({ value }) => handleOf(new ByteCursor(value)));
    const filters = entriesOf(meta).map(({ value }) => handleOf(new ByteCursor(value)));
    const blocks = handles.map((handle) => handle && readBlock(file, handle));
    const bad = [...blocks, ...filters.map((handle) => handle && readBlock(file, handle))].filter(
      (block) => !block?.sound,
    ).length;
    const rows = blocks.flatMap((block) => (block ? rowsOf(block) : []));
    return { rows, problem: badBlocks(bad) };
  }
  return { rows: [...walk(file, index)], problem: NO_CONTENTS };
}

function badBlocks(count: number): string | null {
  return count === 0 ? null : `${count} of its blocks do not match their checksums`;
}

function readFooter(file: Uint8Array): { readonly meta: Handle; readonly index: Handle } | null {
  if (file.length < FOOTER) return null;
  const start = file.length - FOOTER;
  if (MAGIC.some((byte, at) => file[file.length - MAGIC.length + at] !== byte)) return null;
  const cursor = new ByteCursor(file.subarray(start, file.length - MAGIC.length));
  const meta = handleOf(cursor);
  const index = handleOf(cursor);
  return meta && index && { meta, index };
}

function handleOf(cursor: ByteCursor): Handle | null {
  const offset = cursor.varint();
  const size = cursor.varint();
  return offset === null || size === null ? null : { offset, size };
}

function readBlock(file: Uint8Array, { offset, size }: Handle): Block | null {
  const end = offset + size;
  if (end + TRAILER > file.length) return null;
  const sound = isSound(file, { offset, size });
  const packed = file.subarray(offset, end);
  const unpacked = file[end] === 1 ? unpackSnappy(packed) : { bytes: packed, whole: true };
  return { ...unpacked, sound: sound && unpacked.whole };
}

function isSound(file: Uint8Array, { offset, size }: Handle): boolean {
  const end = offset + size;
  if (end + TRAILER > file.length) return false;
  return finishMasked(take(CRC_START, file.subarray(offset, end + 1))) === uint32At(file, end + 1);
}

/**
 * Blocks lie end to end. Where the index cannot be trusted, a block's end is where its checksum comes out right; behind a
 * damaged block what the damaged index still says leads to the next one.
 */
function* walk(file: Uint8Array, index: Block | null): Iterable<RawRow> {
  const said = new Map<number, Handle>();
  for (const { value } of index ? looseEntries(index) : []) {
    const handle = handleOf(new ByteCursor(value));
    if (handle && handle.offset + handle.size + TRAILER <= file.length) said.set(handle.offset, handle);
  }
  const offsets = [...said.keys()].sort((a, b) => a - b);
  for (let offset = 0; ;) {
    const handle = said.get(offset);
    const named = handle && readBlock(file, handle);
    const end = named?.sound && handle ? handle.offset + handle.size : soundEnd(file, offset);
    if (end !== null) {
      const block = readBlock(file, { offset, size: end - offset });
      if (block) yield* sealedRows(block);
      offset = end + TRAILER;
      continue;
    }
    if (named) yield* sealedRows(named);
    const next = offsets.find((other) => other > offset);
    if (next === undefined) return;
    offset = next;
  }
}

/** Found without an index, a block may be an index or a filter itself: what comes of it must prove itself by its value's seal. */
function sealedRows(block: Block): RawRow[] {
  return rowsOf(block).map((row) => ({ ...row, sound: false }));
}

function soundEnd(file: Uint8Array, offset: number): number | null {
  let crc = CRC_START;
  for (let at = offset; at + TRAILER <= file.length; at += 1) {
    crc = takeByte(crc, file[at] ?? 0);
    if (finishMasked(crc) === uint32At(file, at + 1)) return at;
  }
  return null;
}

function rowsOf(block: Block): RawRow[] {
  const rows: RawRow[] = [];
  for (const { key, value } of entriesOf(block)) {
    const name = key.length < SUFFIX ? null : keyText(key.subarray(0, key.length - SUFFIX));
    const tag = new DataView(key.buffer, key.byteOffset + key.length - Math.min(SUFFIX, key.length));
    const kind = key.at(-SUFFIX);
    if (name === null || (kind !== 0 && kind !== 1)) continue;
    const sequence = tag.getUint32(4, true) * 2 ** 24 + (tag.getUint32(0, true) >>> 8);
    rows.push({ key: name, sequence, value: kind === 1 ? value : null, sound: block.sound });
  }
  return rows;
}

/** In order, up to the first that cannot be made out. */
function entriesOf({ bytes, whole }: Unpacked): Entry[] {
  const restarts = uint32At(bytes, bytes.length - 4);
  const end = bytes.length - 4 - restarts * 4;
  // A block that breaks off has lost its list of restarts: everything that is left may be entries.
  const limit = whole && bytes.length >= 4 && end >= 0 ? end : bytes.length;
  const cursor = new ByteCursor(bytes.subarray(0, limit));
  const entries: Entry[] = [];
  let before: Uint8Array = new Uint8Array();
  while (cursor.left > 0) {
    const entry = readEntry(cursor, before);
    if (!entry) break;
    entries.push(entry);
    before = entry.key;
  }
  return entries;
}

/** An index names every entry among its restarts: each can be read without those before it. */
function looseEntries(block: Block): Entry[] {
  const { bytes } = block;
  const restarts = uint32At(bytes, bytes.length - 4);
  const end = bytes.length - 4 - restarts * 4;
  if (bytes.length < 4 || end < 0) return entriesOf(block);
  const entries: Entry[] = [];
  for (let at = 0; at < restarts; at += 1) {
    const entry = readEntry(new ByteCursor(bytes.subarray(0, end), uint32At(bytes, end + at * 4)), new Uint8Array());
    if (entry) entries.push(entry);
  }
  return entries;
}

function readEntry(cursor: ByteCursor, before: Uint8Array): Entry | null {
  const shared = cursor.varint();
  const own = cursor.varint();
  const length = cursor.varint();
  if (shared === null || own === null || length === null || shared > before.length) return null;
  const rest = cursor.take(own);
  const value = rest && cursor.take(length);
  if (!rest || !value) return null;
  const key = new Uint8Array(shared + own);
  key.set(before.subarray(0, shared));
  key.set(rest, shared);
  return { key, value };
}

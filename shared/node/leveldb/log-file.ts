// Reads a log of LevelDB (doc/log_format.md) past any damage, in TypeScript: LevelDB's own code drops 32 KiB behind a flipped bit.
import { ByteCursor, uint32At } from './byte-cursor.ts';
import { CRC_START, finishMasked, take } from './crc32c.ts';
import { keyText, type FileContent, type RawRow } from './raw-row.ts';

const BLOCK = 32_768;
const HEADER = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;
/** Of a batch: sequence number and count. */
const BATCH_HEADER = 12;

interface Record {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly sound: boolean;
}

/** Total. A record that breaks off at the very end is how a crash leaves a log, and no problem. */
export function readLog(file: Uint8Array): FileContent {
  const rows: RawRow[] = [];
  let parts: Record[] = [];
  let bad = 0;
  let pending = 0;
  for (const record of records(file)) {
    if (record.sound && record.type !== 0) {
      bad += pending;
      pending = 0;
    } else pending += 1;
    if (record.type === FULL || record.type === FIRST) parts = [];
    parts.push(record);
    if (record.type === FULL || record.type === LAST) {
      rows.push(...rowsOf(parts));
      parts = [];
    }
  }
  return { rows, problem: bad === 0 ? null : `${bad} of its records do not match their checksums` };
}

/** The bodies of all records, each in one piece; null where one is damaged or missing, but for one that breaks off at the very end. */
export function wholeRecords(file: Uint8Array): readonly Uint8Array[] | null {
  const whole: Uint8Array[] = [];
  let parts: Uint8Array[] | null = null;
  let broken = false;
  for (const { type, bytes, sound } of records(file)) {
    if (!sound || type === 0) {
      broken = true;
      continue;
    }
    // Behind something that cannot be read there is more: that is no end.
    if (broken || (type === FULL || type === FIRST ? parts !== null : parts === null)) return null;
    parts = [...(parts ?? []), bytes];
    if (type !== FULL && type !== LAST) continue;
    whole.push(Buffer.concat(parts));
    parts = null;
  }
  return whole;
}

function* records(file: Uint8Array): Iterable<Record> {
  for (let start = 0; start < file.length; start += BLOCK) {
    const end = Math.min(file.length, start + BLOCK);
    for (let at = start; at + HEADER <= end;) {
      const length = (file[at + 4] ?? 0) | ((file[at + 5] ?? 0) << 8);
      const type = file[at + 6] ?? 0;
      const body = file.subarray(at + HEADER, Math.min(end, at + HEADER + length));
      const sound =
        body.length === length &&
        finishMasked(take(CRC_START, file.subarray(at + 6, at + HEADER + length))) === uint32At(file, at);
      yield { type, bytes: body, sound };
      // A damaged length leads astray: the next record that is sound ends the search, at the latest in the next block.
      at = sound ? at + HEADER + length : nextSound(file, at + 1, end);
    }
  }
}

function nextSound(file: Uint8Array, from: number, end: number): number {
  for (let at = from; at + HEADER <= end; at += 1) {
    const type = file[at + 6] ?? 0;
    const length = (file[at + 4] ?? 0) | ((file[at + 5] ?? 0) << 8);
    if (type < FULL || type > LAST || at + HEADER + length > end) continue;
    if (finishMasked(take(CRC_START, file.subarray(at + 6, at + HEADER + length))) === uint32At(file, at)) return at;
  }
  return end;
}

/** The rows of one batch, up to the first that cannot be made out. */
function rowsOf(parts: readonly Record[]): RawRow[] {
  const [first] = parts;
  const inOrder = first?.type === FULL ? parts.length === 1 : first?.type === FIRST;
  const sound = inOrder && parts.every((part) => part.sound);
  const bytes = Buffer.concat(parts.map((part) => part.bytes));
  if (!inOrder || bytes.length < BATCH_HEADER) return [];
  let sequence = uint32At(bytes, 0) + uint32At(bytes, 4) * 2 ** 32;
  const rows: RawRow[] = [];
  const cursor = new ByteCursor(bytes, BATCH_HEADER);
  while (cursor.left > 0) {
    const kind = cursor.take(1)?.[0];
    const name = cursor.prefixed();
    const value = kind === 1 ? cursor.prefixed() : null;
    if (!name || (kind !== 0 && kind !== 1) || (kind === 1 && !value)) break;
    const key = keyText(name);
    if (key !== null) rows.push({ key, sequence, value, sound });
    sequence += 1;
  }
  return rows;
}

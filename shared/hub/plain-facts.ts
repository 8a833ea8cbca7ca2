// What an update of text, types and deletions claims, in one walk over its bytes: what people type is nothing else. It knows no other kind.
import { fromUtf8 } from '../base/encoding.ts';
import { readTotally, type ByteReader } from '../protocol/byte-reader.ts';
import type { ClockRange } from './delete-set.ts';
import type { ClockId, StructFact, UpdateFacts } from './struct-facts.ts';

const GC = 0;
const [DELETED, STRING, TYPE] = [1, 4, 7];
/** YArray, YMap and YText; XML types carry a name. */
const LAST_PLAIN_TYPE = 2;
const NO_DELETES: UpdateFacts['deletes'] = new Map();

/**
 * The same as what Yjs decodes, where nothing is in doubt; null for everything else, sound or not: whoever asks looks closer
 * then. Up to `most` objects.
 */
export function readPlainFacts(update: Uint8Array, most: number): UpdateFacts | null {
  return readTotally(update, (reader) => {
    const structs = new Map<number, readonly StructFact[]>();
    const counted = { types: 0 };
    let items = 0;
    let from = 0;
    for (let clients = reader.varUint(); clients > 0; clients -= 1) {
      const count = reader.varUint();
      items += count;
      const client = reader.varUint();
      let clock = reader.varUint();
      if (count === 0 || items > most || !Number.isSafeInteger(client) || structs.has(client)) return null;
      from = reader.at;
      const facts: StructFact[] = [];
      for (let left = count; left > 0; left -= 1) {
        const fact = readStruct(update, reader, client, clock, counted);
        if (!fact) return null;
        facts.push(fact);
        clock = fact.end;
      }
      structs.set(client, facts);
    }
    const to = reader.at;
    const found = { structs, deletes: NO_DELETES, types: counted.types, items, from, to };
    let clients = reader.varUint();
    // Most updates delete nothing.
    if (clients === 0) return found;
    const deletes = new Map<number, readonly ClockRange[]>();
    for (; clients > 0; clients -= 1) {
      const client = reader.varUint();
      const count = reader.varUint();
      items += count;
      if (items > most || deletes.has(client)) return null;
      const ranges = readRanges(reader, count);
      if (!ranges) return null;
      if (ranges.length > 0) deletes.set(client, ranges);
    }
    return { ...found, deletes, items };
  });
}

function readRanges(reader: ByteReader, count: number): ClockRange[] | null {
  const ranges: ClockRange[] = [];
  for (let left = count; left > 0; left -= 1) {
    const start = reader.varUint();
    const end = start + reader.varUint();
    if (!Number.isSafeInteger(end)) return null;
    if (end > start) ranges.push({ start, end });
  }
  return ranges;
}

function readStruct(
  update: Uint8Array,
  reader: ByteReader,
  client: number,
  start: number,
  counted: { types: number },
): StructFact | null {
  const info = reader.byte();
  const kind = info & 31;
  let origin: ClockId | null = null;
  let rightOrigin: ClockId | null = null;
  let parent: ClockId | null = null;
  let length: number | null;
  if (kind === GC) length = reader.varUint();
  else {
    if ((info & 128) !== 0) origin = { client: reader.varUint(), clock: reader.varUint() };
    if ((info & 64) !== 0) rightOrigin = { client: reader.varUint(), clock: reader.varUint() };
    if (!origin && !rightOrigin) {
      if (reader.varUint() !== 1) parent = { client: reader.varUint(), clock: reader.varUint() };
      else if (textLength(update, reader) === null) return null;
      if ((info & 32) !== 0 && textLength(update, reader) === null) return null;
    }
    if (kind === STRING) length = textLength(update, reader);
    else if (kind === DELETED) length = reader.varUint();
    else if (kind === TYPE && reader.varUint() <= LAST_PLAIN_TYPE) {
      counted.types += 1;
      length = 1;
    } else return null;
  }
  if (length === null || length < 1) return null;
  const end = start + length;
  if (!Number.isSafeInteger(end)) return null;
  // Inside one client later structs are never built on; who says otherwise is read by the careful reader.
  if (isOwn(origin, client, start) || isOwn(rightOrigin, client, start) || isOwn(parent, client, start)) return null;
  return { start, end, origin, rightOrigin, parent, empty: kind === GC || kind === DELETED };
}

function isOwn(id: ClockId | null, client: number, start: number): boolean {
  return id !== null && id.client === client && id.clock >= start;
}

/** UTF-16 code units of a text with its length in front; null where it is no UTF-8. */
function textLength(update: Uint8Array, reader: ByteReader): number | null {
  const length = reader.varUint();
  const from = reader.at;
  reader.skip(length);
  for (let at = from; at < from + length; at += 1) {
    if ((update[at] ?? 0) >= 128) return fromUtf8(update.subarray(from, from + length))?.length ?? null;
  }
  return length;
}

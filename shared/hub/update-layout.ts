// Where the structs of an update stand in its bytes, client by client, so that updates can be joined without decoding them. It judges nothing.
import { readTotally, type ByteReader } from '../protocol/byte-reader.ts';
import type { ClockRange } from './delete-set.ts';
import { skipContent } from './struct-content.ts';
import { countItems } from './update-skim.ts';

/** The structs of one client, one behind the other. */
export interface LayoutSection {
  readonly client: number;
  readonly start: number;
  readonly end: number;
  readonly structs: number;
  /** Its structs' bytes within the update: `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Clocks whose structs carry no content any more. */
  readonly emptied: readonly ClockRange[];
}

export interface UpdateLayout {
  readonly sections: readonly LayoutSection[];
  /** Where its deletions stand. */
  readonly deletionsFrom: number;
  readonly deletionsTo: number;
  readonly deletions: readonly (readonly [client: number, ranges: readonly ClockRange[]])[];
  readonly types: number;
  /** How many objects its readers build for it. */
  readonly items: number;
}

const [GC, SKIP] = [0, 10];
const [DELETED, BINARY, STRING, TYPE] = [1, 3, 4, 7];

interface Counted {
  types: number;
  items: number;
  /** Some content holds values of its own, which readers build as well. */
  nested: boolean;
}

/** Null for bytes that are no update, and for one with holes in it. The update was judged when it was taken in. */
export function readLayout(update: Uint8Array): UpdateLayout | null {
  return readTotally(update, (reader) => {
    const sections: LayoutSection[] = [];
    const counted: Counted = { types: 0, items: 0, nested: false };
    for (let clients = reader.varUint(); clients > 0; clients -= 1) {
      const section = readSection(update, reader, counted);
      if (!section) return null;
      if (section.structs > 0) sections.push(section);
    }
    const deletionsFrom = reader.at;
    const deletions: [number, readonly ClockRange[]][] = [];
    for (let clients = reader.varUint(); clients > 0; clients -= 1) {
      const client = reader.varUint();
      const ranges: ClockRange[] = [];
      for (let left = reader.varUint(); left > 0; left -= 1) {
        const start = reader.varUint();
        ranges.push({ start, end: start + reader.varUint() });
      }
      counted.items += ranges.length;
      deletions.push([client, ranges]);
    }
    const deletionsTo = reader.at;
    const items = counted.nested ? countItems(update, Infinity) : counted.items;
    return items === null ? null : { sections, deletionsFrom, deletionsTo, deletions, types: counted.types, items };
  });
}

function readSection(update: Uint8Array, reader: ByteReader, counted: Counted): LayoutSection | null {
  const structs = reader.varUint();
  const client = reader.varUint();
  const start = reader.varUint();
  const from = reader.at;
  const emptied: ClockRange[] = [];
  let clock = start;
  for (let left = structs; left > 0; left -= 1) {
    const info = reader.byte();
    const kind = info & 31;
    const length = skipStruct(update, reader, info);
    if (length === null) return null;
    if (kind === GC || kind === DELETED) emptied.push({ start: clock, end: clock + length });
    else if (kind === TYPE) counted.types += 1;
    else if (kind !== STRING && kind !== BINARY) counted.nested = true;
    clock += length;
  }
  if (!Number.isSafeInteger(clock)) return null;
  counted.items += structs;
  return { client, start, end: clock, structs, from, to: reader.at, emptied };
}

/** Passes over a struct whose first byte was read, and tells how many clocks it takes; null for a hole and for what no Yjs writes. */
function skipStruct(update: Uint8Array, reader: ByteReader, info: number): number | null {
  const kind = info & 31;
  if (kind === SKIP) return null;
  if (kind === GC) return reader.varUint();
  const origin = (info & 128) !== 0;
  const rightOrigin = (info & 64) !== 0;
  if (origin) skipId(reader);
  if (rightOrigin) skipId(reader);
  if (!origin && !rightOrigin) {
    if (reader.varUint() === 1) reader.skipVarBytes();
    else skipId(reader);
    if ((info & 32) !== 0) reader.skipVarBytes();
  }
  return skipContent(update, reader, kind);
}

function skipId(reader: ByteReader): void {
  reader.skipVarUint();
  reader.skipVarUint();
}

/**
 * The section without the clocks before `clock`, which lies within it; null where a struct would have to be cut in two. The
 * clocks that it calls emptied are those of the whole.
 */
export function sectionFrom(update: Uint8Array, section: LayoutSection, clock: number): LayoutSection | null {
  return readTotally(update.subarray(0, section.to), (reader) => {
    reader.skip(section.from);
    let { start, structs } = section;
    for (; start < clock; structs -= 1) {
      const length = skipStruct(update, reader, reader.byte());
      if (length === null) return null;
      start += length;
    }
    return start === clock ? { ...section, start, structs, from: reader.at } : null;
  });
}

// Undoes Snappy's block compression (google/snappy, format_description.txt) of bytes that may be damaged; it compresses nothing.
import { ByteCursor } from './byte-cursor.ts';

/** A document is at most 32 MiB; a block holds one value beyond 4 KiB, hardly more. A length that damage made up reserves no memory. */
const LONGEST = 256 * 1024 * 1024;

export interface Unpacked {
  readonly bytes: Uint8Array;
  /** False: `bytes` ends where the damage began. */
  readonly whole: boolean;
}

export function unpackSnappy(packed: Uint8Array): Unpacked {
  const from = new ByteCursor(packed);
  const length = from.varint();
  // One byte of a copy makes at most 64 of output.
  if (length === null || length > LONGEST || length > packed.length * 64)
    return { bytes: new Uint8Array(), whole: false };
  const out = new Uint8Array(length);
  let at = 0;
  while (from.left > 0) {
    const tag = from.take(1)?.[0] ?? 0;
    if ((tag & 3) === 0) {
      const literal = literalOf(from, tag >> 2);
      if (literal === null || at + literal.length > length) return { bytes: out.subarray(0, at), whole: false };
      out.set(literal, at);
      at += literal.length;
      continue;
    }
    const copy = copyOf(from, tag);
    if (copy === null || copy.offset === 0 || copy.offset > at || at + copy.length > length) {
      return { bytes: out.subarray(0, at), whole: false };
    }
    // Byte by byte: a copy may reach into what it is writing.
    for (let left = copy.length; left > 0; left -= 1, at += 1) out[at] = out[at - copy.offset] ?? 0;
  }
  return { bytes: out.subarray(0, at), whole: at === length };
}

function literalOf(from: ByteCursor, coded: number): Uint8Array | null {
  if (coded < 60) return from.take(coded + 1);
  const length = littleEndian(from, coded - 59);
  return length === null ? null : from.take(length + 1);
}

function copyOf(from: ByteCursor, tag: number): { readonly offset: number; readonly length: number } | null {
  const kind = tag & 3;
  const offset = littleEndian(from, kind === 3 ? 4 : kind);
  if (offset === null) return null;
  if (kind === 1) return { offset: ((tag >> 5) << 8) | offset, length: ((tag >> 2) & 7) + 4 };
  return { offset, length: (tag >> 2) + 1 };
}

function littleEndian(from: ByteCursor, size: number): number | null {
  const bytes = from.take(size);
  return bytes && bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

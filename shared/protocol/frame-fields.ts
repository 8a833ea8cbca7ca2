// Fields that several frames of a link have in common: flags, lists and the longest texts; no frame of its own.
import { Malformed, type ByteReader } from './byte-reader.ts';
import { LIMITS } from './limits.ts';

/** Longest texts on the wire, in bytes. */
export const LONGEST = Object.freeze({
  id: LIMITS.idText,
  space: LIMITS.spaceText,
  room: LIMITS.roomText,
  reason: LIMITS.reasonText,
});

/** Bit 0; the other bits are for later versions. */
export function readFlag(reader: ByteReader): boolean {
  return (reader.varUint() & 1) === 1;
}

export function readList<T>(reader: ByteReader, most: number, item: () => T): T[] {
  const length = reader.varUint();
  if (length > most) throw new Malformed('a list is too long');
  return Array.from({ length }, item);
}

const HASH = 32;

/** SHA-256, 32 bytes on the wire, as 64 lower-case hexadecimal digits. */
export function readHash(reader: ByteReader): string {
  let text = '';
  for (const byte of reader.bytes(HASH)) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The 32 bytes of a hash as readHash() gives it. */
export function hashBytes(hash: string): Uint8Array {
  const bytes = new Uint8Array(HASH);
  for (let at = 0; at < HASH; at += 1) bytes[at] = Number.parseInt(hash.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

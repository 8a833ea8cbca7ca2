// The envelope of every stored value: a CRC-32 over key and bytes in front. It finds damage; it does not mend it.
import { crc32 } from 'node:zlib';
import { AppError } from '../base/app-error.ts';

const HEADER = 4;
/** What stands before an empty value that an earlier version stored: its checksum had forgotten the key. */
const EMPTY_OF_OLD = 0;

/**
 * zlib begins anew, at 0, when it is given no bytes by a null pointer, which some empty arrays of Node are and some are not:
 * an empty value sealed by one and checked by the other would count as damaged.
 */
function checksum(key: string, bytes: Uint8Array): number {
  const ofKey = crc32(key);
  return bytes.length === 0 ? ofKey : crc32(bytes, ofKey);
}

/** Rule ST2: the checksum covers the key too, so that a value that stands under a wrong key is noticed. */
export function seal(key: string, bytes: Uint8Array): Uint8Array {
  // Of Node's pool: thousands of small ones are made for one commit, which copies them, and are garbage then.
  const pooled = Buffer.allocUnsafe(HEADER + bytes.length);
  pooled.set(bytes, HEADER);
  pooled.writeUInt32BE(checksum(key, bytes));
  return new Uint8Array(pooled.buffer, pooled.byteOffset, pooled.length);
}

/** The bytes that were sealed; throws `damaged` when the checksum does not hold. */
export function unseal(key: string, sealed: Uint8Array): Uint8Array {
  const bytes = sealed.subarray(HEADER);
  if (sealed.length >= HEADER) {
    const expected = new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
    if (expected === checksum(key, bytes)) return bytes;
    if (expected === EMPTY_OF_OLD && bytes.length === 0) return bytes;
  }
  throw damagedAt(key, 'its checksum does not hold');
}

/** @param key is a storage key: ids only, never content. */
export function damagedAt(key: string, what: string): AppError {
  return new AppError(
    'damaged',
    `Stored data is damaged (${what}). Nothing was changed; keep a copy of the folder and restore a backup.`,
    { details: { key } },
  );
}

// Random identifiers: 128 bits, as 22 characters of base64url.
import { toBase64url } from './encoding.ts';

const BYTES = 16;
/** Ids whose bytes are asked for at once: each question costs more than the bytes. */
const AT_ONCE = 64;
const pool = new Uint8Array(AT_ONCE * BYTES);
let used = pool.length;

/** Bytes that were given to nobody, and are given to nobody else. */
function freshBytes(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + BYTES);
  pool.fill(0, used, used + BYTES);
  used += BYTES;
  return bytes;
}

/** A fresh 128-bit id for a space, a document, a block or an epoch. It never begins with '-' (command lines take ids). */
export function randomId(): string {
  for (;;) {
    const id = toBase64url(freshBytes());
    if (!id.startsWith('-')) return id;
  }
}

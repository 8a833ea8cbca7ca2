// Random identifiers: 128 bits, as 22 characters of base64url.
import { toBase64url } from './encoding.ts';

/** A fresh 128-bit id for a space, a document, a block or an epoch. It never begins with '-' (command lines take ids). */
export function randomId(): string {
  for (;;) {
    const id = toBase64url(crypto.getRandomValues(new Uint8Array(16)));
    if (!id.startsWith('-')) return id;
  }
}

// The registration key of a relay: who knows it may attach a workspace there. Only a proof of it travels, bound to one nonce.
import { fromBase64url, toBase64url, utf8 } from '../base/encoding.ts';

/** Bytes of a registration key; as text it is base64url. */
export const REGISTRATION_KEY_BYTES = 32;

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

export function isRegistrationKey(text: string): boolean {
  return fromBase64url(text)?.length === REGISTRATION_KEY_BYTES;
}

export function randomRegistrationKey(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(REGISTRATION_KEY_BYTES)));
}

/**
 * Base64url of HMAC-SHA-256 (RFC 2104) under the key's 32 bytes. Throws a TypeError when `key` is no registration key: ask
 * isRegistrationKey() first where people typed it.
 */
export async function registrationProof(key: string, workspace: string, nonce: string): Promise<string> {
  const bytes = fromBase64url(key);
  if (bytes?.length !== REGISTRATION_KEY_BYTES) throw new TypeError('This is no registration key.');
  const imported = await crypto.subtle.importKey('raw', new Uint8Array(bytes), HMAC, false, ['sign']);
  const proof = await crypto.subtle.sign(HMAC.name, imported, utf8(`caravan-attach\n${workspace}\n${nonce}`));
  return toBase64url(new Uint8Array(proof));
}

// Keys made from 32 bytes that people carry: an invite's seed, the recovery key. The same bytes always give the same key.
import { exportJWK, importPKCS8 } from 'jose';
import { toBase64url } from '../base/encoding.ts';
import { deviceId, publicJwk, SIGNATURE_ALGORITHM } from './device-key.ts';
import type { DeviceKey } from './identity.ts';

/** Bytes of a seed: exactly an Ed25519 private key (RFC 8032). */
export const SEED_BYTES = 32;

/** What stands before the 32 bytes in a PKCS #8 private key (RFC 8410, section 7). */
const PKCS8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** Throws a TypeError when `seed` is not 32 bytes. */
export async function keyFromSeed(seed: Uint8Array): Promise<DeviceKey> {
  if (seed.length !== SEED_BYTES) throw new TypeError(`A seed is ${SEED_BYTES} bytes, not ${seed.length}.`);
  const text = btoa(String.fromCharCode(...PKCS8, ...seed));
  const pem = `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----`;
  const { x } = await exportJWK(await importPKCS8(pem, SIGNATURE_ALGORITHM, { extractable: true }));
  const publicKey = publicJwk.parse({ kty: 'OKP', crv: 'Ed25519', x });
  return { publicKey, d: toBase64url(seed), id: await deviceId(publicKey) };
}

export function randomSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES));
}

// A device's Ed25519 key: made, named by its thumbprint, checked, and turned into what signs. It stores nothing.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey } from 'jose';
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { fromBase64url } from '../base/encoding.ts';
import type { DeviceKey, PublicJwk } from './identity.ts';

/** The one signature algorithm (RFC 8037); anything else in a header is refused. */
export const SIGNATURE_ALGORITHM = 'EdDSA';

const keyBytes = z.string().refine((text) => fromBase64url(text)?.length === 32, 'not 32 bytes of base64url');

/** Exactly a public Ed25519 key: no further members, so that one key has one text. */
export const publicJwk = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: keyBytes });

const storedKey = z.strictObject({ publicKey: publicJwk, d: keyBytes, id: z.string() });

/** A fresh key; the private part is in the result and nowhere else. */
export async function createDeviceKey(): Promise<DeviceKey> {
  const pair = await generateKeyPair(SIGNATURE_ALGORITHM, { crv: 'Ed25519', extractable: true });
  const { x, d } = await exportJWK(pair.privateKey);
  const publicKey = publicJwk.parse({ kty: 'OKP', crv: 'Ed25519', x });
  return { publicKey, d: keyBytes.parse(d), id: await deviceId(publicKey) };
}

/** The device's id: the JWK thumbprint (RFC 7638, SHA-256, base64url). */
export function deviceId(key: PublicJwk): Promise<string> {
  return calculateJwkThumbprint({ kty: key.kty, crv: key.crv, x: key.x }, 'sha256');
}

/** The key that a file held, or null when it is not one, or its parts do not belong together. */
export async function readDeviceKey(value: unknown): Promise<DeviceKey | null> {
  const key = storedKey.safeParse(value);
  if (!key.success || (await deviceId(key.data.publicKey)) !== key.data.id) return null;
  try {
    // The runtime refuses a private key whose public half is another's.
    await importPrivateKey(key.data);
    return key.data;
  } catch {
    return null;
  }
}

/** What signing says where the private half cannot be opened. */
export function keyNotOpen(): AppError {
  return new AppError(
    'not-allowed',
    'The key of this computer cannot be opened now, so nothing can be signed with it. Nothing was changed. "caravan device key" says why and what to do.',
  );
}

/** Throws `not-allowed` for a key without its private half. */
export async function importPrivateKey(key: DeviceKey): Promise<CryptoKey> {
  if (key.d === '') throw keyNotOpen();
  return asCryptoKey(await importJWK({ ...key.publicKey, d: key.d }, SIGNATURE_ALGORITHM));
}

export async function importPublicKey(key: PublicJwk): Promise<CryptoKey> {
  return asCryptoKey(await importJWK({ kty: key.kty, crv: key.crv, x: key.x }, SIGNATURE_ALGORITHM));
}

function asCryptoKey(key: CryptoKey | Uint8Array): CryptoKey {
  if (key instanceof Uint8Array) throw new TypeError('An Ed25519 key was imported as bytes.');
  return key;
}

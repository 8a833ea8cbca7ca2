// The keys of a bundle: one random key, sealed to devices (their Ed25519 keys, as X25519) or by a passphrase. It knows no file. Rules BU3 and BU4, decision in docs/decisions.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  scrypt,
  type KeyObject,
} from 'node:crypto';
import { fromBase64url, toBase64url } from '../../../shared/base/encoding.ts';
import type { DeviceKey, PublicJwk } from '../../../shared/access/identity.ts';

export const KEY = 32;
/** AES-256-GCM: what sealing adds. */
export const TAG = 16;
const DEVICE = 'caravan bundle v1 device';
/** Each of these keys seals once: its nonce may be nothing. */
const NO_NONCE = new Uint8Array(12);

/** The prime of Curve25519. */
const P = 2n ** 255n - 19n;

/**
 * The X25519 key of an Ed25519 one (RFC 7748, 4.1: u = (1 + y) / (1 - y)); null for bytes that give none. That one key pair may
 * serve both is shown in E. Thormarker, "On using the same key pair for Ed25519 and an X25519 based KEM" (2021).
 */
export function montgomeryOf({ x }: PublicJwk): Uint8Array | null {
  const bytes = fromBase64url(x);
  if (bytes?.length !== KEY) return null;
  const y = numberOf(bytes) & (2n ** 255n - 1n);
  if (y >= P || y === 1n) return null;
  return bytesOf(((1n + y) * inverse(P + 1n - y)) % P);
}

/** A sealed file key for each device, with the key that all of them need to open theirs. Null for a device that has no usable key. */
export function sealToDevices(fileKey: Uint8Array, devices: readonly PublicJwk[]) {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const ephemeral = rawKey(publicKey);
  const sealed = devices.map((device) => {
    const to = montgomeryOf(device);
    const shared = to && agree(privateKey, to);
    return to && shared && seal(deviceKey(shared, ephemeral, to), fileKey);
  });
  return { ephemeral, sealed };
}

/** The file key, or null where this device's part does not open. Throws for a key without its private half. */
export function openAsDevice(device: DeviceKey, ephemeral: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const own = montgomeryOf(device.publicKey);
  const secret = fromBase64url(device.d);
  if (!own || secret?.length !== KEY) return null;
  // RFC 8032, 5.1.5: the scalar of an Ed25519 key is the first half of the hash of its secret; X25519 clamps it by itself.
  const scalar = createHash('sha512').update(secret).digest().subarray(0, KEY);
  const shared = agree(privateOf(scalar), ephemeral);
  return shared && unseal(deviceKey(shared, ephemeral, own), sealed);
}

/** scrypt (RFC 7914) with r = 8. @param cost the exponent of its N. */
export function passphraseKey(
  passphrase: string,
  salt: Uint8Array,
  cost: number,
  parallel: number,
): Promise<Uint8Array> {
  const N = 2 ** cost;
  const options = { N, r: 8, p: parallel, maxmem: 128 * 8 * (N + parallel + 16) };
  return new Promise((resolve, reject) => {
    // One text for every way of typing it.
    scrypt(passphrase.normalize('NFC'), salt, KEY, options, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}

/** For keys that seal one thing. */
export function seal(key: Uint8Array, plain: Uint8Array, nonce: Uint8Array = NO_NONCE): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

/** Null where the bytes are not what was sealed with this key and nonce. */
export function unseal(key: Uint8Array, sealed: Uint8Array, nonce: Uint8Array = NO_NONCE): Uint8Array | null {
  if (sealed.length < TAG) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG));
    return new Uint8Array(Buffer.concat([plain, decipher.final()]));
  } catch {
    return null;
  }
}

export function derive(key: Uint8Array, salt: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, purpose, KEY));
}

function deviceKey(shared: Uint8Array, ephemeral: Uint8Array, to: Uint8Array): Uint8Array {
  return derive(shared, new Uint8Array(Buffer.concat([ephemeral, to])), DEVICE);
}

/** Null for a key of small order, with which everybody would agree on nothing. */
function agree(privateKey: KeyObject, publicKey: Uint8Array): Uint8Array | null {
  try {
    const shared = new Uint8Array(diffieHellman({ privateKey, publicKey: publicOf(publicKey) }));
    return shared.every((byte) => byte === 0) ? null : shared;
  } catch {
    return null;
  }
}

function publicOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: toBase64url(raw) } });
}

/** PKCS #8 of RFC 8410: a fixed beginning, and the 32 bytes. */
function privateOf(scalar: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), scalar]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function rawKey(key: KeyObject): Uint8Array {
  const raw = fromBase64url(key.export({ format: 'jwk' }).x ?? '');
  if (raw?.length !== KEY) throw new TypeError('This is not an X25519 key.');
  return raw;
}

/** Little-endian, as both RFCs have it. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function bytesOf(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * KEY, '0'), 'hex').reverse());
}

/** By Fermat. Of public keys alone: how long it takes tells nothing. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % P];
  for (let exponent = P - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}

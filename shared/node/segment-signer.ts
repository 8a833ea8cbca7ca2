// SegmentSigner on node:crypto, with a device's (or a relay's) Ed25519 key. It reads and writes no file.
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { keyNotOpen } from '../access/device-key.ts';
import type { DeviceKey } from '../access/identity.ts';
import { fromBase64url, toBase64url } from '../base/encoding.ts';
import type { SegmentSigner } from '../hub/history/segment-signer.ts';

/** One signature means one thing: what is signed here is a segment and nothing else that this key signs. */
const PURPOSE = new TextEncoder().encode('caravan segment v1\n');
/** Public keys kept as the runtime wants them: segments of one hub come by the hundred. */
const KNOWN_KEYS = 64;

export function segmentSigner({ publicKey, d }: DeviceKey): SegmentSigner {
  const raw = fromBase64url(publicKey.x);
  if (raw?.length !== 32) throw new TypeError('This is not an Ed25519 key.');
  const key = d === '' ? null : createPrivateKey({ format: 'jwk', key: { ...publicKey, d } });
  const known = new Map<string, KeyObject>();
  return {
    publicKey: raw,
    sign: async (bytes) => {
      if (!key) throw keyNotOpen();
      return new Uint8Array(sign(null, forSegments(bytes), key));
    },
    hash: (bytes) => Promise.resolve(sha256(bytes)),
    verify: (signer, bytes, signature) => Promise.resolve(holds(known, signer, bytes, signature)),
  };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function holds(known: Map<string, KeyObject>, signer: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const x = toBase64url(signer);
  try {
    const key = known.get(x) ?? createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    if (known.size >= KNOWN_KEYS) known.clear();
    known.set(x, key);
    return verify(null, forSegments(bytes), key, signature);
  } catch {
    // 32 bytes that are no point of the curve are nobody's key.
    return false;
  }
}

function forSegments(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(PURPOSE.length + bytes.length);
  all.set(PURPOSE);
  all.set(bytes, PURPOSE.length);
  return all;
}

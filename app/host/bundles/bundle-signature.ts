// The signature of a bundle: its writer's device signs what is before it and for whom that is sealed (BU7). It reads no file.
import { createHash, createPrivateKey, createPublicKey, sign, verify, type Hash } from 'node:crypto';
import { keyNotOpen } from '../../../shared/access/device-key.ts';
import type { DeviceKey, PublicJwk } from '../../../shared/access/identity.ts';

/** One signature means one thing: what is signed here is a bundle and nothing else that this key signs. */
const PURPOSE = Buffer.from('caravan bundle v1\n');

/** Takes in all the plain bytes of a bundle up to its end, in their order. */
export class BundleDigest {
  readonly #hash: Hash = createHash('sha256');
  readonly #header: Uint8Array;

  /** @param header the hash of the part in front: whoever opens a bundle cannot seal it to somebody else as it is. */
  constructor(header: Uint8Array) {
    this.#header = header;
  }

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Throws `not-allowed` where the key cannot be opened. */
  sign({ publicKey, d }: DeviceKey): Uint8Array {
    if (d === '') throw keyNotOpen();
    const key = createPrivateKey({ format: 'jwk', key: { ...publicKey, d } });
    return new Uint8Array(sign(null, this.#statement(), key));
  }

  /** Total. */
  isSignedBy({ x }: PublicJwk, signature: Uint8Array): boolean {
    try {
      const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
      return verify(null, this.#statement(), key, signature);
    } catch {
      // Bytes that are no point of the curve are nobody's key.
      return false;
    }
  }

  #statement(): Uint8Array {
    return Buffer.concat([PURPOSE, this.#header, this.#hash.copy().digest()]);
  }
}

import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDeviceKey } from '../../../shared/access/device-key.ts';
import { fromBase64url, toBase64url } from '../../../shared/base/encoding.ts';
import { montgomeryOf, openAsDevice, sealToDevices } from './seal-keys.ts';

const FILE_KEY = new Uint8Array(32).fill(7);

/** What OpenSSL makes of the scalar of an Ed25519 key: another way to the same X25519 key. */
function publicOfSecret(d: string): string {
  const scalar = createHash('sha512').update(Buffer.from(d, 'base64url')).digest().subarray(0, 32);
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), scalar]);
  return (
    createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' }).x ?? ''
  );
}

it('[BU3] the X25519 key of a device is the same, made from its public and from its private half', async () => {
  for (let round = 0; round < 50; round += 1) {
    const key = await createDeviceKey();
    expect(toBase64url(montgomeryOf(key.publicKey) ?? new Uint8Array())).toBe(publicOfSecret(key.d));
  }
});

it('[BU3] a key that gives none is refused, and one of small order agrees with nobody', async () => {
  const jwk = (bytes: Uint8Array) => ({ kty: 'OKP', crv: 'Ed25519', x: toBase64url(bytes) }) as const;
  const one = new Uint8Array(32);
  one[0] = 1;
  expect(montgomeryOf(jwk(one))).toBeNull();
  expect(montgomeryOf(jwk(new Uint8Array(32).fill(255)))).toBeNull();
  expect(montgomeryOf(jwk(new Uint8Array(31)))).toBeNull();
  // y = -1 is a point of order two: u = 0.
  const minusOne = new Uint8Array(32).fill(255);
  minusOne[0] = 236;
  minusOne[31] = 127;
  expect(montgomeryOf(jwk(minusOne))).toEqual(new Uint8Array(32));
  expect(sealToDevices(FILE_KEY, [jwk(minusOne)]).sealed).toEqual([null]);
});

it('[BU3] each device opens its own part, and no other', async () => {
  const [bo, cy] = [await createDeviceKey(), await createDeviceKey()];
  const { ephemeral, sealed } = sealToDevices(FILE_KEY, [bo.publicKey, cy.publicKey]);
  expect(openAsDevice(bo, ephemeral, sealed[0] ?? new Uint8Array())).toEqual(FILE_KEY);
  expect(openAsDevice(cy, ephemeral, sealed[1] ?? new Uint8Array())).toEqual(FILE_KEY);
  expect(openAsDevice(cy, ephemeral, sealed[0] ?? new Uint8Array())).toBeNull();
  expect(openAsDevice(bo, new Uint8Array(32), sealed[0] ?? new Uint8Array())).toBeNull();
  expect(openAsDevice({ ...bo, d: '' }, ephemeral, sealed[0] ?? new Uint8Array())).toBeNull();
  expect(fromBase64url(bo.publicKey.x)?.length).toBe(32);
});

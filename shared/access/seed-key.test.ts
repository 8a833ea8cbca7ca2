// Shows that a seed is a key: the one of the standard, the same each time, and one that signs.
import { describe, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from '../base/encoding.ts';
import { readDeviceKey } from './device-key.ts';
import { prove, provesBy } from './proof.ts';
import { keyFromSeed, randomSeed } from './seed-key.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(hex.match(/../g)!.map((pair) => Number.parseInt(pair, 16)));

describe('key from a seed', () => {
  it('is the key of RFC 8032, section 7.1, test 2', async () => {
    const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
    const publicKey = fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const key = await keyFromSeed(seed);
    expect(fromBase64url(key.publicKey.x)).toEqual(publicKey);
    expect(await keyFromSeed(seed)).toEqual(key);
  });

  it('signs, is one that a device file could hold, and is another for another seed', async () => {
    const seed = randomSeed();
    const key = await keyFromSeed(seed);
    expect(key.d).toBe(toBase64url(seed));
    expect(await readDeviceKey(JSON.parse(JSON.stringify(key)))).toEqual(key);
    const proof = await prove(key, 'words');
    expect(await provesBy(key.publicKey, 'words', proof)).toBe(true);
    expect(await provesBy(key.publicKey, 'other words', proof)).toBe(false);
    expect(await provesBy((await keyFromSeed(randomSeed())).publicKey, 'words', proof)).toBe(false);
    await expect(keyFromSeed(new Uint8Array(31))).rejects.toThrow(TypeError);
  });
});

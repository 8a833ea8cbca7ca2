// The envelope of stored values: what was sealed comes back, and nothing else does.
import { expect, it } from 'vitest';
import { seal, unseal } from './checksummed.ts';

const EMPTY = [new Uint8Array(0), new TextEncoder().encode(''), new Uint8Array(8).subarray(4, 4), Buffer.from('')];

// Found by the convergence test: a link that had not met its relay yet remembers the empty name of no hub. The
// checksum of the empty array that an encoder gives did not hold, and after a restart the link's memory was "damaged".
it('[ST2] an empty value is whole, whatever array it came in', () => {
  for (const bytes of EMPTY) expect(unseal('v!link!w/last', seal('v!link!w/last', bytes))).toHaveLength(0);
  for (const bytes of EMPTY) expect(seal('k', bytes)).toEqual(seal('k', new Uint8Array(0)));
});

it('[ST2] an empty value that an earlier version stored is read', () => {
  expect(unseal('v!link!w/last', new Uint8Array(4))).toHaveLength(0);
});

it('[ST2] a value under another key, or with another byte, is damaged', () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array([1, 2, 3])]) {
    expect(() => unseal('other', seal('key', bytes))).toThrow('damaged');
    const flipped = seal('key', bytes);
    flipped[flipped.length - 1]! ^= 1;
    expect(() => unseal('key', flipped)).toThrow('damaged');
  }
  expect(() => unseal('key', new Uint8Array([0, 0, 0]))).toThrow('damaged');
  expect(() => unseal('key', new Uint8Array(5))).toThrow('damaged');
});

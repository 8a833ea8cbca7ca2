// The bytes of a segment: what was written is read, and nothing else is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSegment, encodeSegmentBody, joinSignature, type SegmentContent } from './segment.ts';

const CONTENT: SegmentContent = {
  base: false,
  room: 'ws/space/page',
  device: 'device',
  member: '',
  signer: new Uint8Array(32).fill(7),
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_000_050,
  clients: [3, 4_000_000_000],
  updates: [
    { at: 1_700_000_000_000, update: new Uint8Array([1, 2]) },
    { at: 1_700_000_000_050, update: new Uint8Array([0, 0]) },
  ],
};
const signature = new Uint8Array(64).fill(9);
const BYTES = joinSignature(encodeSegmentBody(CONTENT), signature);

describe('a segment’s bytes', () => {
  test('[SG1] what was written is read', () => {
    expect(decodeSegment(BYTES)).toMatchObject({ ...CONTENT, signature });
  });

  test('[SG2] bytes that are none are null, however they were broken', () => {
    for (let length = 0; length < BYTES.length - 1; length += 1) {
      const read = decodeSegment(BYTES.subarray(0, length));
      // The signature is taken from the end: a shorter one may still be well formed, and then it does not hold.
      if (read) expect(read.signature).not.toEqual(signature);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeSegment(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.nat(BYTES.length - 1), fc.nat(255), (at, byte) => {
        const broken = new Uint8Array(BYTES);
        broken[at] = byte;
        decodeSegment(broken);
      }),
    );
  });

  test('[SG2] a room that is none, no updates, and lists beyond their limits are refused', () => {
    const bytes = (content: Partial<SegmentContent>): Uint8Array =>
      joinSignature(encodeSegmentBody({ ...CONTENT, ...content }), signature);
    expect(decodeSegment(bytes({ room: '../etc/passwd' }))).toBeNull();
    expect(decodeSegment(bytes({ updates: [] }))).toBeNull();
    expect(decodeSegment(bytes({ clients: Array.from({ length: 20_001 }, (_, at) => at) }))).toBeNull();
    expect(decodeSegment(bytes({ device: 'x'.repeat(65) }))).toBeNull();
  });

  test('[SG3] what a newer version adds behind the updates is read past', () => {
    const longer = new Uint8Array([...encodeSegmentBody(CONTENT), 5, 6, 7]);
    expect(decodeSegment(joinSignature(longer, signature))).toMatchObject(CONTENT);
  });
});

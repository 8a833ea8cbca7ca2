// Shows that the frames of the log exchange read back as they were written, and that no bytes at all make their reader throw.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { encodePeerLogFrame, readPeerLogFrame, STANDINGS, type PeerLogFrame } from './peer-log-frames.ts';

const text = fc.string({ maxLength: 30 });
const frame: fc.Arbitrary<PeerLogFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('have' as const),
    standing: fc.constantFrom(...STANDINGS),
    length: fc.nat(),
    locator: fc.array(text, { maxLength: LIMITS.peerLocator }),
    pending: text,
  }),
  fc.record({
    kind: fc.constant('records' as const),
    from: fc.nat(),
    more: fc.boolean(),
    records: fc.array(text, { maxLength: LIMITS.peerRecordsPerFrame }),
    word: text,
  }),
  fc.record({
    kind: fc.constant('pending' as const),
    more: fc.boolean(),
    records: fc.array(text, { maxLength: LIMITS.peerRecordsPerFrame }),
  }),
  fc.record({ kind: fc.constant('join' as const), invite: text, proof: text }),
);

it('[PL2] what was written is read; whatever else comes, cut or changed, is a frame or null', () => {
  fc.assert(
    fc.property(frame, fc.nat(), fc.nat(255), (one, place, byte) => {
      const bytes = encodePeerLogFrame(one);
      expect(readPeerLogFrame(bytes)).toEqual(one);
      expect(readPeerLogFrame(bytes.subarray(0, place % bytes.length))).toBeNull();
      const changed = Uint8Array.from(bytes);
      changed[place % bytes.length] = byte;
      readPeerLogFrame(changed);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readPeerLogFrame(bytes)));
});

it('[PL2] lists and texts beyond their bounds are no frame', () => {
  const records = Array.from({ length: LIMITS.peerRecordsPerFrame + 1 }, () => 'r');
  expect(readPeerLogFrame(encodePeerLogFrame({ kind: 'pending', more: false, records }))).toBeNull();
  const long = ['r'.repeat(8 * 1024 + 1)];
  expect(
    readPeerLogFrame(encodePeerLogFrame({ kind: 'records', from: 0, more: false, records: long, word: '' })),
  ).toBeNull();
  const locator = Array.from({ length: LIMITS.peerLocator + 1 }, () => 'h');
  const have = { kind: 'have', standing: 'member', length: 1, locator, pending: '' } as const;
  expect(readPeerLogFrame(encodePeerLogFrame(have))).toBeNull();
});

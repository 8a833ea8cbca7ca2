// Shows the frames of attachments between hosts by their rules (PROTOCOL.md, PB): every one there and back, and nothing hostile throws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { readPeerBlobFrame, writePeerBlobFrame, type PeerBlobFrame } from './peer-blob-frames.ts';

const BLOB = 'ab'.repeat(32);
const FRAMES: readonly PeerBlobFrame[] = [
  { kind: 'want', id: 7, space: '@member', blob: BLOB, offset: 2 ** 40 },
  { kind: 'piece', id: 7, size: LIMITS.blob, bytes: Uint8Array.of(1, 2, 3) },
  { kind: 'piece', id: 7, size: 0, bytes: new Uint8Array() },
  { kind: 'none', id: 2 ** 53 - 1 },
  { kind: 'cancel', id: 0 },
  { kind: 'ask', number: 1, blobs: [{ space: 's', blob: BLOB }] },
  { kind: 'have', number: 0, blobs: [] },
  { kind: 'reach', shelf: 'shelf' },
];

describe('frames of attachments between hosts', () => {
  it.each(FRAMES)('[PB1] $kind goes there and back', (frame) => {
    expect(readPeerBlobFrame(writePeerBlobFrame(frame))).toEqual(frame);
  });

  it('[PB1] a full piece and a full list with the longest names fit into a frame; longer ones are malformed', () => {
    const piece = {
      kind: 'piece',
      id: 2 ** 40,
      size: LIMITS.blob,
      bytes: new Uint8Array(LIMITS.peerBlobPiece),
    } as const;
    expect(readPeerBlobFrame(writePeerBlobFrame(piece))).toEqual(piece);
    const entry = { space: '@' + 'x'.repeat(64), blob: BLOB };
    const blobs = Array.from({ length: LIMITS.peerBlobsNamed }, () => entry);
    expect(readPeerBlobFrame(writePeerBlobFrame({ kind: 'ask', number: 1, blobs }))).toMatchObject({ kind: 'ask' });
    expect(readPeerBlobFrame(writePeerBlobFrame({ kind: 'ask', number: 1, blobs: [...blobs, entry] }))).toBeNull();
    expect(readPeerBlobFrame(new Uint8Array(LIMITS.peerBlobFrame + 1))).toBeNull();
    const long = writePeerBlobFrame({ kind: 'want', id: 1, space: 'x'.repeat(66), blob: BLOB, offset: 0 });
    expect(readPeerBlobFrame(long)).toBeNull();
  });

  it('[PB1] a frame of a later version is passed over, and one that ends early is malformed', () => {
    expect(readPeerBlobFrame(Uint8Array.of(7, 1, 2))).toEqual({ kind: 'unknown' });
    expect(readPeerBlobFrame(new Uint8Array())).toBeNull();
    for (const frame of FRAMES) {
      const bytes = writePeerBlobFrame(frame);
      // A piece's bytes reach to the end of its frame, wherever that is.
      const whole = frame.kind === 'piece' ? frame.bytes.length : 0;
      for (let length = 1; length < bytes.length - whole; length += 1) {
        if (frame.kind !== 'piece' || length < 2) expect(readPeerBlobFrame(bytes.subarray(0, length))).toBeNull();
      }
    }
  });

  it('[PB1] reads whatever comes without throwing, and writes again what it read', () => {
    const valid = fc.constantFrom(...FRAMES.map(writePeerBlobFrame));
    const bent = fc
      .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(80))
      .map(([bytes, flips, cut]) => {
        const copy = bytes.slice(0, bytes.length - Math.min(cut, bytes.length) * (cut > 60 ? 1 : 0));
        for (const [at, value] of flips) if (copy.length > 0) copy[at % copy.length] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const frame = readPeerBlobFrame(bytes);
        if (frame && frame.kind !== 'unknown') expect(readPeerBlobFrame(writePeerBlobFrame(frame))).toEqual(frame);
      }),
      { numRuns: 3_000 },
    );
  });
});

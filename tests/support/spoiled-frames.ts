// Frames of a link as no honest end sends them: of every kind with bits flipped, cut short, or made up. They are sent by nobody here.
import fc from 'fast-check';
import { encodeLinkFrame, type LinkFrame } from '../../shared/protocol/link-frames.ts';

/** Of every kind that a link may bring beyond the first ones, as bytes to spoil. */
const KINDS: readonly Exclude<LinkFrame, { kind: 'unknown' }>[] = [
  {
    kind: 'follow',
    request: 1,
    more: false,
    digests: true,
    cursors: [{ space: 'space', epoch: 'e', after: 3, heard: 9 }],
  },
  { kind: 'changes', space: 'space', reset: true, upTo: 9, entries: [{ document: 'page', number: 9 }] },
  { kind: 'data', channel: 1, more: true, bytes: Uint8Array.of(0, 2, 3, 1, 2, 3) },
  { kind: 'ack', channel: 1, count: 1, number: 4 },
  { kind: 'heartbeat', wantsAnswer: true },
  { kind: 'followSegments', more: false, cursors: [{ space: 'space', epoch: 'e', after: 3, tag: '0f'.repeat(32) }] },
  {
    kind: 'segments',
    space: 'space',
    reset: true,
    upTo: 300,
    tag: '0f'.repeat(32),
    entries: [{ number: 300, document: 'page', size: 2 ** 24, endedAt: 1_763_000_000_000, hash: '0f'.repeat(32) }],
  },
  { kind: 'fetchSegments', wanted: [{ space: 'space', number: 3, hash: '00'.repeat(32) }] },
  { kind: 'segment', more: true, missing: false, hash: 'ab'.repeat(32), bytes: Uint8Array.of(1, 2, 3) },
  { kind: 'holds', holdings: [{ space: 'space', after: 7, lacks: ['page'] }] },
  { kind: 'holders', space: 'space', all: true, holders: [{ device: 'x', number: 7, at: 9, lacks: [] }] },
  { kind: 'batch', frames: [Uint8Array.of(11, 1), Uint8Array.of(2, 5)] },
  { kind: 'relays', hubs: ['one', 'two'] },
];

export function spoiledFrame(): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    fc
      .tuple(fc.nat({ max: 26 }), fc.uint8Array({ maxLength: 60 }))
      .map(([type, bytes]) => Uint8Array.of(type, ...bytes)),
    fc
      .tuple(fc.constantFrom(...KINDS), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 7 })), { maxLength: 4 }), fc.nat())
      .map(([kind, flips, cut]) => {
        const bytes = Uint8Array.from(encodeLinkFrame(kind));
        for (const [at, bit] of flips) bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        return cut % 3 === 0 ? bytes.subarray(0, 1 + (cut % bytes.length)) : bytes;
      }),
  );
}

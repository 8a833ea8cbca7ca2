// Shows the link's frames by their rules (PROTOCOL.md): every frame round trip, and nothing hostile throws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commonVersion,
  decodeLinkFrame,
  encodeLinkFrame,
  LINK_FRAME,
  LINK_VERSIONS,
  type LinkFrame,
} from './link-frames.ts';
import { LIMITS } from './limits.ts';
import { decodeRoomFrame, encodeAck, encodeAwareness, encodeStep1, encodeStep2, encodeUpdate } from './room-frames.ts';

const FRAMES: readonly Exclude<LinkFrame, { kind: 'unknown' }>[] = [
  {
    kind: 'hello',
    versions: [3, 1],
    hub: 'hub',
    epoch: 'epoch',
    workspace: 'workspace',
    device: 'device',
    features: 5,
  },
  { kind: 'open', channel: 1, live: true, pull: false, room: 'space/document' },
  { kind: 'open', channel: 300, live: false, pull: false, room: '~member/document' },
  { kind: 'opened', channel: 5 },
  { kind: 'refused', channel: 5, code: 4403, reason: 'not here' },
  { kind: 'data', channel: 7, more: true, bytes: Uint8Array.of(1, 2, 3) },
  { kind: 'data', channel: 7, more: false, bytes: new Uint8Array() },
  { kind: 'ack', channel: 7, count: 12, number: 2 ** 53 - 1 },
  { kind: 'mark', channel: 7, number: 99 },
  { kind: 'close', channel: 7, code: 1000, reason: '' },
  {
    kind: 'follow',
    request: 1,
    more: false,
    digests: false,
    cursors: [{ space: 's', epoch: 'e', after: 3, heard: 9 }],
  },
  { kind: 'follow', request: 2, more: true, digests: true, cursors: [] },
  { kind: 'changes', space: 's', reset: true, upTo: 9, entries: [{ document: 'd', number: 9 }] },
  {
    kind: 'changes',
    space: 's',
    reset: true,
    upTo: 9,
    entries: [
      { document: 'd', number: 8, digest: new Uint8Array(16).fill(7) },
      { document: 'e', number: 9 },
    ],
  },
  { kind: 'listed', request: 4 },
  { kind: 'heartbeat', wantsAnswer: true },
  { kind: 'open', channel: 9, live: false, pull: true, room: 'space/document' },
  { kind: 'batch', frames: [Uint8Array.of(11, 1), Uint8Array.of(2, 5)] },
  { kind: 'followSegments', more: true, cursors: [{ space: 's', epoch: 'e', after: 3, tag: '0f'.repeat(32) }] },
  {
    kind: 'segments',
    space: 's',
    reset: true,
    upTo: 300,
    tag: '0f'.repeat(32),
    entries: [{ number: 300, document: 'd', size: 2 ** 24, endedAt: 1_763_000_000_000, hash: '0f'.repeat(32) }],
  },
  { kind: 'fetchSegments', wanted: [{ space: 's', number: 3, hash: '00'.repeat(31) + 'ff' }] },
  { kind: 'segment', more: true, missing: false, hash: 'ab'.repeat(32), bytes: Uint8Array.of(1, 2, 3) },
  { kind: 'segment', more: false, missing: true, hash: 'ab'.repeat(32), bytes: new Uint8Array() },
  { kind: 'relays', hubs: ['one', 'two'] },
  { kind: 'log', head: 'a-record' },
  { kind: 'holds', holdings: [{ space: 's', after: 7, lacks: ['d'] }] },
  { kind: 'holders', space: 's', all: true, holders: [{ device: 'x', number: 7, at: 9, lacks: [] }] },
];

/** These end with bytes to the end of the message. */
const OPEN_ENDED = new Set(['data', 'segment', 'batch']);
/** A hello of an older program ends where the device's name begins. */
const FIXED = FRAMES.filter((frame) => !OPEN_ENDED.has(frame.kind) && frame.kind !== 'hello');

describe('link frames', () => {
  it.each(FRAMES)('[LF4] $kind comes back as it was', (frame) => {
    const back = decodeLinkFrame(encodeLinkFrame(frame));
    if (back && 'bytes' in back && 'bytes' in frame)
      expect({ ...back, bytes: [...back.bytes] }).toEqual({ ...frame, bytes: [...frame.bytes] });
    else expect(back).toEqual(frame);
  });

  it('[HE4] [HE5] a hello without the later fields is that of an older program that names no device, and is read', () => {
    const hello = encodeLinkFrame(FRAMES[0]!);
    const workspace = 1 + 3 + 4 + 6 + 10;
    const lengths = Array.from(hello.keys()).filter((length) => decodeLinkFrame(hello.subarray(0, length)));
    expect(lengths).toEqual([workspace, workspace + 7]);
    expect(decodeLinkFrame(hello.subarray(0, workspace))).toMatchObject({ device: '', features: 0 });
  });

  it('[DG2] a digest of another length is none, and more digests than entries are refused', () => {
    const entries = [{ document: 'd', number: 8, digest: new Uint8Array(16) }];
    const frame = encodeLinkFrame({ kind: 'changes', space: 's', reset: true, upTo: 9, entries });
    const list = frame.subarray(0, frame.length - 18);
    const read = (...behind: number[]): LinkFrame | null => decodeLinkFrame(Uint8Array.of(...list, ...behind));
    expect(read(1, 3, 9, 9, 9)).toMatchObject({ entries: [{ document: 'd', number: 8 }] });
    expect(read(0)).toMatchObject({ entries: [{ document: 'd', number: 8 }] });
    expect(read(2, 0, 0)).toBeNull();
    expect(read(1, 16, 9)).toBeNull();
  });

  it('[BT1] a batch that ends early, or holds too many frames, is refused', () => {
    const batch = encodeLinkFrame({ kind: 'batch', frames: [Uint8Array.of(11, 1), Uint8Array.of(2, 5)] });
    for (const length of [2, 3, 5, 6]) expect(decodeLinkFrame(batch.subarray(0, length))).toBeNull();
    const many = Array.from({ length: LIMITS.framesPerBatch + 1 }, () => Uint8Array.of(90));
    expect(decodeLinkFrame(encodeLinkFrame({ kind: 'batch', frames: many }))).toBeNull();
  });

  it.each(FIXED)('[LF1] $kind that ends early is refused', (frame) => {
    const bytes = encodeLinkFrame(frame);
    // A list without the digests behind it is that of an older program.
    const plain = frame.kind === 'changes' ? frame.entries.map(({ document, number }) => ({ document, number })) : [];
    const older = frame.kind === 'changes' ? encodeLinkFrame({ ...frame, entries: plain }).length : bytes.length;
    for (let length = 0; length < bytes.length; length += 1)
      if (length !== older) expect(decodeLinkFrame(bytes.subarray(0, length))).toBeNull();
  });

  it('[LF1] refuses lists and texts beyond their limits, and lengths beyond the message', () => {
    const many = Array.from({ length: 501 }, (_, number) => ({ document: 'd', number }));
    expect(
      decodeLinkFrame(encodeLinkFrame({ kind: 'changes', space: 's', reset: false, upTo: 1, entries: many })),
    ).toBeNull();
    expect(
      decodeLinkFrame(encodeLinkFrame({ kind: 'open', channel: 1, live: false, pull: false, room: 'x'.repeat(141) })),
    ).toBeNull();
    expect(decodeLinkFrame(Uint8Array.of(LINK_FRAME.open, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 65))).toBeNull();
    expect(decodeLinkFrame(Uint8Array.of(LINK_FRAME.open, 1, 0, 2, 0xc3, 0x28))).toBeNull();
    expect(decodeLinkFrame(Uint8Array.of(LINK_FRAME.mark, 1, ...new Array<number>(12).fill(0xff)))).toBeNull();
  });

  it('[LF2] ignores unknown types, trailing bytes and unknown flags', () => {
    expect(decodeLinkFrame(Uint8Array.of(90, 1, 2, 3))).toEqual({ kind: 'unknown', type: 90 });
    const opened = encodeLinkFrame({ kind: 'opened', channel: 3 });
    expect(decodeLinkFrame(Uint8Array.of(...opened, 9, 9))).toEqual({ kind: 'opened', channel: 3 });
    expect(decodeLinkFrame(Uint8Array.of(LINK_FRAME.heartbeat, 6))).toEqual({ kind: 'heartbeat', wantsAnswer: false });
  });

  it('[LF1] never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 26 }), (bytes, type) => {
        decodeLinkFrame(bytes);
        decodeLinkFrame(Uint8Array.of(type, ...bytes));
        decodeRoomFrame(bytes);
        decodeRoomFrame(Uint8Array.of(type % 4, ...bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[LF4] shortens a reason so that it fits', () => {
    const frame = encodeLinkFrame({ kind: 'close', channel: 1, code: 4403, reason: '😀'.repeat(500) });
    expect(decodeLinkFrame(frame)).toMatchObject({ kind: 'close', code: 4403 });
  });

  it('[HE2] [VE1] [VE2] finds the best common version, or none', () => {
    expect(LINK_VERSIONS).toEqual([1]);
    expect(commonVersion([1, 2], [3, 2, 1])).toBe(2);
    expect(commonVersion([9], [1])).toBeNull();
    expect(commonVersion([])).toBeNull();
  });
});

describe('room messages', () => {
  it('[RM1] are y-websocket messages and come back as they were', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(decodeRoomFrame(encodeStep1(bytes))).toEqual({ kind: 'step1', stateVector: bytes });
    expect(decodeRoomFrame(encodeStep2(bytes))).toEqual({ kind: 'step2', update: bytes });
    expect(decodeRoomFrame(encodeUpdate(bytes))).toEqual({ kind: 'update', update: bytes });
    expect(decodeRoomFrame(encodeAwareness(bytes))).toEqual({ kind: 'awareness', update: bytes });
    expect(decodeRoomFrame(Uint8Array.of(3))).toEqual({ kind: 'queryAwareness' });
    expect(decodeRoomFrame(encodeAck(300))).toEqual({ kind: 'ack', count: 300 });
    expect([...encodeUpdate(bytes)]).toEqual([0, 2, 3, 1, 2, 3]);
  });

  it('[RM2] never shows what lies beside a message in its buffer', () => {
    const pool = new Uint8Array(100).fill(83);
    pool.set([0, 2, 50, 1, 2], 10);
    expect(decodeRoomFrame(pool.subarray(10, 15))).toBeNull();
  });

  it('[RM5] of an unknown type are ignored', () => {
    expect(decodeRoomFrame(Uint8Array.of(77))).toEqual({ kind: 'unknown', type: 77 });
    expect(decodeRoomFrame(Uint8Array.of(0, 9))).toEqual({ kind: 'unknown', type: 0 });
    expect(decodeRoomFrame(new Uint8Array())).toBeNull();
  });
});

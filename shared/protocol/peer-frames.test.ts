// Shows the messages of the door by their rules (PROTOCOL.md, section PE): each there and back, and nothing hostile throws.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  encodeOpening,
  encodePeerFrame,
  NO_CODE,
  readAnswer,
  readGreeting,
  readPeerFrame,
  withProof,
  type Answer,
  type Greeting,
  type PeerFrame,
} from './peer-frames.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? [...one] : one)));

const GREETING: Greeting = { kind: 'greeting', purpose: 1, versions: [3, 1], nonce: bytes(32, 1), code: NO_CODE };
const ANSWER: Answer = { kind: 'answer', version: 1, versions: [1], nonce: bytes(32, 2), code: bytes(32, 3) };
const FRAMES: readonly PeerFrame[] = [
  { kind: 'claim', hint: bytes(16, 1), signature: bytes(64, 2), key: NO_CODE },
  { kind: 'claim', hint: bytes(16, 1), signature: bytes(64, 2), key: bytes(32, 3) },
  { kind: 'key', key: bytes(32, 4) },
  { kind: 'admitted' },
];
const READERS = [readGreeting, readAnswer, readPeerFrame];
const MESSAGES = [
  ...[GREETING, ANSWER].map((opening) => withProof(encodeOpening(opening), bytes(32, 9))),
  ...FRAMES.map(encodePeerFrame),
];

it('[PE21] openings come back with what their proof is of, and fields of later programs are in that', () => {
  const said = encodeOpening(GREETING);
  const read = readGreeting(withProof(said, bytes(32, 9)));
  expect(plain(read)).toEqual(plain({ opening: GREETING, said, proof: bytes(32, 9) }));
  const later = withProof(said, bytes(5, 8));
  expect(plain(readGreeting(withProof(later, bytes(32, 9))))).toEqual(
    plain({ opening: GREETING, said: later, proof: bytes(32, 9) }),
  );
  expect(plain(readAnswer(withProof(encodeOpening(ANSWER), bytes(32, 9)))?.opening)).toEqual(plain(ANSWER));
  expect(readAnswer(withProof(said, bytes(32, 9)))).toBeNull();
});

it('[PE23] every other message comes back, with what later programs add behind it', () => {
  for (const frame of FRAMES) {
    expect(plain(readPeerFrame(encodePeerFrame(frame)))).toEqual(plain(frame));
    expect(plain(readPeerFrame(withProof(encodePeerFrame(frame), bytes(3, 1))))).toEqual(plain(frame));
  }
});

it('[PE27] whatever comes is read without throwing: cut, changed, any bytes', () => {
  for (const message of MESSAGES) {
    for (let end = 0; end < message.length; end += 1) {
      for (const read of READERS) read(message.subarray(0, end));
    }
  }
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.constantFrom(...MESSAGES), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([message, at, value]) => message.with(at % message.length, value)),
  );
  fc.assert(
    fc.property(any, (message) => {
      for (const read of READERS) read(message);
    }),
    { numRuns: 3_000 },
  );
});

// The messages by which two hosts prove themselves to one another, as values, their bytes, and total decoders (PROTOCOL.md, section PE). It proves nothing.
import { readTotally, type ByteReader } from './byte-reader.ts';
import { ByteWriter, encodeVarUints, varBytesSize, varUintSize } from './byte-writer.ts';
import { readList } from './frame-fields.ts';
import { LIMITS } from './limits.ts';

/** Versions of the conversation that this program speaks, best first. */
export const PEER_VERSIONS: readonly number[] = Object.freeze([1]);

/** The only protocol of the door, as ALPN name and as WebSocket subprotocol. */
export const PEER_PROTOCOL = 'caravan.peer.v1';

/** From 16 on: the membership log. */
export const PEER_FRAME = Object.freeze({ greeting: 0, answer: 1, claim: 2, key: 3, admitted: 4 });

export const PEER_PURPOSES = Object.freeze({ link: 1, log: 2, blobs: 3 });

/** Bytes of nonces, of HMAC-SHA-256 and of Ed25519 keys. */
export const PROOF_BYTES = 32;
const HINT_BYTES = 16;
const SIGNATURE_BYTES = 64;
const NOTHING = new Uint8Array(0);

/** What the first message of either end has in common. */
interface Opening {
  /** Those that its sender speaks, best first. */
  readonly versions: readonly number[];
  readonly nonce: Uint8Array;
  /** Proves the code; empty where there is none. */
  readonly code: Uint8Array;
}

/** The dialing end's first message. */
export interface Greeting extends Opening {
  readonly kind: 'greeting';
  /** A number of PEER_PURPOSES, or one of a later program. */
  readonly purpose: number;
}

/** The accepting end's first message. */
export interface Answer extends Opening {
  readonly kind: 'answer';
  /** The one that holds from here on. */
  readonly version: number;
}

/** Who an end is: a signature, and a mark by which only who knows the device finds it. */
export interface Claim {
  readonly kind: 'claim';
  readonly hint: Uint8Array;
  readonly signature: Uint8Array;
  /** The device's public key, for whom its sender knows as a member; else empty. */
  readonly key: Uint8Array;
}

/** The dialing end's public key, for an accepting one that does not know it. */
export interface KeyFrame {
  readonly kind: 'key';
  readonly key: Uint8Array;
}

export type PeerFrame = Claim | KeyFrame | { readonly kind: 'admitted' };

/** An opening as it came, with what is proved by its end. */
export interface Proved<T> {
  readonly opening: T;
  /** All bytes before the proof. */
  readonly said: Uint8Array;
  readonly proof: Uint8Array;
}

/** The bytes of an opening without its proof. */
export function encodeOpening(opening: Greeting | Answer): Uint8Array {
  const { versions, nonce, code } = opening;
  const number = opening.kind === 'greeting' ? opening.purpose : opening.version;
  const numbers = encodeVarUints(PEER_FRAME[opening.kind], number, versions.length, ...versions);
  return new ByteWriter(numbers.length + nonce.length + varBytesSize(code))
    .bytes(numbers)
    .bytes(nonce)
    .varBytes(code)
    .done();
}

/** An opening and behind it the proof of it. */
export function withProof(said: Uint8Array, proof: Uint8Array): Uint8Array {
  return new ByteWriter(said.length + proof.length).bytes(said).bytes(proof).done();
}

export function readGreeting(message: Uint8Array): Proved<Greeting> | null {
  return readProved(message, PEER_FRAME.greeting, (reader) => {
    const purpose = reader.varUint();
    return { kind: 'greeting', purpose, ...readOpening(reader) };
  });
}

export function readAnswer(message: Uint8Array): Proved<Answer> | null {
  return readProved(message, PEER_FRAME.answer, (reader) => {
    const version = reader.varUint();
    return { kind: 'answer', version, ...readOpening(reader) };
  });
}

export function encodePeerFrame(frame: PeerFrame): Uint8Array {
  const type = PEER_FRAME[frame.kind];
  switch (frame.kind) {
    case 'claim':
      return new ByteWriter(varUintSize(type) + HINT_BYTES + SIGNATURE_BYTES + varBytesSize(frame.key))
        .varUint(type)
        .bytes(frame.hint)
        .bytes(frame.signature)
        .varBytes(frame.key)
        .done();
    case 'key':
      return new ByteWriter(varUintSize(type) + PROOF_BYTES).varUint(type).bytes(frame.key).done();
    case 'admitted':
      return encodeVarUints(type);
  }
}

/** Null for everything that is no such message. */
export function readPeerFrame(message: Uint8Array): PeerFrame | null {
  return readTotally(message, (reader): PeerFrame | null => {
    switch (reader.varUint()) {
      case PEER_FRAME.claim: {
        const hint = reader.bytes(HINT_BYTES);
        const signature = reader.bytes(SIGNATURE_BYTES);
        const key = reader.varBytes();
        return key.length === 0 || key.length === PROOF_BYTES ? { kind: 'claim', hint, signature, key } : null;
      }
      case PEER_FRAME.key:
        return { kind: 'key', key: reader.bytes(PROOF_BYTES) };
      case PEER_FRAME.admitted:
        return { kind: 'admitted' };
      default:
        return null;
    }
  });
}

function readOpening(reader: ByteReader): Opening {
  const versions = readList(reader, LIMITS.versionsNamed, () => reader.varUint());
  const nonce = reader.bytes(PROOF_BYTES);
  return { versions, nonce, code: reader.varBytes() };
}

/** The proof is the last bytes of the message, so that fields of later programs stand before it, and are proved too. */
function readProved<T>(message: Uint8Array, type: number, read: (reader: ByteReader) => T): Proved<T> | null {
  const end = message.length - PROOF_BYTES;
  if (end < 0) return null;
  const said = message.subarray(0, end);
  const opening = readTotally(said, (reader) => (reader.varUint() === type ? read(reader) : null));
  return opening && { opening, said, proof: message.subarray(end) };
}

/** No code is asked for, or given. */
export const NO_CODE: Uint8Array = NOTHING;

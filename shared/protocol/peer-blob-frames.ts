// The frames by which two hosts hand each other attachments (PROTOCOL.md, section PB): values, bytes and a total reading.
import * as encoding from 'lib0/encoding';
import { readTotally, type ByteReader } from './byte-reader.ts';
import { hashBytes, LONGEST, readHash, readList } from './frame-fields.ts';
import { LIMITS } from './limits.ts';

/** A blob as a space has it. */
export interface SpaceBlob {
  readonly space: string;
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly blob: string;
}

export type PeerBlobFrame =
  /** Send me the piece that begins at `offset`. */
  | {
      readonly kind: 'want';
      readonly id: number;
      readonly space: string;
      readonly blob: string;
      readonly offset: number;
    }
  /** The answer: at most `peerBlobPiece` bytes, of a blob of `size`; none where it does not reach as far as `offset`. */
  | { readonly kind: 'piece'; readonly id: number; readonly size: number; readonly bytes: Uint8Array }
  /** The other answer: not here, or not for you. */
  | { readonly kind: 'none'; readonly id: number }
  /** The answer is not waited for any more. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** Which of these can you give me? */
  | { readonly kind: 'ask'; readonly number: number; readonly blobs: readonly SpaceBlob[] }
  /** These, of those that the question of this number named; 0: these are new here. */
  | { readonly kind: 'have'; readonly number: number; readonly blobs: readonly SpaceBlob[] }
  /** The shelf of the relay that this end brings attachments to now; '' while it reaches none. */
  | { readonly kind: 'reach'; readonly shelf: string };

const KINDS = ['want', 'piece', 'none', 'cancel', 'ask', 'have', 'reach'] as const;

/** A frame of a later version; it is passed over. */
export interface UnknownFrame {
  readonly kind: 'unknown';
}

/** Null where the bytes are malformed. `bytes` of a piece is a view of the message. */
export function readPeerBlobFrame(message: Uint8Array): PeerBlobFrame | UnknownFrame | null {
  if (message.length > LIMITS.peerBlobFrame) return null;
  return readTotally(message, (reader) => {
    const kind = KINDS[reader.varUint()];
    return kind === undefined ? { kind: 'unknown' } : readFrame(kind, reader);
  });
}

function readFrame(kind: PeerBlobFrame['kind'], reader: ByteReader): PeerBlobFrame {
  switch (kind) {
    case 'want':
      return { kind, id: reader.varUint(), ...readBlob(reader), offset: reader.varUint() };
    case 'piece':
      return { kind, id: reader.varUint(), size: reader.varUint(), bytes: reader.rest() };
    case 'none':
    case 'cancel':
      return { kind, id: reader.varUint() };
    case 'reach':
      return { kind, shelf: reader.varString(LONGEST.id) };
    case 'ask':
    case 'have':
      return {
        kind,
        number: reader.varUint(),
        blobs: readList(reader, LIMITS.peerBlobsNamed, () => readBlob(reader)),
      };
  }
}

function readBlob(reader: ByteReader): SpaceBlob {
  return { space: reader.varString(LONGEST.space), blob: readHash(reader) };
}

export function writePeerBlobFrame(frame: PeerBlobFrame): Uint8Array {
  const encoder = encoding.createEncoder();
  const uint = (value: number): void => encoding.writeVarUint(encoder, value);
  const named = ({ space, blob }: SpaceBlob): void => {
    encoding.writeVarString(encoder, space);
    encoding.writeUint8Array(encoder, hashBytes(blob));
  };
  uint(KINDS.indexOf(frame.kind));
  switch (frame.kind) {
    case 'want':
      uint(frame.id);
      named(frame);
      uint(frame.offset);
      break;
    case 'piece':
      uint(frame.id);
      uint(frame.size);
      encoding.writeUint8Array(encoder, frame.bytes);
      break;
    case 'none':
    case 'cancel':
      uint(frame.id);
      break;
    case 'reach':
      encoding.writeVarString(encoder, frame.shelf);
      break;
    case 'ask':
    case 'have':
      uint(frame.number);
      uint(frame.blobs.length);
      for (const one of frame.blobs) named(one);
      break;
  }
  return encoding.toUint8Array(encoder);
}

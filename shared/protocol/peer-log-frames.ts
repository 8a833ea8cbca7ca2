// The messages by which two hosts bring their copies of the membership log in step (PROTOCOL.md, section PL): bytes and total readings.
import * as encoding from 'lib0/encoding';
import { Malformed, readTotally, type ByteReader } from './byte-reader.ts';
import { LONGEST, readFlag, readList } from './frame-fields.ts';
import { LIMITS } from './limits.ts';

export const PEER_LOG_FRAME = Object.freeze({ have: 16, records: 17, pending: 18, join: 19 });

/** What an end knows of the other one by its own copy: nothing, a record that is not in order and brings it in, or that it is a member. */
export const STANDINGS = ['unknown', 'introduced', 'member'] as const;
export type Standing = (typeof STANDINGS)[number];

/** How far an end's copy goes. An end that knows nothing of the other says a length of 0, and no more. */
export interface HaveFrame {
  readonly kind: 'have';
  readonly standing: Standing;
  /** Records that somebody who orders has signed for. */
  readonly length: number;
  /** Hashes of records from the newest one of those back, further apart each time. */
  readonly locator: readonly string[];
  /** The hash of the hashes of what is pending; empty where nothing is said. */
  readonly pending: string;
}

/** Records in order that follow one another. */
export interface RecordsFrame {
  readonly kind: 'records';
  /** How many stand before the first of these. */
  readonly from: number;
  /** Another such frame follows. */
  readonly more: boolean;
  readonly records: readonly string[];
  /** In the last frame, the signed word for all of them; else empty. */
  readonly word: string;
}

/** Records that nobody put in order yet. */
export interface PendingFrame {
  readonly kind: 'pending';
  readonly more: boolean;
  readonly records: readonly string[];
}

/** In the place of `have`: somebody who has a link to join, and no copy yet. */
export interface JoinFrame {
  readonly kind: 'join';
  readonly invite: string;
  /** The invite's key signed for this device (IV). */
  readonly proof: string;
}

export type PeerLogFrame = HaveFrame | RecordsFrame | PendingFrame | JoinFrame;

/** Bytes of an Ed25519 signature as base64url. */
const LONGEST_PROOF = 86;

export function encodePeerLogFrame(frame: PeerLogFrame): Uint8Array {
  return encoding.encode((encoder) => {
    const texts = (list: readonly string[]): void => {
      encoding.writeVarUint(encoder, list.length);
      for (const text of list) encoding.writeVarString(encoder, text);
    };
    encoding.writeVarUint(encoder, PEER_LOG_FRAME[frame.kind]);
    switch (frame.kind) {
      case 'have':
        encoding.writeVarUint(encoder, STANDINGS.indexOf(frame.standing));
        encoding.writeVarUint(encoder, frame.length);
        texts(frame.locator);
        encoding.writeVarString(encoder, frame.pending);
        return;
      case 'records':
        encoding.writeVarUint(encoder, frame.more ? 1 : 0);
        encoding.writeVarUint(encoder, frame.from);
        texts(frame.records);
        encoding.writeVarString(encoder, frame.word);
        return;
      case 'pending':
        encoding.writeVarUint(encoder, frame.more ? 1 : 0);
        texts(frame.records);
        return;
      case 'join':
        encoding.writeVarString(encoder, frame.invite);
        encoding.writeVarString(encoder, frame.proof);
    }
  });
}

/** Null for everything that is no such message. */
export function readPeerLogFrame(message: Uint8Array): PeerLogFrame | null {
  return readTotally(message, (reader): PeerLogFrame | null => {
    switch (reader.varUint()) {
      case PEER_LOG_FRAME.have:
        return {
          kind: 'have',
          standing: readStanding(reader),
          length: reader.varUint(),
          locator: readList(reader, LIMITS.peerLocator, () => reader.varString(LONGEST.id)),
          pending: reader.varString(LONGEST.id),
        };
      case PEER_LOG_FRAME.records: {
        const more = readFlag(reader);
        const from = reader.varUint();
        return { kind: 'records', more, from, records: readRecords(reader), word: reader.varString(LIMITS.peerWord) };
      }
      case PEER_LOG_FRAME.pending:
        return { kind: 'pending', more: readFlag(reader), records: readRecords(reader) };
      case PEER_LOG_FRAME.join:
        return { kind: 'join', invite: reader.varString(LONGEST.id), proof: reader.varString(LONGEST_PROOF) };
      default:
        return null;
    }
  });
}

function readStanding(reader: ByteReader): Standing {
  const standing = STANDINGS[reader.varUint()];
  if (standing === undefined) throw new Malformed('a standing that nobody knows');
  return standing;
}

function readRecords(reader: ByteReader): string[] {
  return readList(reader, LIMITS.peerRecordsPerFrame, () => reader.varString(LIMITS.peerRecord));
}

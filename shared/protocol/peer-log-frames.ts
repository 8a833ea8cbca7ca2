// The messages by which two hosts bring their copies of the membership log in step (PROTOCOL.md, section PL): bytes and total readings.
import * as encoding from 'lib0/encoding';
import { readTotally } from './byte-reader.ts';
import { LONGEST, readFlag, readList } from './frame-fields.ts';

export const PEER_LOG_FRAME = Object.freeze({ have: 16, records: 17 });

/** How far an end's copy goes; a length of 0: it says nothing to somebody whom it does not know. */
export interface HaveFrame {
  readonly kind: 'have';
  readonly length: number;
  /** Hash of the newest record, or empty. */
  readonly head: string;
}

/** Records that follow one another. */
export interface RecordsFrame {
  readonly kind: 'records';
  /** Another such frame follows. */
  readonly more: boolean;
  readonly records: readonly string[];
}

export type PeerLogFrame = HaveFrame | RecordsFrame;

/** Bytes of one record: what a log takes; real ones have under 1,000. */
const LONGEST_RECORD = 8 * 1024;
/** Records of one frame: with the longest ones still below `linkFrame`. */
export const RECORDS_PER_FRAME = 30;

export function encodePeerLogFrame(frame: PeerLogFrame): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, PEER_LOG_FRAME[frame.kind]);
    if (frame.kind === 'have') {
      encoding.writeVarUint(encoder, frame.length);
      encoding.writeVarString(encoder, frame.head);
      return;
    }
    encoding.writeVarUint(encoder, frame.more ? 1 : 0);
    encoding.writeVarUint(encoder, frame.records.length);
    for (const record of frame.records) encoding.writeVarString(encoder, record);
  });
}

/** Null for everything that is no such message. */
export function readPeerLogFrame(message: Uint8Array): PeerLogFrame | null {
  return readTotally(message, (reader): PeerLogFrame | null => {
    switch (reader.varUint()) {
      case PEER_LOG_FRAME.have:
        return { kind: 'have', length: reader.varUint(), head: reader.varString(LONGEST.id) };
      case PEER_LOG_FRAME.records: {
        const more = readFlag(reader);
        return {
          kind: 'records',
          more,
          records: readList(reader, RECORDS_PER_FRAME, () => reader.varString(LONGEST_RECORD)),
        };
      }
      default:
        return null;
    }
  });
}

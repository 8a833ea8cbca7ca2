// The frames by which history segments travel over a link (PROTOCOL.md, section SW): values, bytes and a total reading.
import * as encoding from 'lib0/encoding';
import type { ByteReader } from './byte-reader.ts';
import { hashBytes, LONGEST, readFlag, readHash, readList } from './frame-fields.ts';
import { LIMITS } from './limits.ts';

/** Where one end stands in the other's numbering of a space's segments. */
export interface SegmentCursor {
  readonly space: string;
  readonly epoch: string;
  /** Everything the other end offered up to here is here, or was not wanted. */
  readonly after: number;
  /** The hash that the other end gave with that number. */
  readonly tag: string;
}

/** A segment as it is offered; its room is in the frame's space. */
export interface OfferedSegment {
  readonly number: number;
  readonly document: string;
  readonly size: number;
  readonly endedAt: number;
  readonly hash: string;
}

export interface WantedSegment {
  readonly space: string;
  readonly number: number;
  readonly hash: string;
}

export type SegmentFrame =
  /**
   * Offer me your segments after these cursors, and go on offering. `more`: further cursors follow in the next frame. Sent again
   * as the cursors move: that acknowledges what was offered, and makes room for more.
   */
  | { readonly kind: 'followSegments'; readonly more: boolean; readonly cursors: readonly SegmentCursor[] }
  /** `reset`: the cursor given for this space means nothing here; the list begins at 0. */
  | {
      readonly kind: 'segments';
      readonly space: string;
      readonly reset: boolean;
      /** Once all of it was taken or passed over, the cursor is here. */
      readonly upTo: number;
      /** The hash of the segment that has the number `upTo`; NO_HASH for 0. */
      readonly tag: string;
      readonly entries: readonly OfferedSegment[];
    }
  /** Send me these, by the numbers under which they were offered. */
  | { readonly kind: 'fetchSegments'; readonly wanted: readonly WantedSegment[] }
  /** A piece of one segment; `more`: the next piece follows. `missing`: it is not here (any more), and has no bytes. */
  | {
      readonly kind: 'segment';
      readonly more: boolean;
      readonly missing: boolean;
      readonly hash: string;
      readonly bytes: Uint8Array;
    };

/** Where a number has no segment. */
export const NO_HASH = '00'.repeat(32);

/** In the place of an epoch: the cursor is given up, and the space is to be offered from the beginning, behind a `reset`. */
export const ANEW = '';

const MISSING = 2;

export function readSegmentFrame(kind: SegmentFrame['kind'], reader: ByteReader): SegmentFrame {
  switch (kind) {
    case 'followSegments':
      return {
        kind,
        more: readFlag(reader),
        cursors: readList(reader, LIMITS.segmentCursorsPerFrame, () => ({
          space: reader.varString(LONGEST.space),
          epoch: reader.varString(LONGEST.id),
          after: reader.varUint(),
          tag: readHash(reader),
        })),
      };
    case 'segments':
      return {
        kind,
        space: reader.varString(LONGEST.space),
        reset: readFlag(reader),
        upTo: reader.varUint(),
        tag: readHash(reader),
        entries: readList(reader, LIMITS.segmentsPerFrame, () => ({
          number: reader.varUint(),
          document: reader.varString(LONGEST.id),
          size: reader.varUint(),
          endedAt: reader.varUint(),
          hash: readHash(reader),
        })),
      };
    case 'fetchSegments':
      return {
        kind,
        wanted: readList(reader, LIMITS.segmentsAsked, () => ({
          space: reader.varString(LONGEST.space),
          number: reader.varUint(),
          hash: readHash(reader),
        })),
      };
    case 'segment': {
      const flags = reader.varUint();
      const hash = readHash(reader);
      return { kind, more: (flags & 1) === 1, missing: (flags & MISSING) !== 0, hash, bytes: reader.rest() };
    }
  }
}

/** Everything behind the frame's type. */
export function writeSegmentFrame(encoder: encoding.Encoder, frame: SegmentFrame): void {
  const uint = (value: number): void => encoding.writeVarUint(encoder, value);
  const text = (value: string): void => encoding.writeVarString(encoder, value);
  const hash = (value: string): void => encoding.writeUint8Array(encoder, hashBytes(value));
  switch (frame.kind) {
    case 'followSegments':
      uint(frame.more ? 1 : 0);
      uint(frame.cursors.length);
      for (const { space, epoch, after, tag } of frame.cursors) {
        text(space);
        text(epoch);
        uint(after);
        hash(tag);
      }
      break;
    case 'segments':
      text(frame.space);
      uint(frame.reset ? 1 : 0);
      uint(frame.upTo);
      hash(frame.tag);
      uint(frame.entries.length);
      for (const entry of frame.entries) {
        uint(entry.number);
        text(entry.document);
        uint(entry.size);
        uint(entry.endedAt);
        hash(entry.hash);
      }
      break;
    case 'fetchSegments':
      uint(frame.wanted.length);
      for (const wanted of frame.wanted) {
        text(wanted.space);
        uint(wanted.number);
        hash(wanted.hash);
      }
      break;
    case 'segment':
      uint((frame.more ? 1 : 0) | (frame.missing ? MISSING : 0));
      hash(frame.hash);
      encoding.writeUint8Array(encoder, frame.bytes);
      break;
  }
}

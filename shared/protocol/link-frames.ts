// The frames of a link as values, their bytes, and a total decoder; PROTOCOL.md (section LF) has the rules.
import * as encoding from 'lib0/encoding';
import { encodeBatch, readBatch, type BatchFrame } from './batch-frames.ts';
import { readTotally, type ByteReader } from './byte-reader.ts';
import { ByteWriter, encodeVarUints, varUintSize } from './byte-writer.ts';
import { readCursorFrame, writeCursorFrame, type CursorFrame } from './cursor-frames.ts';
import { LONGEST, readFlag as flag, readList as list } from './frame-fields.ts';
import { LIMITS } from './limits.ts';
import { readLogFrame, writeLogFrame, type LogFrame } from './log-frames.ts';
import { readRelays, writeRelays, type RelaysFrame } from './relay-frames.ts';
import { readSegmentFrame, writeSegmentFrame, type SegmentFrame } from './segment-frames.ts';

/** Versions of the link protocol that this program speaks, best first. */
export const LINK_VERSIONS: readonly number[] = Object.freeze([1]);

export const LINK_FRAME = Object.freeze({
  hello: 0,
  open: 1,
  opened: 2,
  refused: 3,
  data: 4,
  ack: 5,
  mark: 6,
  close: 7,
  follow: 8,
  changes: 9,
  listed: 10,
  heartbeat: 11,
  followSegments: 12,
  segments: 13,
  fetchSegments: 14,
  segment: 15,
  holds: 16,
  holders: 17,
  batch: 20,
  relays: 21,
  log: 22,
});

/** What an end says in its hello that it understands beyond the frames of the first programs: bits of one number. */
export const FEATURE = Object.freeze({
  /** Frames 20: several frames in one message. */
  batch: 1,
  /** Frames 12 to 15: history. */
  segments: 2,
  /** Frames 16 and 17: who holds what. */
  holders: 4,
  /** Lists of changes with digests. */
  digests: 8,
  /** Frames 21: relays that hosts have in common. */
  relays: 16,
});

/** What every end understands; segments and holders depend on what a hub keeps. */
export const OUR_FEATURES: number = FEATURE.batch | FEATURE.digests | FEATURE.relays;

/** Bytes of a room's digest. */
const DIGEST = 16;

/** Where one end stands in the other's numbering of one space. */
export interface SpaceCursor {
  readonly space: string;
  readonly epoch: string;
  /** Everything the other end had up to here is here. */
  readonly after: number;
  /** The greatest number that the other end has named, in an `ack` or a `mark`; at least `after`. */
  readonly heard: number;
}

export interface DocumentChange {
  readonly document: string;
  readonly number: number;
  /** Of the room as it is here at this number or a later one; absent where it is not known. */
  readonly digest?: Uint8Array;
}

export type LinkFrame =
  | {
      readonly kind: 'hello';
      readonly versions: readonly number[];
      readonly hub: string;
      readonly epoch: string;
      readonly workspace: string;
      /** The device that speaks, as it claims; '' where there is none to name, and from older programs. */
      readonly device: string;
      /** Bits of FEATURE; 0 from older programs. */
      readonly features: number;
    }
  /**
   * `room` is `<space>/<document>`. A live channel stays open, goes first, and carries presence. `pull`: the opener has
   * nothing to hand over, so it need not be asked.
   */
  | {
      readonly kind: 'open';
      readonly channel: number;
      readonly live: boolean;
      readonly pull: boolean;
      readonly room: string;
    }
  | { readonly kind: 'opened'; readonly channel: number }
  /** Before `opened`: the room is not opened. After it: no more updates are taken; the channel stays for reading. */
  | { readonly kind: 'refused'; readonly channel: number; readonly code: number; readonly reason: string }
  /** A piece of one room message; `more`: the next piece follows in a later frame of the same channel. */
  | { readonly kind: 'data'; readonly channel: number; readonly more: boolean; readonly bytes: Uint8Array }
  /** `count` update messages of this channel are durable here; `number` is the room's change number here by then. */
  | { readonly kind: 'ack'; readonly channel: number; readonly count: number; readonly number: number }
  /** With what came before on this channel you hold this room up to change `number` of mine. */
  | { readonly kind: 'mark'; readonly channel: number; readonly number: number }
  | { readonly kind: 'close'; readonly channel: number; readonly code: number; readonly reason: string }
  /**
   * Tell me your changes after these cursors, and go on telling. `more`: further cursors follow in the next frame. The
   * list ends with `listed` carrying `request`; asked again, everything that is not told yet is told before `listed`.
   */
  | {
      readonly kind: 'follow';
      readonly request: number;
      readonly more: boolean;
      /** Lists should carry digests. */
      readonly digests: boolean;
      readonly cursors: readonly SpaceCursor[];
    }
  /** `reset`: the cursor given for this space means nothing here; the list begins at 0. */
  | {
      readonly kind: 'changes';
      readonly space: string;
      readonly reset: boolean;
      /** Once all of it is applied, the cursor is here. */
      readonly upTo: number;
      readonly entries: readonly DocumentChange[];
    }
  | { readonly kind: 'listed'; readonly request: number }
  | { readonly kind: 'heartbeat'; readonly wantsAnswer: boolean }
  | BatchFrame
  | RelaysFrame
  | LogFrame
  | SegmentFrame
  | CursorFrame
  /** A type that this version does not know; it is ignored. */
  | { readonly kind: 'unknown'; readonly type: number };

/** The frame, or null when it is malformed. Bytes behind the known fields are ignored; `data.bytes` is a view. */
export function decodeLinkFrame(message: Uint8Array): LinkFrame | null {
  return readTotally(message, readFrame);
}

function readFrame(reader: ByteReader): LinkFrame {
  const type = reader.varUint();
  switch (type) {
    case LINK_FRAME.hello:
      return {
        kind: 'hello',
        versions: list(reader, LIMITS.versionsNamed, () => reader.varUint()),
        hub: reader.varString(LONGEST.id),
        epoch: reader.varString(LONGEST.id),
        workspace: reader.varString(LONGEST.id),
        device: reader.left > 0 ? reader.varString(LONGEST.id) : '',
        features: reader.left > 0 ? reader.varUint() : 0,
      };
    case LINK_FRAME.open:
      return { kind: 'open', channel: reader.varUint(), ...openFlags(reader), room: reader.varString(LONGEST.room) };
    case LINK_FRAME.opened:
      return { kind: 'opened', channel: reader.varUint() };
    case LINK_FRAME.refused:
    case LINK_FRAME.close:
      return {
        kind: type === LINK_FRAME.close ? 'close' : 'refused',
        channel: reader.varUint(),
        code: reader.varUint(),
        reason: reader.varString(LONGEST.reason),
      };
    case LINK_FRAME.data:
      return { kind: 'data', channel: reader.varUint(), more: flag(reader), bytes: reader.rest() };
    case LINK_FRAME.ack:
      return { kind: 'ack', channel: reader.varUint(), count: reader.varUint(), number: reader.varUint() };
    case LINK_FRAME.mark:
      return { kind: 'mark', channel: reader.varUint(), number: reader.varUint() };
    case LINK_FRAME.follow:
      return {
        kind: 'follow',
        request: reader.varUint(),
        ...followFlags(reader),
        cursors: list(reader, LIMITS.spacesPerFrame, () => ({
          space: reader.varString(LONGEST.space),
          epoch: reader.varString(LONGEST.id),
          after: reader.varUint(),
          heard: reader.varUint(),
        })),
      };
    case LINK_FRAME.changes:
      return {
        kind: 'changes',
        space: reader.varString(LONGEST.space),
        reset: flag(reader),
        upTo: reader.varUint(),
        entries: readEntries(reader),
      };
    case LINK_FRAME.listed:
      return { kind: 'listed', request: reader.varUint() };
    case LINK_FRAME.heartbeat:
      return { kind: 'heartbeat', wantsAnswer: flag(reader) };
    case LINK_FRAME.batch:
      return readBatch(reader);
    case LINK_FRAME.relays:
      return readRelays(reader);
    case LINK_FRAME.log:
      return readLogFrame(reader);
    case LINK_FRAME.followSegments:
      return readSegmentFrame('followSegments', reader);
    case LINK_FRAME.segments:
      return readSegmentFrame('segments', reader);
    case LINK_FRAME.fetchSegments:
      return readSegmentFrame('fetchSegments', reader);
    case LINK_FRAME.segment:
      return readSegmentFrame('segment', reader);
    case LINK_FRAME.holds:
      return readCursorFrame('holds', reader);
    case LINK_FRAME.holders:
      return readCursorFrame('holders', reader);
    default:
      return { kind: 'unknown', type };
  }
}

const PULL = 2;
const DIGESTS = 2;

function followFlags(reader: ByteReader): { readonly more: boolean; readonly digests: boolean } {
  const flags = reader.varUint();
  return { more: (flags & 1) !== 0, digests: (flags & DIGESTS) !== 0 };
}

/** Digests stand behind the list, so that programs that do not know them read the list all the same. */
function readEntries(reader: ByteReader): readonly DocumentChange[] {
  const entries = list(reader, LIMITS.changesPerFrame, () => ({
    document: reader.varString(LONGEST.id),
    number: reader.varUint(),
  }));
  const digests = reader.left > 0 ? list(reader, entries.length, () => reader.varBytes()) : [];
  return entries.map((entry, at) => {
    const digest = digests[at];
    return digest?.length === DIGEST ? { ...entry, digest: new Uint8Array(digest) } : entry;
  });
}

function writeDigests(encoder: encoding.Encoder, entries: readonly DocumentChange[]): void {
  if (entries.every(({ digest }) => !digest)) return;
  encoding.writeVarUint(encoder, entries.length);
  for (const { digest } of entries) encoding.writeVarUint8Array(encoder, digest ?? new Uint8Array());
}

function openFlags(reader: ByteReader): { readonly live: boolean; readonly pull: boolean } {
  const flags = reader.varUint();
  return { live: (flags & 1) !== 0, pull: (flags & PULL) !== 0 };
}

/** What stands before the bytes of a `data` frame. */
export function encodeDataHead(channel: number, more: boolean): Uint8Array {
  return encodeVarUints(LINK_FRAME.data, channel, more ? 1 : 0);
}

/** The bytes of a frame that this version knows. */
export function encodeLinkFrame(frame: Exclude<LinkFrame, { kind: 'unknown' }>): Uint8Array {
  const type = LINK_FRAME[frame.kind];
  // Those that come by the thousand.
  switch (frame.kind) {
    case 'data': {
      const { channel, more, bytes } = frame;
      const writer = new ByteWriter(varUintSize(type) + varUintSize(channel) + 1 + bytes.length);
      return writer
        .varUint(type)
        .varUint(channel)
        .varUint(more ? 1 : 0)
        .bytes(bytes)
        .done();
    }
    case 'batch':
      return encodeBatch(type, frame);
    case 'ack':
      return encodeVarUints(type, frame.channel, frame.count, frame.number);
    case 'mark':
      return encodeVarUints(type, frame.channel, frame.number);
    case 'opened':
      return encodeVarUints(type, frame.channel);
    default:
      return encodeSeldom(frame);
  }
}

function encodeSeldom(
  frame: Exclude<LinkFrame, { kind: 'unknown' | 'data' | 'batch' | 'ack' | 'mark' | 'opened' }>,
): Uint8Array {
  const encoder = encoding.createEncoder();
  const uint = (value: number): void => encoding.writeVarUint(encoder, value);
  const text = (value: string): void => encoding.writeVarString(encoder, value);
  uint(LINK_FRAME[frame.kind]);
  switch (frame.kind) {
    case 'hello':
      uint(frame.versions.length);
      frame.versions.forEach(uint);
      text(frame.hub);
      text(frame.epoch);
      text(frame.workspace);
      text(frame.device);
      uint(frame.features);
      break;
    case 'open':
      uint(frame.channel);
      uint((frame.live ? 1 : 0) | (frame.pull ? PULL : 0));
      text(frame.room);
      break;
    case 'refused':
    case 'close':
      uint(frame.channel);
      uint(frame.code);
      text(shortened(frame.reason));
      break;
    case 'follow':
      uint(frame.request);
      uint((frame.more ? 1 : 0) | (frame.digests ? DIGESTS : 0));
      uint(frame.cursors.length);
      for (const cursor of frame.cursors) {
        text(cursor.space);
        text(cursor.epoch);
        uint(cursor.after);
        uint(cursor.heard);
      }
      break;
    case 'changes':
      text(frame.space);
      uint(frame.reset ? 1 : 0);
      uint(frame.upTo);
      uint(frame.entries.length);
      for (const entry of frame.entries) {
        text(entry.document);
        uint(entry.number);
      }
      writeDigests(encoder, frame.entries);
      break;
    case 'listed':
      uint(frame.request);
      break;
    case 'heartbeat':
      uint(frame.wantsAnswer ? 1 : 0);
      break;
    case 'relays':
      writeRelays(encoder, frame);
      break;
    case 'log':
      writeLogFrame(encoder, frame);
      break;
    case 'followSegments':
    case 'segments':
    case 'fetchSegments':
    case 'segment':
      writeSegmentFrame(encoder, frame);
      break;
    case 'holds':
    case 'holders':
      writeCursorFrame(encoder, frame);
      break;
  }
  return encoding.toUint8Array(encoder);
}

/** A reason that fits: at most 160 characters, so that no UTF-8 form exceeds the limit; no character is cut in two. */
function shortened(reason: string): string {
  return reason.length <= 160 ? reason : `${reason.slice(0, 157).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

/** The best version that both ends speak, or null. */
export function commonVersion(theirs: readonly number[], ours: readonly number[] = LINK_VERSIONS): number | null {
  return ours.find((version) => theirs.includes(version)) ?? null;
}

// A segment of history as bytes, rules SG1 to SG4 and SG14 of docs/storage.md: encoding and total decoding. It signs, stores and trusts nothing.
import * as encoding from 'lib0/encoding';
import { Malformed, readTotally, type ByteReader } from '../../protocol/byte-reader.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import { knownPartOf, writeKnownPart, type KnownAt } from './known-at.ts';

/** One update as it came. */
export interface TimedUpdate {
  /** Milliseconds since the epoch, by the clock of the hub that recorded it; never falls within a segment. */
  readonly at: number;
  /** Yjs update v1, as its author sent it. */
  readonly update: Uint8Array;
}

/** What a segment says of itself. */
export interface SegmentHead {
  /**
   * True: no session, but what a room held (SG14): one update, nobody's. From `startedAt` on the states of the room can be told
   * with it; `endedAt` is when it was made.
   */
  readonly base: boolean;
  readonly room: string;
  /** Who sat at the session, as far as the connection proved it; '' where nothing was proved. */
  readonly device: string;
  readonly member: string;
  /** The raw Ed25519 public key (32 bytes) of the hub that recorded and signed it. */
  readonly signer: Uint8Array;
  /** Of its first and last update. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Yjs clients that wrote in it, rising. */
  readonly clients: readonly number[];
}

export interface SegmentContent extends SegmentHead {
  readonly updates: readonly TimedUpdate[];
  /** What its hub had of the room meanwhile (SG20); left out where that is not known. */
  readonly known?: readonly KnownAt[];
}

export interface DecodedSegment extends SegmentHead {
  readonly updates: readonly TimedUpdate[];
  /** As bytes (decodeKnown()), a view; empty where nothing is said. */
  readonly known: Uint8Array;
  /** What the signature covers: everything before it. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

const VERSION = 1;
/** Versions that know no bases read past it: to them it is a segment of a version that they do not know. */
const BASE_VERSION = 2;
const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** Everything but the signature. */
export function encodeSegmentBody(content: SegmentContent): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, content.base ? BASE_VERSION : VERSION);
  encoding.writeVarString(encoder, content.room);
  encoding.writeVarString(encoder, content.device);
  encoding.writeVarString(encoder, content.member);
  encoding.writeUint8Array(encoder, content.signer);
  encoding.writeVarUint(encoder, content.startedAt);
  encoding.writeVarUint(encoder, content.clients.length);
  for (const client of content.clients) encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, content.updates.length);
  let before = content.startedAt;
  for (const { at, update } of content.updates) {
    encoding.writeVarUint(encoder, at - before);
    encoding.writeVarUint8Array(encoder, update);
    before = at;
  }
  writeKnownPart(encoder, content.known ?? []);
  return encoding.toUint8Array(encoder);
}

export function joinSignature(body: Uint8Array, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + signature.length);
  bytes.set(body);
  bytes.set(signature, body.length);
  return bytes;
}

/**
 * The segment, or null for bytes that are none, or of a version that is not known here. Updates are views into `bytes` and are
 * not looked into: whoever applies them treats them as hostile. What else stands behind the last update is ignored (rule SG3).
 */
export function decodeSegment(bytes: Uint8Array): DecodedSegment | null {
  if (bytes.length > LIMITS.segment || bytes.length < SIGNATURE_LENGTH) return null;
  const signed = bytes.subarray(0, bytes.length - SIGNATURE_LENGTH);
  const signature = bytes.subarray(bytes.length - SIGNATURE_LENGTH);
  const content = readTotally(signed, readContent);
  return content && { ...content, signed, signature };
}

function readContent(reader: ByteReader): Omit<DecodedSegment, 'signed' | 'signature'> {
  const version = reader.varUint();
  if (version !== VERSION && version !== BASE_VERSION) throw new Malformed('a segment of another version');
  const base = version === BASE_VERSION;
  const room = reader.varString(200);
  if (!parseRoomName(room)) throw new Malformed('a segment of no room');
  const device = reader.varString(LIMITS.idText);
  const member = reader.varString(LIMITS.idText);
  const signer = new Uint8Array(reader.bytes(KEY_LENGTH));
  const startedAt = reader.varUint();
  const clients = readList(reader, LIMITS.segmentClients, () => reader.varUint());
  let at = startedAt;
  const updates = readList(reader, LIMITS.segmentUpdates, () => {
    at += reader.varUint();
    if (!Number.isSafeInteger(at)) throw new Malformed('a time beyond all time');
    return { at, update: reader.varBytes() };
  });
  if (updates.length === 0) throw new Malformed('a segment of nothing');
  if (base && updates.length > 1) throw new Malformed('a base is one update');
  const known = knownPartOf(reader.rest());
  return { base, room, device, member, signer, startedAt, endedAt: at, clients, updates, known };
}

function readList<T>(reader: ByteReader, most: number, read: () => T): T[] {
  const length = reader.varUint();
  // Each takes a byte at least: a forged length asks for no memory.
  if (length > most || length > reader.left) throw new Malformed('a list is too long');
  return Array.from({ length }, read);
}

// What a bundle says inside its seal, as entries one behind the other; encoding, and a total reading that never holds more than one. Rule BU6. It trusts nothing of it.
import * as encoding from 'lib0/encoding';
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import { isBlobName } from '../../../shared/base/blob-name.ts';
import { RECORD_LIMIT } from '../../../shared/access/record-codec.ts';
import { LOG_LIMIT } from '../../../shared/access/membership-log.ts';
import { Malformed, readTotally, type ByteReader } from '../../../shared/protocol/byte-reader.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { bundleTarget } from '../../contract/bundles.ts';
import { parseJson } from '../data-folder.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';

const id = z.string().min(1).max(64);

const about = z.object({
  v: z.literal(1),
  workspace: id,
  /** The device that signs, and its hub. */
  writer: id,
  hub: id,
  /** Milliseconds since the epoch, by its clock. */
  at: z.int().min(0),
  to: bundleTarget,
  /** How many of the records are in order, and the signed word for that; '' where there is none. */
  ordered: z.int().min(0).max(LOG_LIMIT),
  word: z.string().max(2_048),
  /** Whether what the others are known to have was left out. */
  since: z.boolean(),
});
export type BundleAbout = Readonly<z.output<typeof about>>;

/** What the writer has of a document; `update`: what of it goes along, or null. */
export interface RoomPart {
  readonly room: string;
  /** As RoomDigest: equal ones mean equal content. */
  readonly digest: Uint8Array;
  readonly vector: Uint8Array;
  /** The first SITTING bytes of the hash of each sitting that it has of the document. */
  readonly sittings: readonly string[];
  readonly update: Uint8Array | null;
}

export type Entry =
  | { readonly kind: 'about'; readonly about: BundleAbout }
  | { readonly kind: 'record'; readonly text: string }
  | { readonly kind: 'room'; readonly part: RoomPart }
  | { readonly kind: 'segment'; readonly room: string; readonly hash: string; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly blob: string; readonly size: number; readonly spaces: readonly string[] }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly signature: Uint8Array };

const ABOUT = 1;
const RECORD = 2;
const ROOM = 3;
const SEGMENT = 4;
const BLOB = 5;
const PIECE = 6;
const END = 9;
export const DIGEST = 16;
const SIGNATURE = 64;
/** Bytes of a sitting's hash by which it is known: 2^32 sittings of one document before two are alike. */
const SITTING = 8;

const LONGEST: ReadonlyMap<number, number> = new Map([
  [ABOUT, BUNDLE_LIMITS.about],
  [RECORD, RECORD_LIMIT],
  [ROOM, BUNDLE_LIMITS.entry],
  [SEGMENT, LIMITS.segment + 1024],
  [BLOB, 128 * BUNDLE_LIMITS.spaces],
  [PIECE, BUNDLE_LIMITS.chunk],
  [END, SIGNATURE],
]);

/** How a sitting is named in a bundle. */
export function sittingName(hash: string): string {
  return hash.slice(0, 2 * SITTING);
}

/** @param workspace the bundle's: rooms are named without it. */
export function encodeEntry(entry: Entry, workspace: string): Uint8Array {
  const [type, content] = contentOf(entry, workspace);
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, type);
  encoding.writeVarUint(encoder, content.length);
  return new Uint8Array(Buffer.concat([encoding.toUint8Array(encoder), content]));
}

function contentOf(entry: Entry, workspace: string): readonly [number, Uint8Array] {
  const encoder = encoding.createEncoder();
  const place = (room: string): void => encoding.writeVarString(encoder, room.slice(workspace.length + 1));
  switch (entry.kind) {
    case 'about':
      return [ABOUT, utf8(JSON.stringify(entry.about))];
    case 'record':
      return [RECORD, utf8(entry.text)];
    case 'room': {
      const { room, digest, vector, sittings, update } = entry.part;
      place(room);
      encoding.writeUint8Array(encoder, digest);
      encoding.writeVarUint8Array(encoder, vector);
      encoding.writeVarUint(encoder, sittings.length);
      for (const one of sittings) encoding.writeUint8Array(encoder, Buffer.from(one, 'hex'));
      encoding.writeVarUint(encoder, update ? 1 : 0);
      if (update) encoding.writeUint8Array(encoder, update);
      return [ROOM, encoding.toUint8Array(encoder)];
    }
    case 'segment':
      place(entry.room);
      encoding.writeUint8Array(encoder, Buffer.from(entry.hash, 'hex'));
      encoding.writeUint8Array(encoder, entry.bytes);
      return [SEGMENT, encoding.toUint8Array(encoder)];
    case 'blob':
      encoding.writeUint8Array(encoder, Buffer.from(entry.blob, 'hex'));
      encoding.writeVarUint(encoder, entry.size);
      encoding.writeVarUint(encoder, entry.spaces.length);
      for (const space of entry.spaces) encoding.writeVarString(encoder, space);
      return [BLOB, encoding.toUint8Array(encoder)];
    case 'piece':
      return [PIECE, entry.bytes];
    case 'end':
      return [END, entry.signature];
  }
}

export interface PlacedEntry {
  readonly entry: Entry;
  /** All the bytes that it takes. */
  readonly raw: Uint8Array;
}

/**
 * The entries, in their order, with the bytes of each; null, once, instead of the first thing that is not as it must be: a kind
 * that is not known or out of its turn, a length beyond its bound, too many, an end that is missing or has something behind it.
 */
export async function* readEntries(
  pieces: AsyncIterable<Uint8Array | null>,
  workspace: string,
): AsyncGenerator<PlacedEntry | null> {
  const held = new Held(pieces);
  const turns = new Turns();
  for (;;) {
    const front = await held.front();
    if (front === 'end') {
      // Whatever came last was not the end.
      if (!turns.isOver) yield null;
      return;
    }
    const longest = front ? LONGEST.get(front.type) : undefined;
    if (!front || longest === undefined || front.length > longest || turns.isOver) return yield null;
    const raw = await held.take(front.size + front.length);
    const entry = raw && readTotally(raw.subarray(front.size), (reader) => readContent(front.type, reader, workspace));
    if (!raw || !entry || !turns.takes(entry)) return yield null;
    yield { entry, raw };
  }
}

/** Bytes that came and were not used yet. */
class Held {
  readonly #pieces: AsyncIterator<Uint8Array | null>;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(pieces: AsyncIterable<Uint8Array | null>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Type, length and size of what stands in front of an entry; null where it cannot be read. */
  async front(): Promise<{ type: number; length: number; size: number } | 'end' | null> {
    for (;;) {
      const first = this.#joined();
      // A number beyond all bounds is none, however many bytes follow.
      const read =
        first.length === 0
          ? null
          : readTotally(first.subarray(0, 9), (reader) => {
              const type = reader.byte();
              const length = reader.varUint();
              return { type, length, size: reader.at };
            });
      if (read) return read;
      if (first.length >= 9) return null;
      const more = await this.#more();
      if (more === 'end') return first.length === 0 ? 'end' : null;
      if (more === null) return null;
    }
  }

  /** The next bytes, in a buffer of their own; null where there are not so many. */
  async take(count: number): Promise<Uint8Array | null> {
    while (this.#length < count) {
      const more = await this.#more();
      if (more === 'end' || more === null) return null;
    }
    const all = this.#joined();
    const taken = all.slice(0, count);
    this.#parts = [all.subarray(count)];
    this.#length -= count;
    return taken;
  }

  #joined(): Uint8Array {
    if (this.#parts.length > 1) this.#parts = [new Uint8Array(Buffer.concat(this.#parts))];
    return this.#parts[0] ?? new Uint8Array();
  }

  async #more(): Promise<'more' | 'end' | null> {
    const { done, value } = await this.#pieces.next();
    if (done) return 'end';
    if (value === null) return null;
    this.#parts.push(value);
    this.#length += value.length;
    return 'more';
  }
}

/** Which entry may follow which, and how many there may be. */
class Turns {
  #last = 0;
  #entries = 0;
  #records = 0;
  #recordBytes = 0;
  #blobs = 0;
  /** Bytes of the attachment under way that are still to come. */
  #left = 0;
  readonly #rooms = new Set<string>();
  isOver = false;

  takes(entry: Entry): boolean {
    this.#entries += 1;
    if (this.#entries > BUNDLE_LIMITS.entries) return false;
    const turn = { about: ABOUT, record: RECORD, room: ROOM, segment: SEGMENT, blob: BLOB, piece: BLOB, end: END }[
      entry.kind
    ];
    if (
      turn < this.#last ||
      (this.#last === 0) !== (entry.kind === 'about') ||
      (turn === ABOUT && this.#last === ABOUT)
    ) {
      return false;
    }
    this.#last = turn;
    if (entry.kind !== 'piece' && this.#left > 0) return false;
    switch (entry.kind) {
      case 'about':
      case 'segment':
        return true;
      case 'record':
        this.#recordBytes += entry.text.length;
        return (this.#records += 1) <= LOG_LIMIT && this.#recordBytes <= BUNDLE_LIMITS.records;
      case 'room':
        if (this.#rooms.has(entry.part.room)) return false;
        this.#rooms.add(entry.part.room);
        return this.#rooms.size <= BUNDLE_LIMITS.rooms;
      case 'blob':
        this.#left = entry.size;
        return (this.#blobs += 1) <= BUNDLE_LIMITS.blobs;
      case 'piece':
        this.#left -= entry.bytes.length;
        return entry.bytes.length > 0 && this.#left >= 0;
      case 'end':
        this.isOver = true;
        return true;
    }
  }
}

function readContent(type: number, reader: ByteReader, workspace: string): Entry {
  const roomOf = (): string => {
    const room = `${workspace}/${reader.varString(140)}`;
    if (!parseRoomName(room)) throw new Malformed('no room');
    return room;
  };
  switch (type) {
    case ABOUT: {
      const read = about.safeParse(parseJson(fromUtf8(reader.rest()) ?? ''));
      if (!read.success || read.data.workspace !== workspace) throw new Malformed('it does not say what it is');
      return { kind: 'about', about: read.data };
    }
    case RECORD: {
      const text = fromUtf8(reader.rest());
      if (text === null) throw new Malformed('a record is not text');
      return { kind: 'record', text };
    }
    case ROOM: {
      const room = roomOf();
      const digest = reader.bytes(DIGEST);
      const vector = reader.varBytes();
      if (vector.length > BUNDLE_LIMITS.vector) throw new Malformed('a state vector is too long');
      const count = reader.varUint();
      if (count > BUNDLE_LIMITS.sittings) throw new Malformed('too many sittings');
      const sittings: string[] = [];
      for (let at = 0; at < count; at += 1) sittings.push(Buffer.from(reader.bytes(SITTING)).toString('hex'));
      const has = reader.varUint();
      if (has > 1 || (has === 0 && reader.left > 0)) throw new Malformed('neither with an update nor without');
      return { kind: 'room', part: { room, digest, vector, sittings, update: has === 1 ? reader.rest() : null } };
    }
    case SEGMENT: {
      const room = roomOf();
      const hash = Buffer.from(reader.bytes(32)).toString('hex');
      return { kind: 'segment', room, hash, bytes: reader.rest() };
    }
    case BLOB: {
      const blob = Buffer.from(reader.bytes(32)).toString('hex');
      const size = reader.varUint();
      if (size > LIMITS.blob || !isBlobName(blob)) throw new Malformed('an attachment is too large');
      const count = reader.varUint();
      if (count < 1 || count > BUNDLE_LIMITS.spaces) throw new Malformed('an attachment of no space, or of too many');
      const spaces: string[] = [];
      for (let at = 0; at < count; at += 1) {
        const space = reader.varString(66);
        if (!parseRoomName(`${workspace}/${space}/any`)) throw new Malformed('no space');
        spaces.push(space);
      }
      if (reader.left > 0) throw new Malformed('something behind an attachment');
      return { kind: 'blob', blob, size, spaces };
    }
    case PIECE:
      return { kind: 'piece', bytes: reader.rest() };
    default: {
      const signature = reader.rest();
      if (signature.length !== SIGNATURE) throw new Malformed('no signature');
      return { kind: 'end', signature };
    }
  }
}

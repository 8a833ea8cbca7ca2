// Keys and records of history in the LevelDB store, rules ST9 to ST11 of docs/storage.md; encoding only, no IO.
import * as encoding from 'lib0/encoding';
import type { SpaceHistory } from '../hub/segment-rows.ts';
import type { SegmentRef } from '../link/segment-source.ts';
import { readTotally } from '../protocol/byte-reader.ts';
import { damagedAt } from './checksummed.ts';
import { sortable } from './store-records.ts';

export const SEGMENT_KEYS = Object.freeze({
  bytes: (room: string, hash: string): string => `g!${room}!${hash}`,
  index: (space: string, number: number): string => `i!${space}!${sortable(number)}`,
  place: (workspace: string, hash: string): string => `j!${workspace}!${hash}`,
  space: (space: string): string => `k!${space}`,
});

export type IndexedSegment = Omit<SegmentRef, 'number'>;

/** Where the bytes of a segment lie and under which number it is listed. */
export interface SegmentPlace {
  readonly room: string;
  readonly number: number;
}

export function encodeIndexed({ hash, room, size, endedAt }: IndexedSegment): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, hash);
  encoding.writeVarString(encoder, room);
  encoding.writeVarUint(encoder, size);
  encoding.writeVarUint(encoder, endedAt);
  return encoding.toUint8Array(encoder);
}

export function decodeIndexed(key: string, bytes: Uint8Array): IndexedSegment {
  const read = readTotally(bytes, (reader) => ({
    hash: reader.varString(64),
    room: reader.varString(200),
    size: reader.varUint(),
    endedAt: reader.varUint(),
  }));
  return read ?? unreadable(key);
}

/** The number at the end of an index key. */
export function numberOfIndex(key: string): number {
  return Number.parseInt(key.slice(key.lastIndexOf('!') + 1), 16);
}

export function encodePlace({ room, number }: SegmentPlace): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, room);
  encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}

export function decodePlace(key: string, bytes: Uint8Array): SegmentPlace {
  const read = readTotally(bytes, (reader) => ({ room: reader.varString(200), number: reader.varUint() }));
  return read ?? unreadable(key);
}

export function encodeSpaceHistory({ number, count, bytes, removedUntil }: SpaceHistory): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of [number, count, bytes, removedUntil]) encoding.writeVarUint(encoder, value);
  return encoding.toUint8Array(encoder);
}

export function decodeSpaceHistory(key: string, bytes: Uint8Array): SpaceHistory {
  const read = readTotally(bytes, (reader) => ({
    number: reader.varUint(),
    count: reader.varUint(),
    bytes: reader.varUint(),
    removedUntil: reader.varUint(),
  }));
  return read ?? unreadable(key);
}

function unreadable(key: string): never {
  throw damagedAt(key, 'it cannot be decoded');
}

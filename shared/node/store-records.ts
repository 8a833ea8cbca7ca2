// Keys and records of the LevelDB store, rules ST3 to ST8 of docs/storage.md; encoding only, no IO.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { AppError } from '../base/app-error.ts';
import { encodeVarUints } from '../protocol/byte-writer.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import type { RoomState } from '../hub/doc-store.ts';
import type { EpochRecord } from '../hub/epoch-history.ts';
import { damagedAt } from './checksummed.ts';

/** Where a room stands. Its tail is the entries `first` (inclusive) to `next` (exclusive). */
export interface RoomRecord {
  /** The number of its newest change in its space; 0: never stored. */
  readonly number: number;
  /** Changes ever counted for it: the sum over a space's rooms is the space's number (rule CO2). */
  readonly appends: number;
  readonly first: number;
  readonly next: number;
  readonly hasState: boolean;
}

export interface SpaceRecord {
  readonly number: number;
  readonly rooms: number;
  /** Changes of rooms that were purged: they are counted in `number` and in no room (rule PU2). */
  readonly gone: number;
}

export const NO_ROOM: RoomRecord = Object.freeze({ number: 0, appends: 0, first: 0, next: 0, hasState: false });
export const NO_SPACE: SpaceRecord = Object.freeze({ number: 0, rooms: 0, gone: 0 });

/** '!' sorts below every character of an id, so that no name is a prefix of another's range. */
export const KEYS = Object.freeze({
  hub: 'h!hub',
  /** The id before a copied or restored store took a new one (rule ID2). */
  hubBefore: 'h!before',
  epoch: (index: number): string => `e!${sortable(index)}`,
  space: (space: string): string => `s!${space}`,
  change: (space: string, number: number): string => `c!${space}!${sortable(number)}`,
  room: (room: string): string => `r!${room}`,
  state: (room: string): string => `d!${room}`,
  tail: (room: string, sequence: number): string => `t!${room}!${sortable(sequence)}`,
  value: (area: string, key: string): string => `v!${area}!${key}`,
});

/** A key's range: everything that begins with `prefix`, which ends in a character of an id, '!' or '/'. */
export function rangeOf(prefix: string): { readonly gte: string; readonly lt: string } {
  const last = prefix.charCodeAt(prefix.length - 1);
  return { gte: prefix, lt: prefix.slice(0, -1) + String.fromCharCode(last + 1) };
}

/** `<workspace>/<space>` of a room; throws `bad-input` for what is not a room's name. */
export function spaceOfRoom(room: string): string {
  const address = parseRoomName(room);
  if (!address)
    throw new AppError('bad-input', 'This is not a room’s name. Nothing was stored.', { details: { room } });
  return `${address.workspace}/${address.space}`;
}

export function encodeRoomRecord(record: RoomRecord): Uint8Array {
  return encodeVarUints(record.number, record.appends, record.first, record.next, record.hasState ? 1 : 0);
}

export function decodeRoomRecord(key: string, bytes: Uint8Array): RoomRecord {
  const [number, appends, first, next, hasState] = decodeNumbers(key, bytes, 5);
  return { number: number ?? 0, appends: appends ?? 0, first: first ?? 0, next: next ?? 0, hasState: hasState === 1 };
}

export function encodeSpaceRecord(record: SpaceRecord): Uint8Array {
  // Left out while nothing was purged: such a record is the one that earlier versions write and read.
  return encodeVarUints(record.number, record.rooms, ...(record.gone > 0 ? [record.gone] : []));
}

export function decodeSpaceRecord(key: string, bytes: Uint8Array): SpaceRecord {
  return orDamaged(key, () => {
    const decoder = decoding.createDecoder(bytes);
    const [number, rooms] = [decoding.readVarUint(decoder), decoding.readVarUint(decoder)];
    return { number, rooms, gone: decoding.hasContent(decoder) ? decoding.readVarUint(decoder) : 0 };
  });
}

export function encodeRoomState(state: RoomState): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint8Array(encoder, state.stateVector);
  encoding.writeVarUint8Array(encoder, state.deleteSet);
  encoding.writeVarUint8Array(encoder, state.update);
  return encoding.toUint8Array(encoder);
}

export function decodeRoomState(key: string, bytes: Uint8Array): RoomState {
  return orDamaged(key, () => {
    const decoder = decoding.createDecoder(bytes);
    const stateVector = decoding.readVarUint8Array(decoder);
    const deleteSet = decoding.readVarUint8Array(decoder);
    const update = decoding.readVarUint8Array(decoder);
    return { stateVector, deleteSet, update };
  });
}

export function encodeEpoch(record: EpochRecord): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, record.epoch);
  const began = Object.entries(record.began);
  encoding.writeVarUint(encoder, began.length);
  for (const [space, number] of began) {
    encoding.writeVarString(encoder, space);
    encoding.writeVarUint(encoder, number);
  }
  return encoding.toUint8Array(encoder);
}

export function decodeEpoch(key: string, bytes: Uint8Array): EpochRecord {
  return orDamaged(key, () => {
    const decoder = decoding.createDecoder(bytes);
    const epoch = decoding.readVarString(decoder);
    const began: Record<string, number> = {};
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const space = decoding.readVarString(decoder);
      began[space] = decoding.readVarUint(decoder);
    }
    return { epoch, began };
  });
}

function decodeNumbers(key: string, bytes: Uint8Array, count: number): readonly number[] {
  return orDamaged(key, () => {
    const decoder = decoding.createDecoder(bytes);
    return Array.from({ length: count }, () => decoding.readVarUint(decoder));
  });
}

function orDamaged<T>(key: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    // lib0 throws plain errors of several kinds for a short read; all of them mean the same here.
    throw Object.assign(damagedAt(key, 'it cannot be decoded'), { cause });
  }
}

/** Numbers as text that sorts like numbers: 14 hexadecimal digits hold every safe integer. */
export function sortable(number: number): string {
  return number.toString(16).padStart(14, '0');
}

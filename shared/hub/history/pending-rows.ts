// What an open editing session has written so far, as rows beside its appends (docs/storage.md, rule SG6). Encoding and decoding only.
import * as encoding from 'lib0/encoding';
import { Malformed, readTotally } from '../../protocol/byte-reader.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import type { FreshValue, ValueWrite } from '../value-store.ts';
import { readKnown, writeKnown, type KnownAt } from './known-at.ts';
import type { TimedUpdate } from './segment.ts';

export const PENDING_AREA = 'history-pending';
const VERSION = 1;

export interface PendingAuthor {
  /** '' where nothing was proved. */
  readonly device: string;
  readonly member: string;
}

export interface PendingRow extends PendingAuthor {
  readonly updates: readonly TimedUpdate[];
  /** What the hub had of the room as these came (SG20), `from` counted within the session. */
  readonly known: readonly KnownAt[];
}

/** `<room>/<session>/`: what all rows of one session begin with. */
export function pendingPrefix(room: string, session: string): string {
  return `${room}/${session}/`;
}

export function pendingRow(prefix: string, number: number, row: PendingRow): FreshValue {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, VERSION);
  encoding.writeVarString(encoder, row.device);
  encoding.writeVarString(encoder, row.member);
  encoding.writeVarUint(encoder, row.updates.length);
  for (const { at, update } of row.updates) {
    encoding.writeVarUint(encoder, at);
    encoding.writeVarUint8Array(encoder, update);
  }
  if (row.known.length > 0) writeKnown(encoder, row.known);
  const key = prefix + number.toString(16).padStart(8, '0');
  return { area: PENDING_AREA, key, value: encoding.toUint8Array(encoder) };
}

/** The session that a row belongs to, or null for a key that is none of ours. */
export function prefixOfPending(key: string): string | null {
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  return roomOfPending(prefix) === null ? null : prefix;
}

export function roomOfPending(prefix: string): string | null {
  const room = prefix.split('/').slice(0, 3).join('/');
  return parseRoomName(room) && prefix.split('/').length === 5 ? room : null;
}

/** Null for what no version up to this one wrote. */
export function readPendingRow(value: Uint8Array): PendingRow | null {
  return readTotally(value, (reader) => {
    if (reader.varUint() !== VERSION) throw new Malformed('a row of another version');
    const device = reader.varString(64);
    const member = reader.varString(64);
    const updates: TimedUpdate[] = [];
    for (let left = reader.varUint(); left > 0; left -= 1) {
      updates.push({ at: reader.varUint(), update: reader.varBytes() });
    }
    // Rows of earlier versions end here.
    return { device, member, updates, known: reader.left > 0 ? readKnown(reader) : [] };
  });
}

/** Removes the rows once a segment stands for them. */
export function removalsOf(keys: readonly string[]): readonly ValueWrite[] {
  return keys.map((key) => ({ area: PENDING_AREA, key, value: null }));
}

// What one group commit will write: records as they will be, and the writes that make them so. It performs no IO.
import { AppError } from '../base/app-error.ts';
import type { Appended, RoomState } from '../hub/doc-store.ts';
import type { FreshValue } from '../hub/value-store.ts';
import type { SpaceHistory } from '../hub/segment-rows.ts';
import type { Change } from '../link/room-source.ts';
import { damagedAt, seal } from './checksummed.ts';
import type { Write } from './level-database.ts';
import { SegmentPlan } from './segment-plan.ts';
import {
  encodeRoomRecord,
  encodeRoomState,
  encodeSpaceRecord,
  KEYS,
  NO_ROOM,
  NO_SPACE,
  spaceOfRoom,
  type RoomRecord,
  type SpaceRecord,
} from './store-records.ts';
import type { Before } from './view-before.ts';

export interface RecordChange<T> {
  readonly before: T;
  readonly after: T;
}

/** The store before the plan. */
export interface StoreNow {
  readonly room: (room: string) => RoomRecord;
  readonly space: (space: string) => SpaceRecord;
  readonly history: (space: string) => SpaceHistory;
  /** Whether a key that a job named among its reads is there. */
  readonly isThere: (key: string) => boolean;
}

/**
 * Collects the jobs of one batch. Two appends to one room leave one index entry (rule NU1), since records are written
 * once, at the end, from where they stood before to where they stand after.
 */
export class WritePlan {
  readonly rooms = new Map<string, RecordChange<RoomRecord>>();
  readonly spaces = new Map<string, RecordChange<SpaceRecord>>();
  readonly segments: SegmentPlan;
  #writes: Write[] = [];
  /** Values that are taken back with this plan, and what they held before it; undefined: not read yet. */
  readonly #values = new Map<string, Uint8Array | null | undefined>();
  readonly #roomNow: (room: string) => RoomRecord;
  readonly #spaceNow: (space: string) => SpaceRecord;

  constructor(now: StoreNow) {
    this.#roomNow = now.room;
    this.#spaceNow = now.space;
    this.segments = new SegmentPlan(now.history, now.isThere);
  }

  put(key: string, bytes: Uint8Array): void {
    this.#writes.push({ type: 'put', key, value: seal(key, bytes) });
  }

  delete(key: string): void {
    this.#writes.push({ type: 'del', key });
  }

  append(room: string, update: Uint8Array, alongside: readonly FreshValue[] = []): Appended {
    const spaceName = spaceOfRoom(room);
    const record = this.#room(room);
    const space = this.#space(spaceName);
    const number = space.number + 1;
    this.put(KEYS.tail(room, record.next), update);
    for (const { area, key, value } of alongside) {
      const valueKey = KEYS.value(area, key);
      this.put(valueKey, value);
      // Never used before.
      this.#values.set(valueKey, null);
    }
    this.#setSpace(spaceName, { ...space, number, rooms: space.rooms + (record.number === 0 ? 1 : 0) });
    this.#setRoom(room, { ...record, number, appends: record.appends + 1, next: record.next + 1 });
    return { number, place: record.next };
  }

  /** Rule VA2: a value that is taken back where this plan is rejected and arrives after all. */
  setValue(key: string, bytes: Uint8Array | null): void {
    if (bytes) this.put(key, bytes);
    else this.delete(key);
    if (!this.#values.has(key)) this.#values.set(key, undefined);
  }

  /** What was merged is named by where it ends (rule RO3): a count would mean other updates where a rejected merge had arrived. */
  compact(room: string, through: number, state: RoomState, kept: readonly Uint8Array[]): void {
    const record = this.#room(room);
    const first = through - kept.length;
    if (through > record.next || record.number === 0) {
      throw damagedAt(KEYS.room(room), 'it has fewer updates than were merged');
    }
    if (first < record.first) {
      throw new AppError('internal', 'More of this document is merged already. Nothing was changed.', {
        details: { room },
      });
    }
    for (let sequence = record.first; sequence < first; sequence += 1) this.delete(KEYS.tail(room, sequence));
    for (const [at, update] of kept.entries()) this.put(KEYS.tail(room, first + at), update);
    this.put(KEYS.state(room), encodeRoomState(state));
    this.#setRoom(room, { ...record, first, hasState: true });
  }

  /**
   * Rule PU1: the room with all its updates is gone; its number is not given again. In a batch of its own: it is not taken
   * back where that batch is rejected and reached the disk after all, since nobody can bring the updates back.
   */
  purge(room: string): void {
    const record = this.#room(room);
    if (record.number === NO_ROOM.number) return;
    const spaceName = spaceOfRoom(room);
    const space = this.#space(spaceName);
    for (let sequence = record.first; sequence < record.next; sequence += 1) this.delete(KEYS.tail(room, sequence));
    if (record.hasState) this.delete(KEYS.state(room));
    this.#setSpace(spaceName, { ...space, rooms: space.rooms - 1, gone: space.gone + record.appends });
    this.#setRoom(room, NO_ROOM);
  }

  /** Everything of this plan, for one atomic batch; asked for once, since it is forgotten here: a plan may be kept for long. */
  writes(): readonly Write[] {
    const records: Write[] = [];
    for (const [room, { before, after }] of this.rooms) records.push(...recordWrites(room, before, after));
    for (const [space, { after }] of this.spaces) {
      const key = KEYS.space(space);
      records.push({ type: 'put', key, value: seal(key, encodeSpaceRecord(after)) });
    }
    const writes = [...this.#writes, ...this.segments.writes(), ...records];
    this.#writes = [];
    return writes;
  }

  /**
   * The writes that take back the appends of this plan where a failed batch reached the disk after all (rule GC4). What was
   * merged stays merged: that changed no content.
   */
  undo(found: (room: string) => RoomRecord, valueNow: (key: string) => Uint8Array | null): readonly Write[] {
    return [...this.#undoRooms(found), ...this.#undoValues(valueNow)];
  }

  #undoValues(valueNow: (key: string) => Uint8Array | null): readonly Write[] {
    const writes: Write[] = [];
    for (const [key, value] of this.before) {
      if (isSame(valueNow(key), value)) continue;
      writes.push(value ? { type: 'put', key, value } : { type: 'del', key });
    }
    return writes;
  }

  #undoRooms(found: (room: string) => RoomRecord): readonly Write[] {
    const writes: Write[] = [];
    for (const [room, { before }] of this.rooms) {
      const now = found(room);
      const back = this.without(room, now);
      if (back === now) continue;
      for (let sequence = before.next; sequence < now.next; sequence += 1) {
        writes.push({ type: 'del', key: KEYS.tail(room, sequence) });
      }
      writes.push(...recordWrites(room, now, back));
    }
    if (writes.length === 0) return [];
    for (const [space, { before }] of this.spaces) {
      const key = KEYS.space(space);
      if (before === NO_SPACE) writes.push({ type: 'del', key });
      else writes.push({ type: 'put', key, value: seal(key, encodeSpaceRecord(before)) });
    }
    return writes;
  }

  /** A room's record without the appends of this plan; `now` itself where they are not in it. */
  without(room: string, now: RoomRecord): RoomRecord {
    const change = this.rooms.get(room);
    if (!change) return now;
    const { before, after } = change;
    if (after.number === NO_ROOM.number) return now;
    if (now.number !== after.number || now.next !== after.next || before.number === after.number) return now;
    return { ...now, number: before.number, appends: before.appends, next: before.next };
  }

  /** All changes of a space without those of this plan, in rising order. */
  listWithout(space: string, listed: readonly Change[]): readonly Change[] {
    const numbers = new Map(listed.map(({ room, number }) => [room, number]));
    for (const [room, { before, after }] of this.rooms) {
      if (spaceOfRoom(room) !== space || numbers.get(room) !== after.number) continue;
      if (before.number === NO_ROOM.number) numbers.delete(room);
      else numbers.set(room, before.number);
    }
    return [...numbers].map(([room, number]) => ({ room, number })).sort((a, b) => a.number - b.number);
  }

  /** Values whose content before this plan must be read where it is rejected. */
  get overwritten(): readonly string[] {
    return [...this.#values].filter(([, value]) => value === undefined).map(([key]) => key);
  }

  /** What `key` held before this plan, sealed. */
  remember(key: string, value: Uint8Array | null): void {
    this.#values.set(key, value);
  }

  /** Its values as they were: what a reader is shown while it is not known whether it arrived. */
  get before(): Before {
    const known = [...this.#values].filter((entry): entry is [string, Uint8Array | null] => entry[1] !== undefined);
    return new Map(known);
  }

  #room(room: string): RoomRecord {
    return this.rooms.get(room)?.after ?? this.#roomNow(room);
  }

  #space(space: string): SpaceRecord {
    return this.spaces.get(space)?.after ?? this.#spaceNow(space);
  }

  #setRoom(room: string, after: RoomRecord): void {
    this.rooms.set(room, { before: this.rooms.get(room)?.before ?? this.#roomNow(room), after });
  }

  #setSpace(space: string, after: SpaceRecord): void {
    this.spaces.set(space, { before: this.spaces.get(space)?.before ?? this.#spaceNow(space), after });
  }
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The record itself, and its entry in the space's index moved from the old number to the new one. */
function recordWrites(room: string, before: RoomRecord, after: RoomRecord): readonly Write[] {
  const key = KEYS.room(room);
  // Its name was read when it came into the plan.
  const space = room.slice(0, room.lastIndexOf('/'));
  const writes: Write[] = [];
  if (before.number !== after.number && before.number !== NO_ROOM.number) {
    writes.push({ type: 'del', key: KEYS.change(space, before.number) });
  }
  if (after.number === NO_ROOM.number) return [...writes, { type: 'del', key }];
  writes.push({ type: 'put', key, value: seal(key, encodeRoomRecord(after)) });
  if (before.number !== after.number) {
    const index = KEYS.change(space, after.number);
    writes.push({ type: 'put', key: index, value: seal(index, new TextEncoder().encode(room)) });
  }
  return writes;
}

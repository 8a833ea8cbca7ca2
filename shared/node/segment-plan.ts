// What one group commit will write of history: segments and the counts of their spaces. It performs no IO.
import { NO_HISTORY, type SpaceHistory } from '../hub/segment-rows.ts';
import type { SegmentRef } from '../link/segment-source.ts';
import { seal } from './checksummed.ts';
import type { Write } from './level-database.ts';
import { encodeIndexed, encodePlace, encodeSpaceHistory, SEGMENT_KEYS } from './segment-records.ts';
import { spaceOfRoom } from './store-records.ts';

/** A hash is unique in a workspace: its place says whether it is here. */
export function placeKeyOf({ room, hash }: Pick<SegmentRef, 'room' | 'hash'>): string {
  return SEGMENT_KEYS.place(room.slice(0, room.indexOf('/')), hash);
}

export class SegmentPlan {
  /** As they will be. */
  readonly spaces = new Map<string, SpaceHistory>();
  readonly #writes: Write[] = [];
  readonly #spaceNow: (space: string) => SpaceHistory;
  readonly #isThere: (key: string) => boolean;
  /** Places that this plan makes or removes. */
  readonly #planned = new Map<string, boolean>();

  /** @param isThere whether a place is on the disk now; asked only for those that a job named. */
  constructor(spaceNow: (space: string) => SpaceHistory, isThere: (key: string) => boolean) {
    this.#spaceNow = spaceNow;
    this.#isThere = isThere;
  }

  /** The segment's number, or null when it is there already. */
  add(segment: Pick<SegmentRef, 'hash' | 'room' | 'endedAt'>, bytes: Uint8Array): number | null {
    const { hash, room, endedAt } = segment;
    const space = spaceOfRoom(room);
    const place = placeKeyOf(segment);
    if (this.#has(place)) return null;
    const before = this.#space(space);
    const number = before.number + 1;
    this.#put(SEGMENT_KEYS.bytes(room, hash), bytes);
    this.#put(SEGMENT_KEYS.index(space, number), encodeIndexed({ hash, room, size: bytes.length, endedAt }));
    this.#put(place, encodePlace({ room, number }));
    this.#planned.set(place, true);
    this.spaces.set(space, { ...before, number, count: before.count + 1, bytes: before.bytes + bytes.length });
    return number;
  }

  /** @param raiseBound false: they are of a purged room, and older ones of other rooms are taken in as before. */
  remove(segments: readonly SegmentRef[], raiseBound = true): void {
    for (const segment of segments) {
      const { hash, room, number, size, endedAt } = segment;
      const place = placeKeyOf(segment);
      if (!this.#has(place)) continue;
      const space = spaceOfRoom(room);
      const before = this.#space(space);
      for (const key of [SEGMENT_KEYS.bytes(room, hash), SEGMENT_KEYS.index(space, number), place]) {
        this.#writes.push({ type: 'del', key });
      }
      this.#planned.set(place, false);
      this.spaces.set(space, {
        ...before,
        count: before.count - 1,
        bytes: before.bytes - size,
        removedUntil: raiseBound ? Math.max(before.removedUntil, endedAt) : before.removedUntil,
      });
    }
  }

  writes(): readonly Write[] {
    const counts = [...this.spaces].map(([space, record]): Write => {
      const key = SEGMENT_KEYS.space(space);
      return { type: 'put', key, value: seal(key, encodeSpaceHistory(record)) };
    });
    return [...this.#writes, ...counts];
  }

  #has(place: string): boolean {
    return this.#planned.get(place) ?? this.#isThere(place);
  }

  #space(space: string): SpaceHistory {
    return this.spaces.get(space) ?? this.#spaceNow(space) ?? NO_HISTORY;
  }

  #put(key: string, bytes: Uint8Array): void {
    this.#writes.push({ type: 'put', key, value: seal(key, bytes) });
  }
}

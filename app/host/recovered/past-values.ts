// Reads a page's past as it was written, deleted or not: values of maps, places in clocks, what is deleted now. Total; it changes nothing.
import * as Y from 'yjs';
import { DeleteSet, type ClockRange } from '../../../shared/hub/delete-set.ts';
import { ClaimedRanges } from '../../../shared/hub/history/claimed-ranges.ts';
import type { RoomPast, Standing } from '../../../shared/hub/history/room-past.ts';

/** The newest value of a key, also where it was deleted with its map. */
export function valueOf(map: Y.Map<unknown>, key: string): unknown {
  const content = map._map.get(key)?.content;
  if (content instanceof Y.ContentType) return content.type;
  return content instanceof Y.ContentAny ? content.arr.at(-1) : undefined;
}

/** The map that an item is, where a marker ever began a block with it. */
export function everMarker(item: Y.Item): Y.Map<unknown> | null {
  const type: unknown = item.content instanceof Y.ContentType ? item.content.type : null;
  return type instanceof Y.Map && typeof valueOf(type as Y.Map<unknown>, 'kind') === 'string'
    ? (type as Y.Map<unknown>)
    : null;
}

export function textAt(map: Y.Map<unknown> | null, key: string): string {
  const value = map && valueOf(map, key);
  return typeof value === 'string' ? value : '';
}

/** The parts of an item's clocks that are in the room now, and those of them that are deleted. */
export class PresentParts {
  readonly #clocks: Standing['clocks'];
  readonly #deleted = new Map<number, DeleteSet>();
  readonly #now: Standing;

  constructor(now: Standing) {
    this.#now = now;
    this.#clocks = now.clocks;
  }

  /** Whether the item is here and deleted. */
  isGone({ client, clock }: Y.ID): boolean {
    return this.#setOf(client).covers(client, { start: clock, end: clock + 1 });
  }

  isHere({ client, clock }: Y.ID): boolean {
    return clock < (this.#clocks.get(client) ?? 0);
  }

  /** In order. What has not arrived is in neither. */
  *parts({ id: { client, clock }, length }: Y.Item): Iterable<ClockRange & { readonly gone: boolean }> {
    const end = Math.min(clock + length, this.#clocks.get(client) ?? 0);
    let at = clock;
    for (const range of this.#now.deleted.get(client) ?? []) {
      if (range.end <= at) continue;
      if (range.start >= end) break;
      if (range.start > at) yield { start: at, end: range.start, gone: false };
      const from = Math.max(at, range.start);
      at = Math.min(end, range.end);
      yield { start: from, end: at, gone: true };
    }
    if (at < end) yield { start: at, end, gone: false };
  }

  #setOf(client: number): DeleteSet {
    let set = this.#deleted.get(client);
    if (!set) {
      set = new DeleteSet();
      set.add(client, this.#now.deleted.get(client) ?? []);
      this.#deleted.set(client, set);
    }
    return set;
  }
}

/** Which telling brought, and which was the first to delete, what stands under a clock. */
export interface FirstTellings {
  readonly brought: ClaimedRanges;
  readonly deleted: ClaimedRanges;
}

export function firstTellings({ tellings }: Pick<RoomPast, 'tellings'>): FirstTellings {
  const [brought, deleted] = [new ClaimedRanges(), new ClaimedRanges()];
  for (const [number, { brings, deletes }] of tellings.entries()) {
    for (const [client, start, end] of brings) brought.claim(client, start, end, number);
    for (const [client, start, end] of deletes) deleted.claim(client, start, end, number);
  }
  return { brought, deleted };
}

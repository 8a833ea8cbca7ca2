// What nobody tells of yet, and came after what is told: the sessions that others have not ended, or that are still on their way. Pure.
import * as Y from 'yjs';
import type { ClockRange } from '../delete-set.ts';
import { gaps, type RangesByClient } from './clock-ranges.ts';
import type { Ranges } from './under-segments.ts';

type Stretch = readonly [client: number, start: number, end: number];

/** Rounds in which what builds on something late is found to be late itself; a chain of more clients is cut there. */
const ROUNDS = 8;

/**
 * Of what no segment and no base brings, and of the deletions that none tells: the part that cannot be older than all of them.
 * @param told what segments bring. @param known what segments and bases bring. @param rest what neither does.
 * @param based a base holds what is older, so that the rest is younger.
 */
export function lastOf(
  all: Y.Doc,
  told: RangesByClient,
  known: RangesByClient,
  rest: Ranges,
  untold: Ranges,
  based: boolean,
): { readonly brings: readonly Stretch[]; readonly deletes: readonly Stretch[] } {
  const from = new Map<number, number>();
  const isLate = ({ client, clock }: Y.ID): boolean =>
    clock >= (from.get(client) ?? Infinity) || holds(told.of(client), clock);
  for (let round = 0, before = -1; round < ROUNDS && before !== from.size; round += 1) {
    before = from.size;
    for (const [client, ranges] of rest) {
      if (from.has(client)) continue;
      const first = based ? ranges[0]?.start : firstLate(all.store.clients.get(client) ?? [], ranges, isLate);
      if (first !== undefined) from.set(client, first);
    }
  }
  const brings: Stretch[] = [];
  for (const [client, ranges] of rest) {
    const late = from.get(client) ?? Infinity;
    for (const { start, end } of ranges) if (end > late) brings.push([client, Math.max(start, late), end]);
  }
  const deletes: Stretch[] = [];
  for (const [client, ranges] of untold) {
    for (const range of ranges) {
      for (const { start, end } of inside(known.of(client), range)) deletes.push([client, start, end]);
      const late = from.get(client) ?? Infinity;
      if (range.end > late) deletes.push([client, Math.max(range.start, late), range.end]);
    }
  }
  return { brings, deletes };
}

function firstLate(
  structs: readonly (Y.Item | Y.GC)[],
  ranges: readonly ClockRange[],
  isLate: (id: Y.ID) => boolean,
): number | undefined {
  for (const { start, end } of ranges) {
    if (start > 0 && isLate(Y.createID(structs[0]?.id.client ?? 0, start - 1))) return start;
    for (let at = Y.findIndexSS(structs as Y.Item[], start); at < structs.length; at += 1) {
      const struct = structs[at];
      if (!struct || struct.id.clock >= end) break;
      if (!(struct instanceof Y.Item)) continue;
      const parent: unknown = struct.parent;
      const above = parent instanceof Y.AbstractType ? parent._item?.id : null;
      const on = [struct.origin, struct.rightOrigin, above];
      if (on.some((id) => id && isLate(id))) return Math.max(start, struct.id.clock);
    }
  }
  return undefined;
}

function holds(ranges: readonly ClockRange[], clock: number): boolean {
  return ranges.some(({ start, end }) => start <= clock && clock < end);
}

/** The parts of a range that are in the (sorted) ranges. */
function inside(ranges: readonly ClockRange[], { start, end }: ClockRange): readonly ClockRange[] {
  const found: ClockRange[] = [];
  let at = start;
  for (const gap of [...gaps(ranges, end).filter((one) => one.end > start), { start: end, end }]) {
    if (gap.start > at) found.push({ start: at, end: gap.start });
    at = Math.max(at, gap.end);
  }
  return found;
}

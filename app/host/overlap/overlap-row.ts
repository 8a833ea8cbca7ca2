// What is kept of one room's overlaps: those that were found, and which stretches apart are of late, so that it is known which session is to be looked at. Reading a segment for that; no document.
import { z } from 'zod';
import { decodeKnown, apartIn } from '../../../shared/hub/history/known-at.ts';
import { safeFacts } from '../../../shared/hub/history/past-builder.ts';
import type { DecodedSegment } from '../../../shared/hub/history/segment.ts';
import type { FoundOverlap } from './find-overlaps.ts';

/** Rows of another version are thrown away; what they held is found again as far as its sessions are told anew. */
export const OVERLAPS_VERSION = 1;

const tip = z.tuple([z.number(), z.number()]).readonly();

export const overlapRow = z.object({
  room: z.string(),
  /** The last clocks of stretches apart, the newest last. */
  tips: z.array(tip),
  /** It is to be looked through. */
  due: z.boolean(),
  found: z.array(z.custom<FoundOverlap>((value) => typeof value === 'object' && value !== null)),
});
export type OverlapRow = Readonly<z.output<typeof overlapRow>>;

/** Stretches of a room that are remembered. */
const MOST_TIPS = 50;

export function emptyRow(room: string): OverlapRow {
  return { room, tips: [], due: false, found: [] };
}

/** The row with a new session; `due` where the room is to be looked through for it. The same one where it says nothing. */
export function rowWith(row: OverlapRow, segment: DecodedSegment): OverlapRow {
  if (segment.base || segment.known.length === 0) return row;
  if (apartIn(segment.known) !== null) {
    return { ...row, due: true, tips: [...row.tips, ...tipsOf(segment)].slice(-MOST_TIPS) };
  }
  if (row.tips.length === 0) return row;
  const [first] = decodeKnown(segment.known);
  const knows = new Map(first?.clocks);
  // Of a room with so many clients that they are not named, values say themselves what they took the place of.
  const lacks = !first?.told || row.tips.some(([client, clock]) => (knows.get(client) ?? 0) <= clock);
  return lacks ? { ...row, due: true } : row;
}

function tipsOf({ updates }: DecodedSegment): (readonly [client: number, clock: number])[] {
  for (let at = updates.length - 1; at >= 0; at -= 1) {
    const update = updates[at]?.update;
    const structs = update && safeFacts(update)?.structs;
    if (!structs || structs.size === 0) continue;
    return [...structs].flatMap(([client, ranges]) => {
      const end = ranges.at(-1)?.end ?? 0;
      return end > 0 ? [[client, end - 1] as const] : [];
    });
  }
  return [];
}

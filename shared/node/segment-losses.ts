// What a repair lost of history, told from what the damaged store still lists and counts; nothing is read here.
import type { SpaceHistory } from '../hub/segment-rows.ts';
import { hasBytes, type HistorySurvey, type SegmentFinding } from './segment-survey.ts';
import { spaceOfRoom } from './store-records.ts';

export interface HistoryLosses {
  readonly rooms: readonly { readonly room: string; readonly segments: number }[];
  /** Segments that a space counts and that no list names any more. */
  readonly unknown: readonly { readonly space: string; readonly segments: number }[];
  /** Spaces of which it is not known any more until when history was removed (SG12): others may bring it again. */
  readonly unbounded: readonly string[];
}

export const NO_HISTORY_LOST: HistoryLosses = Object.freeze({ rooms: [], unknown: [], unbounded: [] });

/** @param rebuilt what the repair read. @param opened the same store as LevelDB shows it. @param kept names of segments. */
export function historyLosses(
  rebuilt: HistorySurvey,
  opened: HistorySurvey | null,
  kept: ReadonlySet<string>,
): HistoryLosses {
  const segments = new Map([...(opened?.segments ?? []), ...rebuilt.segments]);
  const spaces = new Map([...(opened?.spaces ?? []), ...rebuilt.spaces]);
  const lost = new Map<string, number>();
  const known = new Map<string, number>();
  for (const [name, segment] of segments) {
    const { room } = segment;
    const space = spaceOfRoom(room);
    if (!kept.has(name)) {
      if (!wasThere(segment, spaces.get(space))) continue;
      lost.set(room, (lost.get(room) ?? 0) + 1);
    }
    known.set(space, (known.get(space) ?? 0) + 1);
  }
  return {
    rooms: [...lost].map(([room, count]) => ({ room, segments: count })),
    unknown: [...spaces]
      .map(([space, { count }]) => ({ space, segments: count - (known.get(space) ?? 0) }))
      .filter((space) => space.segments > 0),
    unbounded: [...known.keys()].filter((space) => !rebuilt.spaces.has(space)),
  };
}

/** A damaged place brings rows back that had been removed (rule UP7 trusts no deletion there): the list, the bound and the count tell. */
function wasThere(segment: SegmentFinding, space: SpaceHistory | undefined): boolean {
  if (space === undefined || hasBytes(segment)) return true;
  return segment.endedAt !== null && segment.endedAt > space.removedUntil;
}

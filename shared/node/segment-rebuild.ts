// Writes the segments of a damaged store into a new one: those whose bytes are what their name says, numbered anew.
import { decodeSegment } from '../hub/history/segment.ts';
import { NO_HISTORY, type SpaceHistory } from '../hub/segment-rows.ts';
import { seal } from './checksummed.ts';
import { SegmentPlan } from './segment-plan.ts';
import { encodeSpaceHistory, SEGMENT_KEYS } from './segment-records.ts';
import { hasBytes, segmentName, type HistorySurvey } from './segment-survey.ts';
import type { Write } from './level-database.ts';

/**
 * Until when history was removed is kept where the space's own row holds: what retention removed is not fetched again (SG12).
 * @param rows of segments (`g!`), by key, whose checksums hold. @param survey of the same rows. @param write is given the rows of one segment at a time.
 * @returns the names (segmentName()) of what was written.
 */
export async function rebuildHistory(
  rows: AsyncIterable<readonly [key: string, bytes: Uint8Array]>,
  survey: HistorySurvey,
  write: (writes: readonly Write[]) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  const spaces = new Map<string, SpaceHistory>();
  for (const [space, { removedUntil }] of survey.spaces) {
    const record = { ...NO_HISTORY, removedUntil };
    spaces.set(space, record);
    const key = SEGMENT_KEYS.space(space);
    await write([{ type: 'put', key, value: seal(key, encodeSpaceHistory(record)) }]);
  }
  for await (const [key, bytes] of rows) {
    const [room = '', hash = ''] = key.slice(2).split('!');
    const name = segmentName(room, hash);
    const found = survey.segments.get(name);
    if (!found || !hasBytes(found)) continue;
    // A newer version's cannot be read here; its list tells when it ended.
    const endedAt = decodeSegment(bytes)?.endedAt ?? found.endedAt;
    if (endedAt === null) continue;
    const plan = new SegmentPlan(
      (space) => spaces.get(space) ?? NO_HISTORY,
      () => false,
    );
    plan.add({ hash, room, endedAt }, bytes);
    for (const [space, record] of plan.spaces) spaces.set(space, record);
    await write(plan.writes());
    kept.add(name);
  }
  return kept;
}

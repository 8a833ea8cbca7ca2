// Writes the segments of a damaged store into a new one: those whose bytes are what their name says, numbered anew.
import { decodeSegment } from '../hub/history/segment.ts';
import { NO_HISTORY, type SpaceHistory } from '../hub/segment-rows.ts';
import { SegmentPlan } from './segment-plan.ts';
import { sha256 } from './segment-signer.ts';
import type { Write } from './level-database.ts';

/** @param rows of segments (`g!`), by key, whose checksums hold. @param write is given the rows of one segment at a time. */
export async function rebuildHistory(
  rows: AsyncIterable<readonly [key: string, bytes: Uint8Array]>,
  write: (writes: readonly Write[]) => Promise<void>,
): Promise<void> {
  const spaces = new Map<string, SpaceHistory>();
  for await (const [key, bytes] of rows) {
    const hash = key.slice(key.lastIndexOf('!') + 1);
    const segment = decodeSegment(bytes);
    if (!segment || sha256(bytes) !== hash) continue;
    const plan = new SegmentPlan(
      (space) => spaces.get(space) ?? NO_HISTORY,
      () => false,
    );
    plan.add({ hash, room: segment.room, endedAt: segment.endedAt }, bytes);
    for (const [space, record] of plan.spaces) spaces.set(space, record);
    await write(plan.writes());
  }
}

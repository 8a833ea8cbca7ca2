// One state of a room's past, rebuilt and let go of. Who asks for several keeps a RoomPast.
import { RoomPast, type PastState } from './room-past.ts';
import type { TimedUpdate } from './segment.ts';
import type { Base } from './under-segments.ts';

export type { PastState } from './room-past.ts';
export type { Base } from './under-segments.ts';

/** As RoomPast.build() and its stateAt(). @param updates twice the same, in rising order of time; they are not kept. */
export async function rebuildAt(
  updates: () => AsyncIterable<TimedUpdate>,
  current: Uint8Array,
  time: number,
  bases: readonly Base[] = [],
): Promise<PastState> {
  const placed = async function* () {
    for await (const update of updates()) yield { ...update, segment: 0 };
  };
  const past = await RoomPast.build({ updates: placed, current, bases });
  try {
    return past.stateAt(time);
  } finally {
    past.dispose();
  }
}

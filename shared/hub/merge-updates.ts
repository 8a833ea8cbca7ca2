// Many Yjs updates as one, from their bytes: behind each other where they follow on, else in groups, since Yjs's own merging takes the
// square of their number. No document is built.
import * as Y from 'yjs';
import { joinUpdates } from './join-updates.ts';

/** Updates merged at a time: Yjs sorts its readers before every struct, which is quick for a few dozen. */
const GROUP = 32;

/** The updates as one; the only one as it is. The order of updates matters to nobody but decides the bytes. */
export function mergeUpdates(updates: readonly [Uint8Array, ...Uint8Array[]]): Uint8Array {
  if (updates.length === 1) return updates[0];
  const joined = joinUpdates(updates);
  if (joined) return joined;
  let level: readonly Uint8Array[] = updates;
  while (level.length > GROUP) {
    const merged: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += GROUP) merged.push(mergeGroup(level.slice(at, at + GROUP)));
    level = merged;
  }
  return mergeGroup(level);
}

function mergeGroup(updates: readonly Uint8Array[]): Uint8Array {
  const [first, second] = updates;
  return first !== undefined && second === undefined ? first : Y.mergeUpdates([...updates]);
}

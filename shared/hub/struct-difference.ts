// Whether two ends mean the same by a clock: compares what structs say, piece by piece. Which of them is right is not judged.
import * as Y from 'yjs';
import * as encoding from 'lib0/encoding';
import type { DeleteSet } from './delete-set.ts';
import { isEmpty, originOf, type StructLists, type StructPart } from './struct-lists.ts';

/** What it means when the other end has no content where this end has some. */
export type EmptyTheirs =
  /** They never had it: this end knows that nobody can have deleted it. */
  | 'differs'
  /** They may have deleted it, and what was deleted still stands where it stood. */
  | 'deleted'
  /** They may have deleted and forgotten it. */
  | 'same';

/**
 * The first clock of `client` that both lists have and at which they differ, or null. What is deleted or empty in `ours` has
 * nothing left to differ.
 */
export function firstDifference(
  client: number,
  ours: StructLists,
  theirs: StructLists,
  ourDeletes: DeleteSet,
  emptyTheirs: EmptyTheirs,
): number | null {
  const left = ours.get(client) ?? [];
  const right = theirs.get(client) ?? [];
  for (let a = 0, b = 0; a < left.length && b < right.length;) {
    const [mine, other] = [left[a], right[b]];
    if (!mine || !other) break;
    const piece = { start: Math.max(mine.start, other.start), end: Math.min(mine.end, other.end) };
    if (
      piece.start < piece.end &&
      !ourDeletes.covers(client, piece) &&
      !same({ ...mine, ...piece }, { ...other, ...piece }, emptyTheirs)
    ) {
      return piece.start;
    }
    if (mine.end <= other.end) a += 1;
    else b += 1;
  }
  return null;
}

function same(mine: StructPart, other: StructPart, emptyTheirs: EmptyTheirs): boolean {
  if (isEmpty(mine)) return true;
  if (isEmpty(other) && emptyTheirs === 'same') return true;
  if (!(mine.struct instanceof Y.Item)) return true;
  if (!(other.struct instanceof Y.Item)) return false;
  if (!Y.compareIDs(originOf(mine), originOf(other))) return false;
  if (!Y.compareIDs(mine.struct.rightOrigin, other.struct.rightOrigin)) return false;
  if (originOf(mine) === null && mine.struct.rightOrigin === null && !sameParent(mine.struct, other.struct))
    return false;
  return isEmpty(other) ? emptyTheirs === 'deleted' : sameContent(mine, other);
}

function sameParent(a: Y.Item, b: Y.Item): boolean {
  // Decoded items still carry their parent as a name or an id; the declared type speaks of integrated ones.
  const [left, right]: unknown[] = [a.parent, b.parent];
  if (a.parentSub !== b.parentSub) return false;
  if (left instanceof Y.ID && right instanceof Y.ID) return Y.compareIDs(left, right);
  return left === right;
}

function sameContent(mine: StructPart, other: StructPart): boolean {
  const [a, b] = [contentOf(mine), contentOf(other)];
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The content of the part as bytes, with its kind. */
function contentOf({ struct, start, end }: StructPart): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  if (!(struct instanceof Y.Item)) return new Uint8Array();
  let { content } = struct;
  const [from, to] = [start - struct.id.clock, end - struct.id.clock];
  if (to < struct.length) {
    content = content.copy();
    content.splice(to);
  }
  encoding.writeUint8(encoder.restEncoder, content.getRef());
  content.write(encoder, from);
  return encoding.toUint8Array(encoder.restEncoder);
}

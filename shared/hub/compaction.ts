// Merges a room's state and tail through one short-lived Y.Doc, collecting garbage; pure: what is stored is up to the caller.
import * as Y from 'yjs';
import { LIMITS } from '../protocol/limits.ts';
import type { RoomState } from './doc-store.ts';
import { condenseUpdate } from './condense-update.ts';
import { DeleteSet } from './delete-set.ts';
import { joinUpdates } from './join-updates.ts';
import { encodeStateVector } from './knowledge.ts';
import { TimedStructs, TimeUp } from './timed-structs.ts';

export type Compaction =
  | { readonly kind: 'merged'; readonly state: RoomState }
  /** Too deep to be read safely by anybody. */
  | { readonly kind: 'too-deep' }
  /** Time was up before it was built. */
  | { readonly kind: 'too-slow' }
  /** The document does not come to the expected state vector: nothing may be replaced. */
  | { readonly kind: 'mismatch' };

/**
 * @param keepDeleted collects nothing: what was deleted stays readable in the merged state.
 * @param expected the encoded state vector that the updates must come to.
 * @param isTimeUp asked before each struct; without it merging takes as long as it takes.
 */
export function compactUpdates(
  updates: readonly Uint8Array[],
  expected: Uint8Array,
  isTimeUp: (() => boolean) | null = null,
  keepDeleted = false,
): Compaction {
  const joined = joinUpdates(updates);
  const condensed = joined && condenseUpdate(joined);
  // A document of a struct for each run instead of one for each letter is a tenth of the work, and of the memory.
  const quick = condensed && mergeThroughDoc([condensed], { expected, isTimeUp, keepDeleted, condensed: true });
  if (quick && quick.kind !== 'mismatch') return quick;
  return mergeThroughDoc(updates, { expected, isTimeUp, keepDeleted, condensed: false });
}

interface Merging {
  readonly expected: Uint8Array;
  readonly isTimeUp: (() => boolean) | null;
  readonly keepDeleted: boolean;
  readonly condensed: boolean;
}

function mergeThroughDoc(updates: readonly Uint8Array[], merging: Merging): Compaction {
  const { expected, isTimeUp, keepDeleted, condensed } = merging;
  const doc = new Y.Doc({ gc: !keepDeleted, guid: '' });
  if (isTimeUp) doc.store.clients = new TimedStructs(isTimeUp);
  try {
    const problem = applyAll(doc, updates);
    if (problem) return problem;
    // What is left reads each struct once.
    if (isTimeUp) doc.store.clients = new Map(doc.store.clients);
    if (condensed && hasTextInMap(doc)) return { kind: 'mismatch' };
    if (isTooDeep(doc)) return { kind: 'too-deep' };
    const stateVector = encodeStateVector(Y.decodeStateVector(Y.encodeStateVector(doc)));
    if (doc.store.pendingStructs || doc.store.pendingDs || !equal(stateVector, expected)) return { kind: 'mismatch' };
    const deletes = new DeleteSet();
    for (const [client, items] of Y.createDeleteSetFromStructStore(doc.store).clients) {
      deletes.add(
        client,
        items.map(({ clock, len }) => ({ start: clock, end: clock + len })),
      );
    }
    return { kind: 'merged', state: { update: Y.encodeStateAsUpdate(doc), stateVector, deleteSet: deletes.encode() } };
  } finally {
    doc.destroy();
  }
}

/** One transaction takes thousands of small updates where merging their bytes would be superlinear. */
function applyAll(doc: Y.Doc, updates: readonly Uint8Array[]): Compaction | null {
  try {
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update);
    });
    return null;
  } catch (error) {
    if (error instanceof TimeUp) return { kind: 'too-slow' };
    // Deleting or collecting a deep structure recurses inside Yjs; anything else it throws means that it cannot be trusted.
    return error instanceof RangeError ? { kind: 'too-deep' } : { kind: 'mismatch' };
  }
}

/**
 * Nobody's editor puts a text's letters into a map: there each letter takes the place of the one before it, which a run of them as
 * one struct would keep. What was deleted since is deleted either way.
 */
function hasTextInMap(doc: Y.Doc): boolean {
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.parentSub === null || struct.deleted) continue;
      if (struct.content instanceof Y.ContentString) return true;
    }
  }
  return false;
}

/** Whether types are nested beyond what recursive readers survive; reads iteratively. */
export function isTooDeep(doc: Y.Doc): boolean {
  const depths = new Map<Y.AbstractType<unknown>, number>();
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentType)) continue;
      if (depthOf(struct.content.type, depths) > LIMITS.typeDepth) return true;
    }
  }
  return false;
}

function depthOf(type: Y.AbstractType<unknown>, depths: Map<Y.AbstractType<unknown>, number>): number {
  const path: Y.AbstractType<unknown>[] = [];
  let at: Y.AbstractType<unknown> | null = type;
  let depth = 0;
  while (at) {
    const known = depths.get(at);
    if (known !== undefined) {
      depth = known;
      break;
    }
    path.push(at);
    at = at._item ? (at._item.parent as Y.AbstractType<unknown> | null) : null;
  }
  for (const one of path.reverse()) depths.set(one, ++depth);
  return depth;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

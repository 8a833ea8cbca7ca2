// What a Yjs update claims, read from its bytes without building a document: which clocks, on what they build, what it deletes.
import * as Y from 'yjs';
import type { ClockRange } from './delete-set.ts';
import { countItems } from './update-skim.ts';

export interface ClockId {
  readonly client: number;
  readonly clock: number;
}

/** One struct of an update. */
export interface StructFact extends ClockRange {
  /** What must be there before it: its neighbours and its parent. Null where there is none. */
  readonly origin: ClockId | null;
  readonly rightOrigin: ClockId | null;
  readonly parent: ClockId | null;
  /** It carries no content any more: its range counts as deleted. */
  readonly empty: boolean;
}

export interface UpdateFacts {
  /** By client, in rising order of clocks. */
  readonly structs: ReadonlyMap<number, readonly StructFact[]>;
  readonly deletes: ReadonlyMap<number, readonly ClockRange[]>;
  /** How many shared types it creates: nesting is made of these. */
  readonly types: number;
  /** How many objects its readers build for it. */
  readonly items: number;
}

/**
 * Total: null for bytes that are no update, or that no honest Yjs writes (clocks beyond safe integers, structs without
 * length, a struct that builds on a later one of its own client, which would throw inside every reader, values nested deeper
 * than readers survive). Who does not trust the update's size counts its items first.
 */
export function readUpdateFacts(update: Uint8Array, items = countItems(update, Infinity)): UpdateFacts | null {
  if (items === null) return null;
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    // Short reads, unknown content kinds, nesting that exhausts the stack: all the same to the sender.
    return null;
  }
  const structs = new Map<number, StructFact[]>();
  let types = 0;
  for (const struct of decoded.structs) {
    if (struct instanceof Y.Skip) continue;
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (!Number.isSafeInteger(client) || !Number.isSafeInteger(end) || struct.length < 1) return null;
    const fact = factOf(struct, clock, end);
    if (!buildsOnEarlier(fact, client)) return null;
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) types += 1;
    const list = structs.get(client);
    if (list) list.push(fact);
    else structs.set(client, [fact]);
  }
  for (const list of structs.values()) list.sort((a, b) => a.start - b.start);
  const deletes = readDeletes(decoded.ds.clients);
  return deletes && { structs, deletes, types, items };
}

function factOf(struct: Y.Item | Y.GC, start: number, end: number): StructFact {
  if (!(struct instanceof Y.Item)) return { start, end, origin: null, rightOrigin: null, parent: null, empty: true };
  // Decoded items still carry their parent as a name or an id; the declared type speaks of integrated ones.
  const parent: unknown = struct.parent;
  return {
    start,
    end,
    origin: struct.origin,
    rightOrigin: struct.rightOrigin,
    parent: parent instanceof Y.ID ? parent : null,
    empty: struct.content instanceof Y.ContentDeleted,
  };
}

function buildsOnEarlier(fact: StructFact, client: number): boolean {
  return [fact.origin, fact.rightOrigin, fact.parent].every(
    (id) => id === null || id.client !== client || id.clock < fact.start,
  );
}

function readDeletes(
  clients: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>,
): Map<number, ClockRange[]> | null {
  const deletes = new Map<number, ClockRange[]>();
  for (const [client, items] of clients) {
    const ranges: ClockRange[] = [];
    for (const { clock, len } of items) {
      if (!Number.isSafeInteger(clock + len)) return null;
      if (len > 0) ranges.push({ start: clock, end: clock + len });
    }
    if (ranges.length > 0) deletes.set(client, ranges);
  }
  return deletes;
}

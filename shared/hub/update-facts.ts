// What a Yjs update claims, read from its bytes without building a document: which clocks, on what they build, what it deletes.
import * as Y from 'yjs';
import type { ClockRange } from './delete-set.ts';
import { readPlainFacts } from './plain-facts.ts';
import type { StructFact, UpdateFacts } from './struct-facts.ts';
import { countItemsOfStranger } from './update-skim.ts';

export type { ClockId, StructFact, UpdateFacts } from './struct-facts.ts';

/**
 * Total: null for bytes that are no update, or that no honest Yjs writes (clocks beyond safe integers, structs without
 * length, a client without structs or named twice, a struct that builds on a later one of its own client, which would throw
 * inside every reader, values nested deeper than readers survive). Who does not trust the update's size sets a bound: `too many` for more than `most` items, unread.
 */
export function readBoundedFacts(update: Uint8Array, most: number): UpdateFacts | 'too many' | null {
  return readPlainFacts(update, most) ?? readCarefully(update, most);
}

/** What is not plain. It must stand in a buffer of its own: Yjs checks lengths against the buffer. */
export function readCarefully(update: Uint8Array, most: number): UpdateFacts | 'too many' | null {
  const items = countItemsOfStranger(update, most);
  if (items === Infinity) return 'too many';
  return items === null ? null : readDecoded(update, items);
}

/** readBoundedFacts() without a bound. */
export function readUpdateFacts(update: Uint8Array): UpdateFacts | null {
  const facts = readBoundedFacts(update, Infinity);
  return facts === 'too many' ? null : facts;
}

function readDecoded(update: Uint8Array, items: number): UpdateFacts | null {
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

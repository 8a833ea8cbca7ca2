// The structs of updates as lists by client: read, cut at a clock, and written again as an update. It builds no document.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { DeleteSet, type ClockRange } from './delete-set.ts';
import type { ClockId } from './update-facts.ts';

/** One struct, or what is left of it behind a cut: `start` may lie inside it. */
export interface StructPart extends ClockRange {
  readonly struct: Y.Item | Y.GC;
}

interface WrittenPart extends ClockRange {
  readonly struct: Y.Item | Y.GC | Y.Skip;
}

export type StructLists = ReadonlyMap<number, readonly StructPart[]>;

export interface ReadStructs {
  /** By client in rising order of clocks, each clock once. */
  readonly structs: StructLists;
  /** What is deleted expressly, and what carries no content any more. */
  readonly deletes: DeleteSet;
}

/** Reads updates that were checked before (readUpdateFacts); of a clock that several hold the first in order counts. */
export function readStructs(updates: Iterable<Uint8Array>): ReadStructs {
  const found = new Map<number, StructPart[]>();
  const deletes = new DeleteSet();
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      if (struct instanceof Y.Skip) continue;
      const { client, clock } = struct.id;
      const part = { struct, start: clock, end: clock + struct.length };
      if (isEmpty(part)) deletes.add(client, [part]);
      const list = found.get(client);
      if (list) list.push(part);
      else found.set(client, [part]);
    }
    for (const [client, items] of ds.clients) {
      deletes.add(
        client,
        items.map(({ clock, len }) => ({ start: clock, end: clock + len })),
      );
    }
  }
  const structs = new Map([...found].map(([client, parts]) => [client, eachOnce(parts)]));
  return { structs, deletes };
}

export function isEmpty({ struct }: StructPart): boolean {
  return !(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted;
}

/** What stands directly left of the part when it was written. */
export function originOf({ struct, start }: StructPart): Y.ID | null {
  if (start > struct.id.clock) return Y.createID(struct.id.client, start - 1);
  return struct instanceof Y.Item ? struct.origin : null;
}

/** The part that holds this clock, or null. */
export function partAt(structs: StructLists, { client, clock }: ClockId): StructPart | null {
  const parts = structs.get(client) ?? [];
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.end ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  const part = parts[low];
  return part && part.start <= clock ? part : null;
}

/** Whether something stands there that can be built on: beside an empty struct every reader drops what it is given. */
export function isItemAt(structs: StructLists, id: ClockId): boolean {
  return partAt(structs, id)?.struct instanceof Y.Item;
}

/** One update with the structs in these lists and these deletions. What stands behind a hole in a list integrates once the hole is filled. */
export function writeUpdate(structs: StructLists, deletes: DeleteSet): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const clients = [...structs].filter(([, parts]) => parts.length > 0).sort(([a], [b]) => b - a);
  encoding.writeVarUint(encoder.restEncoder, clients.length);
  for (const [client, parts] of clients) {
    const whole = withoutHoles(client, parts);
    encoding.writeVarUint(encoder.restEncoder, whole.length);
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, whole[0]?.start ?? 0);
    for (const part of whole) endingAt(part).write(encoder, part.start - part.struct.id.clock);
  }
  encoding.writeUint8Array(encoder.restEncoder, deletes.encode());
  return encoding.toUint8Array(encoder.restEncoder);
}

/** Clocks are counted on from struct to struct: a hole must be written, or all that follows would be read as something else. */
function withoutHoles(client: number, parts: readonly StructPart[]): readonly WrittenPart[] {
  const whole: WrittenPart[] = [];
  let reached = parts[0]?.start ?? 0;
  for (const part of parts) {
    if (part.start > reached) {
      const struct = new Y.Skip(Y.createID(client, reached), part.start - reached);
      whole.push({ struct, start: reached, end: part.start });
    }
    whole.push(part);
    reached = part.end;
  }
  return whole;
}

/** The struct without what lies behind the part's end. */
function endingAt({ struct, end }: WrittenPart): Y.Item | Y.GC | Y.Skip {
  const length = end - struct.id.clock;
  if (length >= struct.length) return struct;
  if (struct instanceof Y.Skip) return struct;
  if (!(struct instanceof Y.Item)) return new Y.GC(struct.id, length);
  const content = struct.content.copy();
  content.splice(length);
  return new Y.Item(struct.id, null, struct.origin, null, struct.rightOrigin, struct.parent, struct.parentSub, content);
}

function eachOnce(parts: readonly StructPart[]): readonly StructPart[] {
  const kept: StructPart[] = [];
  let reached = 0;
  // A stable sort: of those that begin together the first that was read comes first.
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    if (part.end <= reached) continue;
    kept.push(part.start < reached ? { ...part, start: reached } : part);
    reached = part.end;
  }
  return kept;
}

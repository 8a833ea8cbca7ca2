// Takes structs out of an update and writes them again under fresh client ids, with everything that builds on them. Pure.
import * as Y from 'yjs';
import { DeleteSet, type ClockRange } from './delete-set.ts';
import { isEmpty, originOf, writeUpdate, type ReadStructs, type StructLists, type StructPart } from './struct-lists.ts';

/** By client: from this clock on its structs are taken out. */
export type Cut = ReadonlyMap<number, number>;

/** Where the structs of one client went: clock `cut + n` became clock `n` of `fresh`. */
export interface Moved {
  readonly cut: number;
  readonly fresh: number;
}

/**
 * The cut with everything that cannot be without it: what names a struct behind it as neighbour or parent, and every later
 * struct of that client, since clocks have no holes.
 */
export function closeOver(structs: StructLists, cut: Cut): Map<number, number> {
  const closed = new Map(cut);
  const isCut = (id: Y.ID): boolean => id.clock >= (closed.get(id.client) ?? Infinity);
  for (let changed = true; changed;) {
    changed = false;
    for (const [client, parts] of structs) {
      const limit = closed.get(client) ?? Infinity;
      const first = parts.find((part) => part.start < limit && namesOf(part).some(isCut));
      if (!first) continue;
      closed.set(client, first.start);
      changed = true;
    }
  }
  return closed;
}

export interface Split {
  /** What stays; it may be an update of nothing. */
  readonly kept: Uint8Array;
  /** What was taken out, under the fresh ids; null when there was nothing. */
  readonly taken: Uint8Array | null;
  /** What people would read in it, in the order of writing. */
  readonly text: string;
}

/** `moved` must be closed (closeOver). Deletions stay; those of structs that were taken out go along as well. */
export function split({ structs, deletes }: ReadStructs, moved: ReadonlyMap<number, Moved>): Split {
  const kept = new Map<number, StructPart[]>();
  const taken = new Map<number, StructPart[]>();
  const takenDeletes = new DeleteSet();
  const keptDeletes = new DeleteSet();
  for (const [client, parts] of structs) {
    const to = moved.get(client);
    const cut = to?.cut ?? Infinity;
    kept.set(client, partsWithin(parts, 0, cut));
    if (to) {
      taken.set(
        to.fresh,
        partsWithin(parts, cut, Infinity).map((part) => transplanted(part, moved)),
      );
    }
  }
  for (const [client, ranges] of deletes.clients) {
    const to = moved.get(client);
    keptDeletes.add(client, within(ranges, 0, to?.cut ?? Infinity));
    if (!to) continue;
    takenDeletes.add(
      to.fresh,
      within(ranges, to.cut, Infinity).map(({ start, end }) => ({ start: start - to.cut, end: end - to.cut })),
    );
  }
  const any = [...taken.values()].some((parts) => parts.length > 0);
  return {
    kept: writeUpdate(kept, keptDeletes),
    taken: any ? writeUpdate(taken, takenDeletes) : null,
    text: readText(taken, takenDeletes),
  };
}

/** What a struct stands beside or in. */
export function namesOf(part: StructPart): readonly Y.ID[] {
  const { struct } = part;
  if (!(struct instanceof Y.Item)) return [];
  const parent: unknown = struct.parent;
  return [originOf(part), struct.rightOrigin, parent].filter((id) => id instanceof Y.ID);
}

function partsWithin(parts: readonly StructPart[], from: number, to: number): StructPart[] {
  return parts
    .filter(({ start, end }) => start < to && end > from)
    .map((part) => ({ ...part, start: Math.max(part.start, from), end: Math.min(part.end, to) }));
}

function within(ranges: readonly ClockRange[], from: number, to: number): ClockRange[] {
  return ranges
    .filter(({ start, end }) => start < to && end > from)
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }));
}

function transplanted(part: StructPart, moved: ReadonlyMap<number, Moved>): StructPart {
  const { struct, start, end } = part;
  const to = moved.get(struct.id.client);
  if (!to) return part;
  const id = Y.createID(to.fresh, start - to.cut);
  const place = { start: id.clock, end: id.clock + end - start };
  if (!(struct instanceof Y.Item)) return { struct: new Y.GC(id, end - start), ...place };
  const movedId = (old: Y.ID | null): Y.ID | null => {
    const there = old && moved.get(old.client);
    return old && there && old.clock >= there.cut ? Y.createID(there.fresh, old.clock - there.cut) : old;
  };
  let { content } = struct;
  // Only texts and lists are longer than one clock, and those can be copied and cut.
  if (start > struct.id.clock) content = content.copy().splice(start - struct.id.clock);
  const parent: unknown = struct.parent;
  const item = new Y.Item(
    id,
    null,
    movedId(originOf(part)),
    null,
    movedId(struct.rightOrigin),
    (parent instanceof Y.ID ? movedId(parent) : parent) as Y.Item['parent'],
    struct.parentSub,
    content,
  );
  return { struct: item, ...place };
}

/** Longer text is cut in what people are shown; all of it is kept. */
const SHOWN = 8_000;

function readText(structs: StructLists, deletes: DeleteSet): string {
  let text = '';
  for (const [client, parts] of structs) {
    if (text !== '') text += '\n';
    for (const part of parts) {
      if (isEmpty(part) || deletes.covers(client, part) || !(part.struct instanceof Y.Item)) continue;
      const { content } = part.struct;
      if (content instanceof Y.ContentString) {
        text += content.str.slice(part.start - part.struct.id.clock, part.end - part.struct.id.clock);
      } else if (content instanceof Y.ContentType || content instanceof Y.ContentEmbed) text += '\n';
      if (text.length > SHOWN) return text.slice(0, SHOWN).trim();
    }
  }
  return text.replace(/\n{2,}/g, '\n').trim();
}

// Takes structs out of an update and writes them again under fresh client ids, with everything that builds on them. Pure.
import * as Y from 'yjs';
import { DeleteSet, type ClockRange } from './delete-set.ts';
import { cutOf, movedId, type Moved, type Moves } from './moved-clocks.ts';
import { isEmpty, originOf, writeUpdate, type ReadStructs, type StructLists, type StructPart } from './struct-lists.ts';

/** By client: from this clock on its structs are taken out. */
export type Cut = ReadonlyMap<number, number>;

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
export function split({ structs, deletes }: ReadStructs, moved: Moves): Split {
  const kept = new Map<number, StructPart[]>();
  const taken = new Map<number, StructPart[]>();
  const takenDeletes = new DeleteSet();
  const keptDeletes = new DeleteSet();
  for (const [client, parts] of structs) {
    kept.set(client, partsWithin(parts, 0, cutOf(moved, client)));
    for (const to of pieces(moved, client)) {
      taken.set(
        to.fresh,
        partsWithin(parts, to.cut, to.end).map((part) => transplanted(part, moved, to)),
      );
    }
  }
  for (const [client, ranges] of deletes.clients) {
    keptDeletes.add(client, within(ranges, 0, cutOf(moved, client)));
    for (const { cut, end: to, fresh } of pieces(moved, client)) {
      takenDeletes.add(
        fresh,
        within(ranges, cut, to).map(({ start, end }) => ({ start: start - cut, end: end - cut })),
      );
    }
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

function pieces(moved: Moves, client: number): readonly (Moved & { readonly end: number })[] {
  return (moved.get(client) ?? []).map((piece, at, all) => ({ ...piece, end: all[at + 1]?.cut ?? Infinity }));
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

function transplanted(part: StructPart, moved: Moves, to: Moved): StructPart {
  const { struct, start, end } = part;
  const id = Y.createID(to.fresh, start - to.cut);
  const place = { start: id.clock, end: id.clock + end - start };
  if (!(struct instanceof Y.Item)) return { struct: new Y.GC(id, end - start), ...place };
  const there = (old: Y.ID | null): Y.ID | null => old && (movedId(moved, old) ?? old);
  let { content } = struct;
  // Only texts and lists are longer than one clock, and those can be copied and cut.
  if (start > struct.id.clock) content = content.copy().splice(start - struct.id.clock);
  const parent: unknown = struct.parent;
  const item = new Y.Item(
    id,
    null,
    there(originOf(part)),
    null,
    there(struct.rightOrigin),
    (parent instanceof Y.ID ? there(parent) : parent) as Y.Item['parent'],
    struct.parentSub,
    content,
  );
  return { struct: item, ...place };
}

/** Longer text is cut in what people are shown; all of it is kept. */
const SHOWN = 8_000;

/** What people would read in it, in the order of writing. */
export function readText(structs: StructLists, deletes: DeleteSet): string {
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

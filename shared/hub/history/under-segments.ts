// What lies under the segments of a room: bases, and what no segment brings; and what of its deletions nobody tells. Pure, its input hostile.
import * as Y from 'yjs';
import type { ClockRange } from '../delete-set.ts';
import { gaps, joinRanges, RangesByClient } from './clock-ranges.ts';
import { mustWork, safeFacts, type PastBuilder } from './past-builder.ts';
import { updateOfRanges } from './struct-ranges.ts';

/** What a room held at a time, all of it as one update; `since`: with it the states from then on can be told (SG14). */
export interface Base {
  readonly since: number;
  readonly update: Uint8Array;
}

export type Ranges = ReadonlyMap<number, readonly ClockRange[]>;

export interface Under {
  /** Clocks that the segments or a base bring. */
  readonly covered: RangesByClient;
  readonly deleted: Ranges;
  /** From when on the bases that were needed hold; 0 where none was. */
  readonly since: number;
}

/** Lays what no segment brings, and a base does, under the segments; it counts as there from the beginning. */
export function layBases(
  bases: readonly Base[],
  segments: RangesByClient,
  builder: PastBuilder,
  mayTake: (items: number) => void,
): Under {
  const covered = new RangesByClient();
  const deleted = new RangesByClient();
  for (const [client, ranges] of segments.clients) for (const range of ranges) covered.add(client, range);
  let since = 0;
  for (const base of bases) {
    const facts = safeFacts(base.update);
    if (!facts) continue;
    mayTake(facts.items);
    const doc = new Y.Doc({ gc: false });
    try {
      mustWork(() => Y.applyUpdate(doc, base.update));
      const ranges = uncovered(doc, covered);
      for (const layer of layersOf(ranges)) builder.take(updateOfRanges(doc, layer));
      for (const [client, parts] of ranges) for (const part of parts) covered.add(client, part);
      for (const [client, parts] of rangesOf(doc)) for (const part of parts) deleted.add(client, part);
      if (ranges.size > 0) since = Math.max(since, base.since);
    } finally {
      doc.destroy();
    }
  }
  return { covered, deleted: deleted.clients, since };
}

export function joined(...all: readonly Ranges[]): Ranges {
  const found = new RangesByClient();
  for (const [client, ranges] of all.flatMap((one) => [...one])) for (const range of ranges) found.add(client, range);
  return found.clients;
}

/** What the document has and is not covered. */
export function uncovered(now: Y.Doc, covered: RangesByClient): Ranges {
  const found = new Map<number, readonly ClockRange[]>();
  for (const [client, end] of Y.decodeStateVector(Y.encodeStateVector(now))) {
    const ranges = gaps(covered.of(client), end);
    if (ranges.length > 0) found.set(client, ranges);
  }
  return found;
}

/** What was there before any segment as one update, since it may build on itself in any order; later pieces one by one. */
export function layersOf(base: Ranges): readonly ReadonlyMap<number, ClockRange>[] {
  const first = new Map<number, ClockRange>();
  const later: ReadonlyMap<number, ClockRange>[] = [];
  for (const [client, ranges] of base) {
    for (const range of ranges) {
      if (range.start === 0) first.set(client, range);
      else later.push(new Map([[client, range]]));
    }
  }
  return first.size > 0 ? [first, ...later] : later;
}

/** Deleted in `now` and not told of. */
export function deletionsWithout(now: Y.Doc, told: Ranges): Ranges {
  const silent = new Map<number, readonly ClockRange[]>();
  for (const [client, ranges] of rangesOf(now)) {
    const rest = ranges.flatMap(({ start, end }) =>
      gaps(told.get(client) ?? [], end)
        .map((gap) => ({ start: Math.max(gap.start, start), end: gap.end }))
        .filter((gap) => gap.end > gap.start),
    );
    if (rest.length > 0) silent.set(client, rest);
  }
  return silent;
}

export function rangesOf(doc: Y.Doc): Map<number, readonly ClockRange[]> {
  const found = new Map<number, readonly ClockRange[]>();
  for (const [client, items] of Y.createDeleteSetFromStructStore(doc.store).clients) {
    found.set(client, joinRanges(items.map(({ clock, len }) => ({ start: clock, end: clock + len }))));
  }
  return found;
}

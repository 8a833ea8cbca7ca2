// Rebuilds what a room held at a time from the updates of its segments and its state now. It reads no store; it trusts no byte.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isTooDeep } from '../compaction.ts';
import { DeleteSet, type ClockRange } from '../delete-set.ts';
import { encodeStateVector } from '../knowledge.ts';
import { gaps, joinRanges, RangesByClient } from './clock-ranges.ts';
import { mustWork, PastBuilder, safeFacts, unsafe } from './past-builder.ts';
import type { TimedUpdate } from './segment.ts';
import { updateOfRanges } from './struct-ranges.ts';

/** What a room held at a time, all of it as one update; `since`: with it the states from then on can be told (SG14). */
export interface Base {
  readonly since: number;
  readonly update: Uint8Array;
}

export interface PastState {
  /** One Yjs update (v1): the document as it was. */
  readonly update: Uint8Array;
  /** False where something of the room stands in no segment: that counts as there from the beginning. */
  readonly complete: boolean;
}

/** Objects that a rebuilding may make: a document at its limit, and as much again that was deleted. */
const MOST_ITEMS = 2 * LIMITS.items;
/**
 * How it works: one document takes in the raw updates, so that nothing in it was collected, beneath them what no segment covers,
 * taken from the bases and then from the state now. The document at `time` is then the part of it that had come by then: clocks and deletions of the
 * updates up to `time`. Deletions that follow from the structure alone (a value that was overwritten at the same time) follow
 * again by themselves.
 * @param updates twice the same, in rising order of time; they are not kept.
 * @param current the room's state now, as one update.
 * @param bases the one of the earliest `since` first; collected in one, a word may stand in an earlier one.
 * Throws `too-large` or `damaged`; nothing was changed then.
 */
export async function rebuildAt(
  updates: () => AsyncIterable<TimedUpdate>,
  current: Uint8Array,
  time: number,
  bases: readonly Base[] = [],
): Promise<PastState> {
  const now = new Y.Doc({ gc: false });
  const all = new Y.Doc({ gc: false });
  const past = new Y.Doc({ gc: false });
  try {
    mustWork(() => Y.applyUpdate(now, current));
    const coverage = await readCoverage(updates(), time);
    const builder = new PastBuilder(all);
    const under = layBases(bases, coverage, builder);
    const rest = uncovered(now, under.covered);
    for (const ranges of layersOf(rest)) builder.take(updateOfRanges(now, ranges));
    for await (const { update } of updates()) builder.take(update);
    const allTaken = builder.finish(Y.encodeStateAsUpdate(now));
    if (isTooDeep(all)) throw unsafe();
    const silent = deletionsWithout(now, rangesOf(all));
    const untold = deletionsWithout(now, joined(rangesOf(all), under.deleted));
    const reached = clocksAt(Y.decodeStateVector(Y.encodeStateVector(all)), coverage);
    const snapshot = snapshotOf([coverage.deletedByThen, silent], reached);
    mustWork(() => Y.createDocFromSnapshot(all, snapshot, past));
    return {
      update: Y.encodeStateAsUpdate(past),
      complete: coverage.unreadable === 0 && rest.size === 0 && untold.size === 0 && time >= under.since && allTaken,
    };
  } finally {
    for (const doc of [now, all, past]) doc.destroy();
  }
}

interface Coverage {
  readonly all: RangesByClient;
  readonly byThen: RangesByClient;
  readonly deletedByThen: ReadonlyMap<number, readonly ClockRange[]>;
  readonly unreadable: number;
  readonly items: number;
}

async function readCoverage(updates: AsyncIterable<TimedUpdate>, time: number): Promise<Coverage> {
  const [all, byThen, deleted] = [new RangesByClient(), new RangesByClient(), new RangesByClient()];
  let unreadable = 0;
  let items = 0;
  for await (const { at, update } of updates) {
    const facts = safeFacts(update);
    if (!facts) {
      unreadable += 1;
      continue;
    }
    items += facts.items;
    if (items > MOST_ITEMS) throw tooLarge();
    for (const [client, structs] of facts.structs) {
      for (const struct of structs) {
        all.add(client, struct);
        if (at <= time) byThen.add(client, struct);
      }
    }
    if (at > time) continue;
    for (const [client, ranges] of facts.deletes) for (const range of ranges) deleted.add(client, range);
  }
  return { all, byThen, deletedByThen: deleted.clients, unreadable, items };
}

interface Under {
  /** Clocks that the segments or a base bring. */
  readonly covered: RangesByClient;
  readonly deleted: ReadonlyMap<number, readonly ClockRange[]>;
  /** From when on the bases that were needed hold; 0 where none was. */
  readonly since: number;
}

/** Lays what no segment brings, and a base does, under the segments; it counts as there from the beginning. */
function layBases(bases: readonly Base[], coverage: Coverage, builder: PastBuilder): Under {
  const covered = new RangesByClient();
  const deleted = new RangesByClient();
  for (const [client, ranges] of coverage.all.clients) for (const range of ranges) covered.add(client, range);
  let items = 0;
  let since = 0;
  for (const base of bases) {
    const facts = safeFacts(base.update);
    if (!facts) continue;
    items += facts.items;
    if (coverage.items + items > MOST_ITEMS) throw tooLarge();
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

function joined(
  ...all: readonly ReadonlyMap<number, readonly ClockRange[]>[]
): ReadonlyMap<number, readonly ClockRange[]> {
  const found = new RangesByClient();
  for (const [client, ranges] of all.flatMap((one) => [...one])) for (const range of ranges) found.add(client, range);
  return found.clients;
}

/** What the document has and is not covered. */
function uncovered(now: Y.Doc, covered: RangesByClient): ReadonlyMap<number, readonly ClockRange[]> {
  const found = new Map<number, readonly ClockRange[]>();
  for (const [client, end] of Y.decodeStateVector(Y.encodeStateVector(now))) {
    const ranges = gaps(covered.of(client), end);
    if (ranges.length > 0) found.set(client, ranges);
  }
  return found;
}

/** What was there before any segment as one update, since it may build on itself in any order; later pieces one by one. */
function layersOf(base: ReadonlyMap<number, readonly ClockRange[]>): readonly ReadonlyMap<number, ClockRange>[] {
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

/**
 * Where each client stood: as far as its clocks run without one that came later. What no segment covers came with, or before,
 * what stands before it.
 */
function clocksAt(known: ReadonlyMap<number, number>, { all, byThen }: Coverage): Map<number, number> {
  const reached = new Map<number, number>();
  for (const [client, end] of known) {
    let clock = 0;
    for (const range of joinRanges([...byThen.of(client), ...gaps(all.of(client), end)])) {
      if (range.start > clock) break;
      clock = Math.max(clock, range.end);
    }
    if (clock > 0) reached.set(client, Math.min(clock, end));
  }
  return reached;
}

/** Deleted in `now` and not told of. */
function deletionsWithout(
  now: Y.Doc,
  told: ReadonlyMap<number, readonly ClockRange[]>,
): ReadonlyMap<number, readonly ClockRange[]> {
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

function rangesOf(doc: Y.Doc): Map<number, readonly ClockRange[]> {
  const found = new Map<number, readonly ClockRange[]>();
  for (const [client, items] of Y.createDeleteSetFromStructStore(doc.store).clients) {
    found.set(client, joinRanges(items.map(({ clock, len }) => ({ start: clock, end: clock + len }))));
  }
  return found;
}

/** Deletes only what had come by then: a deletion of something unknown would stay pending in the document. */
function snapshotOf(
  deleted: readonly ReadonlyMap<number, readonly ClockRange[]>[],
  reached: ReadonlyMap<number, number>,
): Y.Snapshot {
  const set = new DeleteSet();
  for (const [client, ranges] of deleted.flatMap((ranges) => [...ranges])) {
    const limit = reached.get(client) ?? 0;
    set.add(
      client,
      ranges.map(({ start, end }) => ({ start, end: Math.min(end, limit) })),
    );
  }
  const [deletes, clocks] = [set.encode(), encodeStateVector(reached)];
  const bytes = new Uint8Array(deletes.length + clocks.length);
  bytes.set(deletes);
  bytes.set(clocks, deletes.length);
  return Y.decodeSnapshot(bytes);
}

function tooLarge(): AppError {
  return new AppError(
    'too-large',
    'This document has too much history to be rebuilt in memory. It is kept as it is; shorten how much history is kept, or ask for it on a computer with more memory.',
  );
}

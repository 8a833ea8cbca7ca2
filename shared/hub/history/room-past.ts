// A room's past as one document in which nothing is collected, with who brought and who deleted what in it: any state, and any author, is read from it. It reads no store; it trusts no byte.
import * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isTooDeep } from '../compaction.ts';
import { DeleteSet } from '../delete-set.ts';
import { encodeStateVector } from '../knowledge.ts';
import { ClaimedRanges } from './claimed-ranges.ts';
import { gaps, joinRanges, RangesByClient } from './clock-ranges.ts';
import { lastOf } from './last-of.ts';
import { mustWork, PastBuilder, safeFacts, unsafe } from './past-builder.ts';
import type { TimedUpdate } from './segment.ts';
import { updateOfRanges } from './struct-ranges.ts';
import {
  deletionsWithout,
  joined,
  layBases,
  layersOf,
  rangesOf,
  uncovered,
  type Base,
  type Ranges,
} from './under-segments.ts';

export interface PastState {
  /** One Yjs update (v1): the document as it was. */
  readonly update: Uint8Array;
  /** False where something of the room stands in no segment: that counts as there from the beginning. */
  readonly complete: boolean;
}

/** An update, and the number of the segment (of the caller's list) that it stands in. */
export interface PlacedUpdate extends TimedUpdate {
  readonly segment: number;
  /** Its place among the updates of the segment, where that is known. */
  readonly index?: number;
}

export interface PastSource {
  /** Twice the same, in rising order of time; they are not kept. */
  updates(): AsyncIterable<PlacedUpdate>;
  /** The room's state now, as one update. */
  readonly current: Uint8Array;
  /** The one of the earliest `since` first: collected in one, a word may stand in an earlier one. */
  readonly bases: readonly Base[];
  /** Called now and then with how many updates were read (each is, twice); what it rejects with ends the building. */
  readonly pace?: (read: number) => Promise<void>;
}

/** Objects that a rebuilding may make: a document at its limit, and as much again that was deleted. */
const MOST_ITEMS = 2 * LIMITS.items;
/** Updates between two calls of the pace. */
const BREATH = 64;

type Stretch = readonly [client: number, start: number, end: number];

/** What one update of a segment told. */
export interface Telling {
  readonly at: number;
  readonly segment: number;
  /** Its place among the updates of the segment; -1: not known. */
  readonly index: number;
  readonly brings: readonly Stretch[];
  readonly deletes: readonly Stretch[];
}

/** How the room stands, in clocks. */
export interface Standing {
  readonly clocks: ReadonlyMap<number, number>;
  readonly deleted: Ranges;
  /** Of that what the stored bytes themselves say; the rest follows from the structure. */
  readonly told: Ranges;
}

/**
 * How it works: one document takes in the raw updates, so that nothing in it was collected, beneath them what no segment covers,
 * taken from the bases and then from the state now. The document at a time is then the part of it that had come by then: clocks
 * and deletions of the updates up to that time. Deletions that follow from the structure alone (a value that was overwritten at
 * the same time) follow again by themselves.
 */
export class RoomPast {
  /** Everything that ever stood in the room and is known here. Not to be changed. */
  readonly all: Y.Doc;
  /** Of the segments, in the order of their time. */
  readonly tellings: readonly Telling[];
  readonly now: Standing;
  /** The tellings, and as the latest one what none of them tells. */
  readonly #entries: readonly Telling[];
  readonly #covered: RangesByClient;
  /** Deletions that no segment tells of. */
  readonly #silent: Ranges;
  readonly #since: number;
  readonly #whole: boolean;
  #brought: ClaimedRanges | null = null;
  #deleted: ClaimedRanges | null = null;

  private constructor(parts: {
    all: Y.Doc;
    entries: readonly Telling[];
    now: Standing;
    covered: RangesByClient;
    silent: Ranges;
    since: number;
    whole: boolean;
  }) {
    this.all = parts.all;
    this.tellings = parts.entries.slice(0, -1);
    this.now = parts.now;
    this.#entries = parts.entries;
    this.#covered = parts.covered;
    this.#silent = parts.silent;
    this.#since = parts.since;
    this.#whole = parts.whole;
  }

  /** The owner disposes it. Rejects with `too-large` or `damaged`; nothing was changed then. */
  static async build(source: PastSource): Promise<RoomPast> {
    const now = new Y.Doc({ gc: false });
    const all = new Y.Doc({ gc: false });
    let built = false;
    try {
      mustWork(() => Y.applyUpdate(now, source.current));
      let items = 0;
      const mayTake = (more: number): void => {
        items += more;
        if (items > MOST_ITEMS) throw tooLarge();
      };
      const { entries, covered, unreadable } = await readEntries(source, mayTake);
      const builder = new PastBuilder(all);
      const under = layBases(source.bases, covered, builder, mayTake);
      const rest = uncovered(now, under.covered);
      for (const ranges of layersOf(rest)) builder.take(updateOfRanges(now, ranges));
      let read = entries.length + unreadable;
      for await (const { update } of source.updates()) {
        builder.take(update);
        if (++read % BREATH === 0) await source.pace?.(read);
      }
      const allTaken = builder.finish(Y.encodeStateAsUpdate(now));
      if (isTooDeep(all)) throw unsafe();
      const told = rangesOf(all);
      const untold = deletionsWithout(now, joined(told, under.deleted));
      const { brings, deletes } = lastOf(all, covered, under.covered, rest, untold, source.bases.length > 0);
      const latest = entries.reduce((latest, { at }) => Math.max(latest, at), 0);
      const last = { at: latest, segment: -1, index: -1, brings, deletes };
      const silent = deletionsWithout(now, joined(told, rangesByClient(deletes)));
      for (const [client, start, end] of brings) covered.add(client, { start, end });
      entries.push(last);
      const whole = unreadable === 0 && rest.size === 0 && untold.size === 0 && allTaken;
      built = true;
      return new RoomPast({
        all,
        entries,
        now: standingOf(now, source.current),
        covered,
        silent,
        since: under.since,
        whole,
      });
    } finally {
      now.destroy();
      if (!built) all.destroy();
    }
  }

  /** Whether all of it, and when it came, is known from some moment on. */
  get isWhole(): boolean {
    return this.#whole;
  }

  stateAt(time: number): PastState {
    const [byThen, deletedByThen] = [new RangesByClient(), new RangesByClient()];
    for (const { at, brings, deletes } of this.#entries) {
      if (at > time) break;
      for (const [client, start, end] of brings) byThen.add(client, { start, end });
      for (const [client, start, end] of deletes) deletedByThen.add(client, { start, end });
    }
    const known = Y.decodeStateVector(Y.encodeStateVector(this.all));
    const reached = clocksAt(known, this.#covered, byThen);
    const update = this.#part(snapshotOf([deletedByThen.clients, this.#silent], reached));
    return { update, complete: this.#whole && time >= this.#since };
  }

  /**
   * What somebody had of it: each client up to a clock, without what they knew to be deleted. `clocks` must be such as a document
   * has (nothing builds on what is not in it); deletions that no segment tells of count as known.
   */
  stateWith(clocks: ReadonlyMap<number, number>, deleted: Ranges): Uint8Array {
    const known = Y.decodeStateVector(Y.encodeStateVector(this.all));
    const reached = new Map<number, number>();
    for (const [client, clock] of clocks) {
      const end = Math.min(clock, known.get(client) ?? 0);
      if (end > 0) reached.set(client, end);
    }
    return this.#part(snapshotOf([deleted, this.#silent], reached));
  }

  #part(snapshot: Y.Snapshot): Uint8Array {
    const past = new Y.Doc({ gc: false });
    try {
      mustWork(() => Y.createDocFromSnapshot(this.all, snapshot, past));
      return Y.encodeStateAsUpdate(past);
    } finally {
      past.destroy();
    }
  }

  /** Which segment brought what stands under a client's clock, the first of several; -1: none did. */
  get brought(): ClaimedRanges {
    this.#brought ??= claims(this.#entries, ({ brings }) => brings);
    return this.#brought;
  }

  /** Which segment was the first to tell of a deletion. */
  get deleted(): ClaimedRanges {
    this.#deleted ??= claims(this.#entries, ({ deletes }) => deletes);
    return this.#deleted;
  }

  dispose(): void {
    this.all.destroy();
  }
}

function standingOf(now: Y.Doc, current: Uint8Array): Standing {
  const told = new RangesByClient();
  const facts = safeFacts(current);
  for (const [client, structs] of facts?.structs ?? [])
    for (const struct of structs) if (struct.empty) told.add(client, struct);
  for (const [client, ranges] of facts?.deletes ?? []) for (const range of ranges) told.add(client, range);
  return {
    clocks: Y.decodeStateVector(Y.encodeStateVector(now)),
    deleted: rangesOf(now),
    told: told.clients,
  };
}

function rangesByClient(list: readonly Stretch[]): Ranges {
  const found = new RangesByClient();
  for (const [client, start, end] of list) found.add(client, { start, end });
  return found.clients;
}

function claims(entries: readonly Telling[], of: (entry: Telling) => readonly Stretch[]): ClaimedRanges {
  const found = new ClaimedRanges();
  for (const entry of entries) {
    for (const [client, start, end] of of(entry)) found.claim(client, start, end, entry.segment);
  }
  return found;
}

async function readEntries(source: PastSource, mayTake: (items: number) => void) {
  const entries: Telling[] = [];
  const covered = new RangesByClient();
  let unreadable = 0;
  for await (const { at, update, segment, index = -1 } of source.updates()) {
    const facts = safeFacts(update);
    if (!facts) {
      unreadable += 1;
      continue;
    }
    mayTake(facts.items);
    const brings: [number, number, number][] = [];
    const deletes: [number, number, number][] = [];
    for (const [client, structs] of facts.structs) {
      for (const { start, end } of structs) {
        covered.add(client, { start, end });
        const last = brings.at(-1);
        if (last?.[0] === client && last[2] === start) last[2] = end;
        else brings.push([client, start, end]);
      }
    }
    for (const [client, ranges] of facts.deletes)
      for (const { start, end } of ranges) deletes.push([client, start, end]);
    entries.push({ at, segment, index, brings, deletes });
    if (entries.length % BREATH === 0) await source.pace?.(entries.length);
  }
  return { entries, covered, unreadable };
}

/**
 * Where each client stood: as far as its clocks run without one that came later. What no segment covers came with, or before,
 * what stands before it.
 */
function clocksAt(
  known: ReadonlyMap<number, number>,
  all: RangesByClient,
  byThen: RangesByClient,
): Map<number, number> {
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

/** Deletes only what had come by then: a deletion of something unknown would stay pending in the document. */
function snapshotOf(deleted: readonly Ranges[], reached: ReadonlyMap<number, number>): Y.Snapshot {
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

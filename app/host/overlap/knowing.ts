// Which change of a room was made without knowing of which other one, from what the sessions' hubs had meanwhile (docs/storage.md, OV1). Pure; it names nobody.
import type * as Y from 'yjs';
import type { ClockRange } from '../../../shared/hub/delete-set.ts';
import { RangesByClient } from '../../../shared/hub/history/clock-ranges.ts';
import type { KnownAt } from '../../../shared/hub/history/known-at.ts';
import type { RoomPast, Telling } from '../../../shared/hub/history/room-past.ts';
import { firstTellings, type FirstTellings } from '../recovered/past-values.ts';

/** What is needed of a session. */
export interface KnowingSession {
  readonly clients: readonly number[];
  readonly known: () => readonly KnownAt[];
}

/** A stretch of one session in which its hub had the same of all that others wrote. */
export interface Stint {
  readonly session: number;
  /** Since when the hub had no link to others; 0: it had one. */
  readonly apart: number;
  /** Null: it is not told. */
  readonly clocks: ReadonlyMap<number, number> | null;
  /** Its last telling. */
  last: number;
}

type Point = readonly [client: number, clock: number];

export class Knowing {
  readonly first: FirstTellings;
  readonly #tellings: readonly Telling[];
  readonly #stints: (Stint | null)[] = [];
  /** Of each telling the last clock that its device had brought by then. */
  readonly #before: (Point | null)[] = [];
  /** Whether a device is one, by session: what sat at one computer knew of itself. */
  readonly #deviceOf: (session: number) => string;

  constructor(past: RoomPast, sessions: readonly KnowingSession[], deviceOf: (session: number) => string) {
    this.#tellings = past.tellings;
    this.#deviceOf = deviceOf;
    this.first = firstTellings(past);
    this.#findStints(sessions);
    this.#findPoints();
  }

  stintOf(telling: number): Stint | null {
    return this.#stints[telling] ?? null;
  }

  /** Whether the author of a telling had, with it, what stands under a clock. */
  has(telling: number, { client, clock }: Pick<Y.ID, 'client' | 'clock'>): boolean {
    const by = this.first.brought.at(client, clock);
    const session = this.#tellings[telling]?.segment;
    if (by >= 0 && this.#tellings[by]?.segment === session) return by <= telling;
    return (this.stintOf(telling)?.clocks?.get(client) ?? 0) > clock;
  }

  /**
   * Whether the author of a telling had, with it, what another told. A deletion alone brings no clock: it counts as known where
   * what its device wrote before it is known, or nothing was.
   */
  heard(telling: number, other: number): boolean {
    const [mine, theirs] = [this.#tellings[telling], this.#tellings[other]];
    if (!mine || !theirs) return false;
    if (mine.segment === theirs.segment) return other <= telling;
    const device = this.#deviceOf(mine.segment);
    if (device !== '' && device === this.#deviceOf(theirs.segment)) return other <= telling;
    const before = this.#before[other];
    if (before && !this.has(telling, { client: before[0], clock: before[1] })) return false;
    return true;
  }

  /** Neither knew of the other, as far as it is told of both. */
  apart(one: number, two: number): boolean {
    const [a, b] = [this.stintOf(one), this.stintOf(two)];
    if (!a?.clocks || !b?.clocks) return false;
    return !this.heard(one, two) && !this.heard(two, one);
  }

  /** All that the author of a telling had with it: clocks, and what they knew to be deleted. */
  viewOf(telling: number): {
    readonly clocks: Map<number, number>;
    readonly deleted: ReadonlyMap<number, readonly ClockRange[]>;
  } {
    const stint = this.stintOf(telling);
    const clocks = new Map(stint?.clocks ?? []);
    const deleted = new RangesByClient();
    for (const [number, { segment, brings, deletes }] of this.#tellings.entries()) {
      if (segment === stint?.session && number <= telling) {
        for (const [client, , end] of brings) clocks.set(client, Math.max(clocks.get(client) ?? 0, end));
      }
      if (deletes.length === 0 || !this.heard(telling, number)) continue;
      for (const [client, start, end] of deletes) deleted.add(client, { start, end });
    }
    return { clocks, deleted: deleted.clients };
  }

  #findStints(sessions: readonly KnowingSession[]): void {
    const open = sessions.map(({ clients, known }) => ({
      own: new Set(clients),
      records: known(),
      next: 0,
      told: true,
      clocks: null as Map<number, number> | null,
      stint: null as Stint | null,
    }));
    for (const [number, { segment, index }] of this.#tellings.entries()) {
      const one = open[segment];
      // Of a session that says nothing of what its hub had, nothing can be told.
      if (!one || one.records.length === 0) {
        this.#stints.push(null);
        continue;
      }
      let fresh = one.stint === null;
      let apart = one.stint?.apart ?? 0;
      for (let record = one.records[one.next]; record && record.from <= index; record = one.records[one.next]) {
        one.next += 1;
        one.told &&= record.told;
        const others = record.clocks.some(([client]) => !one.own.has(client));
        if (fresh || others || record.apart !== apart) {
          fresh = true;
          one.clocks = new Map(one.clocks);
        }
        for (const [client, clock] of record.clocks) one.clocks?.set(client, clock);
        apart = record.apart;
      }
      if (fresh) one.stint = { session: segment, apart, clocks: one.told ? one.clocks : null, last: number };
      if (one.stint) one.stint.last = number;
      this.#stints.push(one.stint);
    }
  }

  #findPoints(): void {
    const last = new Map<string, Point>();
    for (const { segment, brings } of this.#tellings) {
      const who = this.#deviceOf(segment) || String(segment);
      const own = brings.at(-1);
      if (own) last.set(who, [own[0], own[2] - 1]);
      this.#before.push(last.get(who) ?? null);
    }
  }
}

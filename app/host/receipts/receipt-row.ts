// What this computer wrote in one room, by sitting, and who was seen to hold how much of it (docs/storage.md, RC1 to RC4). Pure: rows go in and come out.
import { z } from 'zod';
import type { Holder } from '../../../shared/protocol/cursor-frames.ts';
import { holdsReceipt, isReceiptGood, type HubReceipt, type ReceiptFacts } from '../../../shared/link/hub-receipt.ts';

/** Who comes back after a pause as long as this begins something new. */
const PAUSE = 15 * 60_000;
const SITTINGS = 30;
/** Of one sitting: as many as there are different sets of devices that hold it up to there, and one that nobody holds yet. */
const POINTS = 16;

const receipt = z.object({ hub: z.string(), turn: z.number(), number: z.number(), at: z.number() });

const point = z.object({
  /** When the change was stored here. */
  to: z.number(),
  /** Of the room here; everything before it is in it. */
  number: z.number(),
  /** The relay's receipt for it, and when that was learned. */
  relay: receipt.nullable(),
  /** By device, when it was learned that it holds this. */
  held: z.record(z.string(), z.number()),
});
type Point = Readonly<z.output<typeof point>>;

const sitting = z.object({ from: z.number(), points: z.array(point).min(1).max(POINTS) });
type Sitting = Readonly<z.output<typeof sitting>>;

export const receiptRow = z.object({
  /** Oldest first. */
  sittings: z.array(sitting).max(SITTINGS),
});
export type ReceiptRow = Readonly<z.output<typeof receiptRow>>;

/** How much of a sitting somebody holds. */
export interface HeldUpTo {
  /** When the last change that they hold was made. */
  readonly upTo: number;
  /** Whether that is the sitting's last. */
  readonly all: boolean;
  /** When it was learned. */
  readonly at: number;
}

export interface SittingHolders {
  readonly from: number;
  readonly to: number;
  readonly relay: HeldUpTo | null;
  readonly devices: readonly (HeldUpTo & { readonly device: string })[];
}

export const NO_ROW: ReceiptRow = { sittings: [] };

/** RC1: a change that was made here is stored. */
export function edited({ sittings }: ReceiptRow, number: number, at: number): ReceiptRow {
  const last = sittings.at(-1);
  // A clock that was set back does not make a sitting end before it began.
  if (last && at - endOf(last) < PAUSE && at >= last.from) return missed({ sittings }, number, at);
  return { sittings: [...sittings, { from: at, points: [pointAt(number, at)] }].slice(-SITTINGS) };
}

/** RC2: changes were found that nobody saw being made: they may be this computer's, and are counted to the last sitting. */
export function missed({ sittings }: ReceiptRow, number: number, at = 0): ReceiptRow {
  const last = sittings.at(-1);
  return last ? { sittings: [...sittings.slice(0, -1), extended(last, number, at)] } : { sittings };
}

/** The changes for which a receipt is still to be asked. */
export function unreceipted(row: ReceiptRow, facts: ReceiptFacts): readonly number[] {
  const numbers: number[] = [];
  for (const { points } of row.sittings) {
    for (const { relay, number } of points) if (!relay || !isReceiptGood(relay, facts)) numbers.push(number);
  }
  return numbers;
}

/** RC3: the relay's receipt for a change here. */
export function receipted(row: ReceiptRow, number: number, given: HubReceipt, at: number): ReceiptRow {
  return mapPoints(row, (one) => (one.number === number ? { ...one, relay: { ...given, at }, held: {} } : one));
}

/** RC4: what a space's devices hold now, as it was published: who holds less than it was seen to hold lost it. */
export function published(row: ReceiptRow, facts: ReceiptFacts, document: string, at: number): ReceiptRow {
  const holders = new Map(facts.holders.map((holder) => [holder.device, holder]));
  const seen = mapPoints(row, (one) => {
    if (!one.relay || !isReceiptGood(one.relay, facts)) {
      return one.relay === null && isEmpty(one.held) ? one : { ...one, relay: null, held: {} };
    }
    const held = heldNow(one, one.relay, holders, document, at);
    return held === one.held ? one : { ...one, held };
  });
  const sittings = seen.sittings.map(thinned);
  return seen === row && sittings.every((one, index) => one === row.sittings[index]) ? row : { sittings };
}

/** RC4: each sitting with who is known to hold it, newest first: nothing that a relay's loss made void, nothing that a device does not hold any more. */
export function holdersOfSittings(row: ReceiptRow, facts: ReceiptFacts, document: string): readonly SittingHolders[] {
  const holders = new Map(facts.holders.map((holder) => [holder.device, holder]));
  return row.sittings
    .map(({ from, points }) => {
      const to = endOf({ points });
      let relay: HeldUpTo | null = null;
      const devices = new Map<string, HeldUpTo>();
      for (const [index, one] of points.entries()) {
        if (!one.relay || !isReceiptGood(one.relay, facts)) continue;
        const all = index === points.length - 1;
        relay = { upTo: one.to, all, at: one.relay.at };
        for (const [device, at] of Object.entries(one.held)) {
          const holder = holders.get(device);
          if (holder && holdsReceipt(holder, one.relay, document)) devices.set(device, { upTo: one.to, all, at });
        }
      }
      return { from, to, relay, devices: [...devices].map(([device, held]) => ({ device, ...held })) };
    })
    .reverse();
}

/** When the room was written in last here; rows that are older go first where there are too many. */
export function lastEdit(row: ReceiptRow): number {
  const last = row.sittings.at(-1);
  return last ? endOf(last) : 0;
}

function endOf({ points }: Pick<Sitting, 'points'>): number {
  return points.at(-1)?.to ?? 0;
}

function pointAt(number: number, to: number): Point {
  return { to, number, relay: null, held: {} };
}

/** What the relay was not seen to hold yet is one point with what follows it. */
function extended({ from, points }: Sitting, number: number, at: number): Sitting {
  const last = points.at(-1);
  const kept = last?.relay === null ? points.slice(0, -1) : points;
  const fresh = pointAt(Math.max(number, last?.number ?? 0), Math.max(at, last?.to ?? 0));
  return { from, points: [...kept, fresh].slice(-POINTS) };
}

/** A point says nothing more where a later one is held by all who hold it. */
function thinned(one: Sitting): Sitting {
  const points = one.points.filter((earlier, index) => {
    return !one.points.slice(index + 1).some((later) => {
      return later.relay !== null && Object.keys(earlier.held).every((device) => later.held[device] !== undefined);
    });
  });
  return points.length === one.points.length ? one : { ...one, points };
}

function heldNow(
  { held }: Point,
  relay: HubReceipt,
  holders: ReadonlyMap<string, Holder>,
  document: string,
  at: number,
): Point['held'] {
  const now: Record<string, number> = {};
  let same = true;
  for (const [device, holder] of holders) {
    if (!holdsReceipt(holder, relay, document)) continue;
    now[device] = held[device] ?? at;
    same &&= held[device] !== undefined;
  }
  return same && Object.keys(now).length === Object.keys(held).length ? held : now;
}

function mapPoints(row: ReceiptRow, change: (one: Point) => Point): ReceiptRow {
  let changed = false;
  const sittings = row.sittings.map((one) => {
    const points = one.points.map(change);
    if (points.every((each, index) => each === one.points[index])) return one;
    changed = true;
    return { ...one, points };
  });
  return changed ? { sittings } : row;
}

function isEmpty(held: Point['held']): boolean {
  return Object.keys(held).length === 0;
}

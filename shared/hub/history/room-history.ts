// The segments of one room as a list and as one stream of updates in order of time; one segment is in memory at a time, or those that overlap.
import type { DocStore } from '../doc-store.ts';
import type { SegmentRows } from '../segment-rows.ts';
import type { ValueStore } from '../value-store.ts';
import { PENDING_AREA, prefixOfPending, readPendingRow } from './pending-rows.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import { toBase64url } from '../../base/encoding.ts';
import { safeFacts } from './past-builder.ts';
import { countWords, typedText } from './typed-text.ts';
import type { PlacedUpdate } from './room-past.ts';
import { decodeKnown, type KnownAt } from './known-at.ts';
import { decodeSegment, type DecodedSegment, type TimedUpdate } from './segment.ts';
import type { Base } from './under-segments.ts';

/** A segment as people look at it. */
export interface SegmentSummary {
  readonly hash: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Who sat at it; '' where nothing was proved. */
  readonly device: string;
  readonly member: string;
  /** Base64url of the public key of the hub that recorded it. */
  readonly signer: string;
  readonly clients: readonly number[];
  readonly updates: number;
  /** Bytes. */
  readonly size: number;
  /** Words that were typed in it, also those that were deleted since. */
  readonly words: number;
}

/** What is needed to read a room's sessions in their order. */
export interface SegmentStart {
  /** Of a session that is not cut yet the name of its rows. */
  readonly hash: string;
  readonly startedAt: number;
  /** Of a session that is not cut yet: it stands in no segment. */
  readonly updates?: readonly TimedUpdate[];
}

/** A session of a room, cut or not, as the page's history lists it. */
export interface RoomSession extends SegmentStart {
  /** Tells it from any other, cut or not. */
  readonly identity: string;
  readonly endedAt: number;
  /** Who sat at it; '' where nothing was proved. */
  readonly device: string;
  readonly member: string;
  /** As of a SegmentSummary; null: it is not cut yet, and sits here. */
  readonly signer: string | null;
  readonly count: number;
  /** Yjs clients that wrote in it. */
  readonly clients: readonly number[];
  /** What its hub had of the room meanwhile (SG20); [] where nothing is said. */
  readonly known: () => readonly KnownAt[];
}

/** Of the sessions, oldest first. */
export async function readSummaries(rows: SegmentRows, room: string): Promise<readonly SegmentSummary[]> {
  return readSegments(rows, room, (hash, { startedAt, endedAt, device, member, signer, clients, updates }, size) => ({
    hash,
    startedAt,
    endedAt,
    device,
    member,
    signer: toBase64url(signer),
    clients,
    updates: updates.length,
    size,
    words: countWords(typedText(updates.map(({ update }) => update))),
  }));
}

/** Those of the earliest `since` first: what was collected in a later one may stand in it. */
export async function readBases(rows: SegmentRows, room: string): Promise<readonly (Base & { hash: string })[]> {
  const found: (Base & { hash: string })[] = [];
  for await (const { hash, segment } of decoded(rows, room)) {
    const [first] = segment.updates;
    if (segment.base && first) found.push({ hash, since: segment.startedAt, update: first.update });
  }
  return found.sort((a, b) => a.since - b.since || (a.hash < b.hash ? -1 : 1));
}

/** Those that are cut and those that are not, oldest first. */
export async function readSessions(
  store: Pick<DocStore, 'segments' | 'values'>,
  room: string,
): Promise<readonly RoomSession[]> {
  // Those that are not cut first: one that is cut meanwhile is then there twice, and is left out once.
  const open = await readOpen(store.values, room);
  const cut = await readSegments(
    store.segments,
    room,
    (hash, { startedAt, endedAt, device, member, signer, clients, updates, known }) => {
      // Not the view: it would keep the whole segment.
      const own = new Uint8Array(known);
      return {
        hash,
        identity: identityOf(device, updates),
        startedAt,
        endedAt,
        device,
        member,
        signer: toBase64url(signer),
        count: updates.length,
        clients,
        known: () => decodeKnown(own),
      };
    },
  );
  const known = new Set(cut.map(({ identity }) => identity));
  const fresh = open.filter(({ identity }) => !known.has(identity));
  return [...cut, ...fresh].sort((a, b) => a.startedAt - b.startedAt || (a.hash < b.hash ? -1 : 1));
}

async function readOpen(values: ValueStore, room: string): Promise<readonly RoomSession[]> {
  const sessions = new Map<string, { device: string; member: string; updates: TimedUpdate[]; known: KnownAt[] }>();
  for await (const [key, value] of values.entries(PENDING_AREA, `${room}/`)) {
    const prefix = prefixOfPending(key);
    const row = readPendingRow(value);
    if (prefix === null || !row) continue;
    const session = sessions.get(prefix) ?? { device: row.device, member: row.member, updates: [], known: [] };
    sessions.set(prefix, session);
    session.updates.push(...row.updates);
    session.known.push(...row.known);
  }
  return [...sessions].flatMap(([hash, { device, member, updates, known }]) => {
    const [first, last] = [updates[0], updates.at(-1)];
    if (!first || !last) return [];
    const times = { startedAt: first.at, endedAt: last.at };
    const count = updates.length;
    const clients = clientsIn(updates);
    const identity = identityOf(device, updates);
    return [{ hash, identity, ...times, device, member, signer: null, count, clients, updates, known: () => known }];
  });
}

/** Bytes by which the first update of a session is told from others: the clients, clocks and ranges of a keystroke lie in fewer. */
const TELLING = 64;

/** One device may begin two sessions in the same millisecond: what it wrote first tells them apart. */
function identityOf(device: string, updates: readonly TimedUpdate[]): string {
  const [first] = updates;
  if (!first) return device;
  return `${String(first.at)} ${device} ${String(first.update.length)} ${toBase64url(first.update.subarray(0, TELLING))}`;
}

function clientsIn(updates: readonly TimedUpdate[]): readonly number[] {
  const clients = new Set<number>();
  for (const { update } of updates) for (const client of safeFacts(update)?.structs.keys() ?? []) clients.add(client);
  return [...clients];
}

async function readSegments<T extends { readonly hash: string; readonly startedAt: number }>(
  rows: SegmentRows,
  room: string,
  look: (hash: string, segment: DecodedSegment, size: number) => T,
): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const { hash, segment, size } of decoded(rows, room)) {
    if (!segment.base) found.push(look(hash, segment, size));
  }
  return found.sort((a, b) => a.startedAt - b.startedAt || (a.hash < b.hash ? -1 : 1));
}

/** In no order. What cannot be read as a segment is left out. */
async function* decoded(rows: SegmentRows, room: string) {
  for (const hash of await rows.ofRoom(room)) {
    const bytes = await rows.read(workspaceOf(room), hash);
    const segment = bytes && decodeSegment(bytes);
    if (segment) yield { hash, segment, size: bytes.length };
  }
}

/** All updates of the room's segments in rising order of time, each with its place in `starts`, which is sorted by start. */
export async function* timedUpdates(
  rows: SegmentRows,
  room: string,
  starts: readonly SegmentStart[],
): AsyncIterable<PlacedUpdate> {
  // By the time of the next update of each; sessions that overlap are a handful.
  const open: { readonly updates: readonly TimedUpdate[]; readonly segment: number; at: number }[] = [];
  let next = 0;
  for (;;) {
    open.sort((a, b) => timeOf(a) - timeOf(b));
    const [first] = open;
    const waiting = starts[next];
    if (waiting && (!first || waiting.startedAt <= timeOf(first))) {
      next += 1;
      if (waiting.updates) {
        open.push({ updates: waiting.updates, segment: next - 1, at: 0 });
        continue;
      }
      const bytes = await rows.read(workspaceOf(room), waiting.hash);
      const segment = bytes && decodeSegment(bytes);
      if (segment) open.push({ updates: segment.updates, segment: next - 1, at: 0 });
      continue;
    }
    if (!first) return;
    const update = first.updates[first.at];
    const index = first.at;
    first.at += 1;
    if (first.at >= first.updates.length) open.shift();
    if (update) yield { ...update, segment: first.segment, index };
  }
}

function timeOf({ updates, at }: { readonly updates: readonly TimedUpdate[]; readonly at: number }): number {
  return updates[at]?.at ?? Infinity;
}

function workspaceOf(room: string): string {
  return parseRoomName(room)?.workspace ?? '';
}

// The segments of one room as a list and as one stream of updates in order of time; one segment is in memory at a time, or those that overlap.
import type { SegmentRows } from '../segment-rows.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import { toBase64url } from '../../base/encoding.ts';
import { countWords, typedText } from './typed-text.ts';
import type { Base } from './rebuild.ts';
import { decodeSegment, type DecodedSegment, type TimedUpdate } from './segment.ts';

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

/** What is needed to read a room's segments in their order. */
export interface SegmentStart {
  readonly hash: string;
  readonly startedAt: number;
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

/** Of the sessions, oldest first. */
export function readStarts(rows: SegmentRows, room: string): Promise<readonly SegmentStart[]> {
  return readSegments(rows, room, (hash, { startedAt }) => ({ hash, startedAt }));
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

async function readSegments<T extends SegmentStart>(
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

/** All updates of the room's segments in rising order of time. @param starts sorted by their start. */
export async function* timedUpdates(
  rows: SegmentRows,
  room: string,
  starts: readonly SegmentStart[],
): AsyncIterable<TimedUpdate> {
  // By the time of the next update of each; sessions that overlap are a handful.
  const open: { readonly updates: readonly TimedUpdate[]; at: number }[] = [];
  let next = 0;
  for (;;) {
    open.sort((a, b) => timeOf(a) - timeOf(b));
    const [first] = open;
    const waiting = starts[next];
    if (waiting && (!first || waiting.startedAt <= timeOf(first))) {
      next += 1;
      const bytes = await rows.read(workspaceOf(room), waiting.hash);
      const segment = bytes && decodeSegment(bytes);
      if (segment) open.push({ updates: segment.updates, at: 0 });
      continue;
    }
    if (!first) return;
    const update = first.updates[first.at];
    first.at += 1;
    if (first.at >= first.updates.length) open.shift();
    if (update) yield update;
  }
}

function timeOf({ updates, at }: { readonly updates: readonly TimedUpdate[]; readonly at: number }): number {
  return updates[at]?.at ?? Infinity;
}

function workspaceOf(room: string): string {
  return parseRoomName(room)?.workspace ?? '';
}

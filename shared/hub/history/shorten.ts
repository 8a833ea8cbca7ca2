// Removes a room's oldest segments and keeps in their place what the later states need: rule SG15. Which ones go is decided elsewhere.
import * as Y from 'yjs';
import { toWireError } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { SegmentRef } from '../../link/segment-source.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import type { Replacement, SegmentRows } from '../segment-rows.ts';
import { signBase } from './base-keeper.ts';
import { decodeSegment } from './segment.ts';
import type { SegmentSigner } from './segment-signer.ts';

export interface ShortenParts {
  readonly segments: SegmentRows;
  readonly signer: SegmentSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The room as it was, as one update; what it throws means that no base can be made. */
  readonly stateAt: (room: string, time: number) => Promise<Uint8Array>;
  readonly isClosed: () => boolean;
  readonly onKept: (room: string) => void;
}

/** Removed in one batch. */
const AT_ONCE = 200;

/**
 * @param all of this room. @param old which of them are to go. @param byAge whether they go for their age: a base is as young as
 * the sessions that build on it. Rejects with the store's error; what was not removed is there, and a base stands for what was.
 */
export async function shortenRoom(
  parts: ShortenParts,
  room: string,
  all: readonly SegmentRef[],
  old: ReadonlySet<SegmentRef>,
  byAge: boolean,
): Promise<number> {
  const { segments } = parts;
  const bases = new Map<SegmentRef, number>();
  for (const ref of all) {
    const bytes = await segments.read(parseRoomName(room)?.workspace ?? '', ref.hash);
    const segment = bytes && decodeSegment(bytes);
    if (segment?.base) bases.set(ref, segment.startedAt);
  }
  const sessions = all.filter((ref) => old.has(ref) && !bases.has(ref));
  const building = all.some((ref) => !old.has(ref) && !bases.has(ref));
  if (sessions.length === 0 && building && byAge) return 0;
  if (!building) {
    await removeAll(parts, sessions, { bases: [...bases.keys()], base: null });
    return sessions.length + bases.size;
  }
  const since = sessions.reduce((latest, { endedAt }) => Math.max(latest, endedAt), 0);
  const replaced = [...bases].filter(([, from]) => from <= since).map(([ref]) => ref);
  const base = sessions.length > 0 ? await baseFor(parts, room, since, [...sessions, ...replaced]) : null;
  const going = base ? replaced : [...bases.keys()].filter((ref) => old.has(ref));
  await removeAll(parts, sessions, { bases: going, base });
  if (base) parts.onKept(room);
  return sessions.length + going.length;
}

async function removeAll(
  { segments, isClosed }: ShortenParts,
  sessions: readonly SegmentRef[],
  replacement: Replacement,
): Promise<void> {
  // First what stands for them, so that at no moment of the removal something is missing.
  await segments.remove(sessions.slice(0, AT_ONCE), replacement);
  for (let at = AT_ONCE; at < sessions.length && !isClosed(); at += AT_ONCE) {
    await segments.remove(sessions.slice(at, at + AT_ONCE));
  }
}

/** Null where it cannot be told, or would be larger than what it stands for: then the states say since when they are whole. */
async function baseFor(
  { signer, clock, logger, stateAt }: ShortenParts,
  room: string,
  since: number,
  replaced: readonly SegmentRef[],
): Promise<Replacement['base']> {
  try {
    const update = collected(await stateAt(room, since));
    const bytes = await signBase(signer, { room, since, madeAt: clock.now(), update });
    if (!bytes || bytes.length > replaced.reduce((sum, { size }) => sum + size, 0)) return null;
    return { segment: { hash: await signer.hash(bytes), room, endedAt: Math.max(since, clock.now()) }, bytes };
  } catch (error) {
    logger.log('warn', 'base-not-kept', { room, code: toWireError(error).code });
    return null;
  }
}

/** What was deleted by then is in no state that can still be asked for. */
function collected(update: Uint8Array): Uint8Array {
  const doc = new Y.Doc();
  try {
    Y.applyUpdate(doc, update);
    return Y.encodeStateAsUpdate(doc);
  } finally {
    doc.destroy();
  }
}

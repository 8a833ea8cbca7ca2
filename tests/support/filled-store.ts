// A real store with known words in its rooms, for tests that damage it; the damaging is theirs.
import { join } from 'node:path';
import * as Y from 'yjs';
import { compactUpdates } from '../../shared/hub/compaction.ts';
import { decodeSegment, encodeSegmentBody, joinSignature } from '../../shared/hub/history/segment.ts';
import type { SegmentSigner } from '../../shared/hub/history/segment-signer.ts';
import { typedText } from '../../shared/hub/history/typed-text.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import type { HistoryLosses } from '../../shared/node/segment-losses.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { temporaryFolder } from './temp-folder.ts';
import { testSigner } from './test-signer.ts';

export const ROOMS = Array.from({ length: 12 }, (_, at) => `ws/${at % 3 === 0 ? 'product' : 'everyone'}/page-${at}`);
export const WORDS = 20;
/** Of each room: one of the first half of its words, one of the second. */
export const SESSIONS = 2;
/** Until when retention removed history of each space (SG12). */
export const REMOVED_UNTIL = 500_000;

/** Word by word, as somebody types; every third room is merged in the middle of it. */
async function writeRooms(store: LevelDocStore, rooms: readonly string[], signer: SegmentSigner): Promise<void> {
  for (const [at, room] of rooms.entries()) {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    for (let word = 0; word < WORDS; word += 1)
      doc.getText('body').insert(doc.getText('body').length, `${room}:${word} `);
    const half = updates.splice(0, WORDS / 2);
    for (const update of half) await store.append(room, update);
    if (at % 3 === 1) {
      const merged = compactUpdates(half, new RoomBytes(await store.load(room)).stateVector());
      if (merged.kind !== 'merged') throw new Error(merged.kind);
      await store.compact(room, half.length, merged.state);
    }
    await Promise.all(updates.map((update) => store.append(room, update)));
    for (const [session, typed] of [half, updates].entries()) {
      await store.segments.add(...(await segmentOf(room, typed, 1_000_000 + at * 1_000 + session * 100, signer)));
    }
  }
}

/** A session's segment as a hub cuts it, and what its list says of it. */
async function segmentOf(room: string, typed: readonly Uint8Array[], startedAt: number, signer: SegmentSigner) {
  const updates = typed.map((update, at) => ({ at: startedAt + at, update }));
  const endedAt = startedAt + updates.length - 1;
  const { publicKey } = signer;
  const author = { base: false, room, device: '', member: '', signer: publicKey, clients: [] };
  const body = encodeSegmentBody({ ...author, startedAt, endedAt, updates });
  const bytes = joinSignature(body, await signer.sign(body));
  return [{ hash: await signer.hash(bytes), room, endedAt }, bytes] as const;
}

/** What the session typed that retention removed. */
const REMOVED = '';

/** As retention does: a session that ended then was there and is gone. */
async function shorten(store: LevelDocStore, room: string, signer: SegmentSigner): Promise<void> {
  const [segment, bytes] = await segmentOf(room, [new Uint8Array([0, 0])], REMOVED_UNTIL, signer);
  const number = await store.segments.add(segment, bytes);
  await store.segments.remove([{ ...segment, number: number ?? 0, size: bytes.length }]);
}

/** The path of a closed store with a table for each third of the rooms, and a log for the last. */
export async function filledStore(): Promise<string> {
  const directory = join(await temporaryFolder(), 'store');
  const signer = await testSigner();
  for (let part = 0; part < 3; part += 1) {
    const store = await LevelDocStore.open({ directory });
    if (part === 0) for (const room of ROOMS.slice(0, 2)) await shorten(store, room, signer);
    await writeRooms(store, ROOMS.slice(part * 4, part * 4 + 4), signer);
    await store.values.write([{ area: 'membership', key: `ws/0000000${part}`, value: new Uint8Array([part]) }]);
    await store.close();
  }
  return directory;
}

/** The words of every room that the store serves. Throws `damaged` where it does not open, or a room cannot be loaded. */
export async function textsOf(directory: string): Promise<Map<string, string>> {
  const store = await LevelDocStore.open({ directory });
  try {
    const found = new Map<string, string>();
    for await (const room of store.rooms()) {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, new RoomBytes(await store.load(room)).whole());
      if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error(`${room} has a gap`);
      found.set(room, doc.getText('body').toString());
    }
    return found;
  } finally {
    await store.close();
  }
}

export interface StoredHistory {
  /** What each session of a room typed, in the order of their times; a room without any is not in it. */
  readonly sessions: ReadonlyMap<string, readonly string[]>;
  readonly removedUntil: Readonly<Record<string, number>>;
}

/** Throws `damaged` as textsOf(), and where a list names a segment that cannot be read. */
export async function historyOf(directory: string): Promise<StoredHistory> {
  const store = await LevelDocStore.open({ directory });
  try {
    const sessions = new Map<string, string[]>();
    for (const space of store.segments.spaces.keys()) {
      const [workspace = '', name = ''] = space.split('/');
      const refs = await store.segments.after(workspace, name, 0, 1_000);
      for (const { hash, room } of [...refs].sort((a, b) => a.endedAt - b.endedAt)) {
        const segment = decodeSegment((await store.segments.read(workspace, hash)) ?? new Uint8Array());
        if (segment?.room !== room) throw new Error(`${hash} is no segment of ${room}`);
        const typed = typedText(segment.updates.map(({ update }) => update)).join('');
        sessions.set(room, [...(sessions.get(room) ?? []), typed]);
      }
    }
    const spaces = [...store.segments.spaces].map(([space, { removedUntil }]) => [space, removedUntil] as const);
    return { sessions, removedUntil: Object.fromEntries(spaces) };
  } finally {
    await store.close();
  }
}

/** Of a store that lost nothing. */
export function wholeHistory(): StoredHistory {
  const half = WORDS / SESSIONS;
  const sessions = new Map(ROOMS.map((room) => [room, [wholeText(room, 0, half), wholeText(room, half)]]));
  return { sessions, removedUntil: { 'ws/everyone': REMOVED_UNTIL, 'ws/product': REMOVED_UNTIL } };
}

/** What a store after a repair lacks of its history, or has beyond it, without the report's naming it; a sentence each. */
export function unnamedLosses(kept: StoredHistory, { rooms, unknown, unbounded }: HistoryLosses): readonly string[] {
  const whole = wholeHistory();
  const said: string[] = [];
  const silent = new Map<string, number>();
  for (const room of new Set([...whole.sessions.keys(), ...kept.sessions.keys()])) {
    const before = whole.sessions.get(room) ?? [];
    // Where a removal stood in a damaged place, what was removed may be there again (rule UP4).
    const now = (kept.sessions.get(room) ?? []).filter((text) => text !== REMOVED);
    if (before.filter((text) => now.includes(text)).join('|') !== now.join('|'))
      said.push(`${room} has other sessions`);
    const missing = before.length - now.length;
    const named = rooms.find((loss) => loss.room === room)?.segments ?? 0;
    if (named > missing) said.push(`${room} lost ${missing} and not ${named}`);
    const space = room.slice(0, room.lastIndexOf('/'));
    silent.set(space, (silent.get(space) ?? 0) + missing - named);
  }
  for (const [space, missing] of silent) {
    const counted = unknown.find((loss) => loss.space === space)?.segments ?? 0;
    if (missing !== counted) said.push(`${space} lost ${missing} sessions beyond the named ones and not ${counted}`);
    const forgotten = kept.removedUntil[space] !== whole.removedUntil[space];
    if (forgotten !== unbounded.includes(space)) said.push(`${space} until when: ${kept.removedUntil[space]}`);
  }
  return said;
}

/** What stands in a room that lost nothing. */
export function wholeText(room: string, from = 0, to = WORDS): string {
  return Array.from({ length: to - from }, (_, at) => `${room}:${from + at} `).join('');
}

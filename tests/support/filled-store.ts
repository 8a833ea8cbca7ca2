// A real store with known words in its rooms, for tests that damage it; the damaging is theirs.
import { join } from 'node:path';
import * as Y from 'yjs';
import { compactUpdates } from '../../shared/hub/compaction.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { temporaryFolder } from './temp-folder.ts';

export const ROOMS = Array.from({ length: 12 }, (_, at) => `ws/${at % 3 === 0 ? 'product' : 'everyone'}/page-${at}`);
export const WORDS = 20;

/** Word by word, as somebody types; every third room is merged in the middle of it. */
async function writeRooms(store: LevelDocStore, rooms: readonly string[]): Promise<void> {
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
  }
}

/** The path of a closed store with a table for each third of the rooms, and a log for the last. */
export async function filledStore(): Promise<string> {
  const directory = join(await temporaryFolder(), 'store');
  for (let part = 0; part < 3; part += 1) {
    const store = await LevelDocStore.open({ directory });
    await writeRooms(store, ROOMS.slice(part * 4, part * 4 + 4));
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

/** What stands in a room that lost nothing. */
export function wholeText(room: string): string {
  return Array.from({ length: WORDS }, (_, word) => `${room}:${word} `).join('');
}

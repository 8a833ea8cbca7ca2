// Words in spaces that one lost, which nobody else has: they are told, exported, and let go of knowingly. Rule AH12.
import * as Y from 'yjs';
import { AppError } from '../../shared/base/app-error.ts';
import { PENDING_AREA, readPendingRow } from '../../shared/hub/history/pending-rows.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { OutboxEntry } from '../contract/entities.ts';
import type { HostParts } from './call-handlers.ts';
import { withCards, type ExportedEntry } from './exported-board.ts';
import type { RoomDocuments } from './room-documents.ts';
import type { Workspace } from './workspace.ts';

const EVERYTHING = new Uint8Array([0]);

export interface LostWords {
  readonly name: string;
  /** Those that this computer wrote in, of what no relay has acknowledged: it may be with nobody else. */
  readonly entries: readonly OutboxEntry[];
  /** Those of them that are pages, and boards of which one is the board or what one of its cards holds. */
  readonly pages: readonly ExportedEntry[];
}

/** What waits in a space that cannot be read any more. Throws `not-allowed` for one that can. */
export async function lostWords(host: HostParts, workspace: Workspace, space: string): Promise<LostWords> {
  if (workspace.mayRead(space)) {
    throw new AppError('not-allowed', 'You are in this space: what waits goes out by itself. Nothing was changed.');
  }
  await host.catalogue.settled();
  const entries: OutboxEntry[] = [];
  for (const entry of (await workspace.waits()).lost) {
    // A relay that shows nothing of the space any more acknowledges nothing either: what others wrote is not mine to let go of.
    if (parseRoomName(entry.room)?.space !== space) continue;
    if (await wroteIn(host, entry.room)) entries.push(entry);
  }
  const rooms = new Set(entries.map(({ room }) => room));
  const pages = host.catalogue
    .list(workspace.id, space)
    .filter((one) => one.kind === 'page' || one.kind === 'board')
    .map((one) => withCards(host, one))
    .filter(({ room, cards = [] }) => rooms.has(room) || cards.some((card) => rooms.has(card)));
  const name = workspace.spaces().find((one) => one.id === space)?.name ?? '';
  return { name, entries, pages };
}

async function wroteIn({ history, store, device }: HostParts, room: string): Promise<boolean> {
  for await (const [, value] of store.values.entries(PENDING_AREA, `${room}/`)) {
    if (readPendingRow(value)?.device === device.id) return true;
  }
  return (await history.segmentsOf(room)).some((one) => one.device === device.id);
}

/** As lostWords(); throws `not-found` where nothing waits. */
export async function needLostWords(host: HostParts, workspace: Workspace, space: string): Promise<LostWords> {
  const lost = await lostWords(host, workspace, space);
  if (lost.entries.length > 0) return lost;
  throw new AppError('not-found', 'Nothing of yours waits in this space. Nothing was changed.');
}

/**
 * Deletes those documents from this computer. Let in again, it has them as the relay has them: it then compares everything anew,
 * since what it remembered of the relay counted words that are gone.
 */
export async function releaseWords(host: HostParts, workspace: Workspace, rooms: readonly string[]): Promise<void> {
  const release = async (): Promise<void> => {
    await host.purged.remove(rooms);
    const { values } = host.store;
    const keys: string[] = [];
    for await (const [key] of values.entries('link', `${workspace.id}/`)) keys.push(key);
    host.receipts.forget(workspace.id);
    if (keys.length > 0) await values.write(keys.map((key) => ({ area: 'link', key, value: null })));
  };
  await host.peers.without(workspace.id, () => workspace.withoutLink(release));
}

/** Rooms as they are stored, past the rights of who asks: for words that are their own. It edits nothing. */
export function storedDocuments(store: DocStore): Pick<RoomDocuments, 'read'> {
  return {
    async read(room, look) {
      const doc = new Y.Doc({ guid: room });
      try {
        Y.applyUpdate(doc, new RoomBytes(await store.load(room)).diff(EVERYTHING));
        return look(doc);
      } finally {
        doc.destroy();
      }
    },
  };
}

// Deletes what this computer has of one workspace: documents, history, lists, progress with relays, snapshots that hold it. Nobody else loses anything.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toWireError } from '../../shared/base/app-error.ts';
import { snapshotStore } from '../../shared/node/store-snapshot.ts';
import type { HostParts } from './call-handlers.ts';
import { listSnapshots } from './snapshots.ts';

const PAGE = 500;

/** What is counted before somebody leaves. */
export interface WorkspaceSize {
  readonly documents: number;
  /** Of documents and history, as they were typed; files may be larger or smaller. */
  readonly bytes: number;
}

export async function sizeOfWorkspace(host: HostParts, id: string): Promise<WorkspaceSize> {
  let bytes = 0;
  for await (const room of host.store.rooms(id)) {
    const stored = await host.store.load(room).catch(() => null); // What is damaged is not counted.
    for (const update of stored?.tail ?? []) bytes += update.length;
    bytes += stored?.state?.update.length ?? 0;
  }
  for (const [space, history] of host.store.segments.spaces) if (space.startsWith(`${id}/`)) bytes += history.bytes;
  return { documents: host.catalogue.list(id).length, bytes };
}

/** Rejects with the store's error where the disk does not take it; what was not deleted is there, and it can be done again. */
export async function eraseWorkspace(host: HostParts, id: string): Promise<void> {
  const workspace = host.workspaces.get(id);
  // Nobody opens a room again while they go.
  host.access.set(id, null);
  await host.peers.leave(id);
  await workspace.close();
  await host.purged.remove(await roomsOf(host, id));
  await host.catalogue.forget(id);
  await host.links.forget(id);
  await host.threads.forget(id);
  await host.doings.forget(id);
  await host.digests.forget(id);
  await host.sittings.forget(id);
  await host.people.forget(id);
  await host.search.forget(id);
  await host.notifying.due.forget(id);
  await host.inbox.forget(id);
  await host.notifying.notify.forget(id);
  await host.overlaps.forget(id);
  await host.smallPictures.forget(id);
  await host.attachments.forget(id);
  host.held.forget(id);
  for (const area of ['link', 'cursors']) await clearValues(host, area, `${id}/`);
  await host.workspaces.forget(id);
  await host.store.settle();
  await host.store.sweep();
  await renewSnapshots(host);
}

async function roomsOf({ store }: HostParts, id: string): Promise<readonly string[]> {
  const rooms = new Set<string>();
  for await (const room of store.rooms(id)) rooms.add(room);
  for (const name of [...store.segments.spaces.keys()].filter((space) => space.startsWith(`${id}/`))) {
    const space = name.slice(id.length + 1);
    for (let after = 0; ;) {
      const page = await store.segments.after(id, space, after, PAGE);
      for (const { room } of page) rooms.add(room);
      after = page.at(-1)?.number ?? 0;
      if (page.length < PAGE) break;
    }
  }
  return [...rooms];
}

async function clearValues({ store }: HostParts, area: string, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const [key] of store.values.entries(area, prefix)) keys.push(key);
  if (keys.length > 0) await store.values.write(keys.map((key) => ({ area, key, value: null })));
}

/** A snapshot of before would keep it: a new one of what is left is made first, so that the others are not without. */
async function renewSnapshots({ folder, levelStore, clock, logger }: HostParts): Promise<void> {
  const old = await listSnapshots(folder);
  if (old.length === 0) return;
  try {
    const now = new Date(clock.now());
    const id = now.toISOString().replace(/[-:]|\.\d+/g, '');
    if (!old.some((one) => one.id === id)) await snapshotStore(levelStore, join(folder.snapshots, id), now);
    for (const one of old)
      if (one.id !== id) await rm(join(folder.snapshots, one.id), { recursive: true, force: true });
  } catch (error) {
    logger.log('warn', 'snapshots-not-renewed', { code: toWireError(error).code });
  }
}

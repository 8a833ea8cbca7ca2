// How one document comes into another space: its bytes are merged into the room of the same id there. Who may do it, and what goes along, is not decided here.
import { AppError } from '../../shared/base/app-error.ts';
import type { Principal } from '../../shared/link/room-source.ts';
import { moveDocument } from '../../shared/model/document/commands.ts';
import { arriveInSpace, leaveSpace } from '../../shared/model/document/moved.ts';
import type { DocEntry } from '../contract/entities.ts';
import type { HostParts } from './call-handlers.ts';

export type MovingParts = Pick<HostParts, 'hub' | 'device' | 'documents' | 'catalogue' | 'attachments'>;

/** What `to` lacks of `from`, in one update. Rejects where either cannot be opened or `to` cannot be written; nothing is lost by that. */
export async function mergeRoom(
  { hub, device }: Pick<MovingParts, 'hub' | 'device'>,
  from: string,
  to: string,
): Promise<void> {
  const principal: Principal = { device: device.id, member: null };
  const source = await hub.open(from, principal);
  if (source.kind === 'refused') throw new AppError('not-allowed', `${source.reason} Nothing was changed.`);
  try {
    const target = await hub.open(to, principal);
    if (target.kind === 'refused') throw new AppError('not-allowed', `${target.reason} Nothing was changed.`);
    try {
      // Deletions show in no state vector: what is the same already changes nothing, and is not stored again.
      const update = source.room.diff(target.room.stateVector());
      // Not as an edit of this computer: the segments of the old room say who wrote what.
      const outcome = await target.room.apply(update, {});
      if (outcome.kind === 'stored' || outcome.kind === 'unchanged') return;
      const reason = 'reason' in outcome ? outcome.reason : 'The document could not be merged there.';
      throw new AppError('internal', `${reason} The document is where it was.`);
    } finally {
      target.room.dispose();
    }
  } finally {
    source.room.dispose();
  }
}

/** The bytes first, the mark in the old room last: a crash in between leaves it in both, and the next try goes on. */
export async function moveOne(
  host: MovingParts,
  entry: Pick<DocEntry, 'room' | 'space'>,
  space: string,
  place: { order: string } | null,
): Promise<string> {
  const target = entry.room.replace(/\/[^/]+\/([^/]+)$/, `/${space}/$1`);
  await mergeRoom(host, entry.room, target);
  await host.attachments.follow(entry.room, target);
  await host.documents.edit(target, (doc) => {
    arriveInSpace(doc, { from: entry.space, space });
    // What stood below goes on standing below; the one that was moved stands at the end of its new space.
    if (place) moveDocument(doc, { parent: null, order: place.order });
  });
  await host.documents.edit(entry.room, (doc) => leaveSpace(doc, entry.space, space));
  await host.catalogue.refresh(target);
  await host.catalogue.refresh(entry.room);
  return target;
}

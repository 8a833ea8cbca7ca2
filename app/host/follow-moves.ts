// Goes on merging a document that was moved to another space into its new room: who was away, or did not know, may still write in the old one.
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import type { Principal } from '../../shared/link/room-source.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import { takesFrom } from '../../shared/model/document/moved.ts';
import type { HostParts } from './call-handlers.ts';

type Parts = Pick<HostParts, 'hub' | 'device' | 'documents' | 'catalogue' | 'attachments' | 'logger'>;

/** Each costs two names; beyond it the next change in the old room asks again. */
const MOST_UNANSWERED = 1_000;

/** What `to` lacks of `from`, in one update. Rejects where either cannot be opened or `to` cannot be written; nothing is lost by that. */
export async function mergeRoom(
  { hub, device }: Pick<Parts, 'hub' | 'device'>,
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

/**
 * From now on; ends with the catalogue and the hub. This host may write in both rooms, and whoever wrote in the old one perhaps
 * in that alone: so the new room must say as well that the document came from there, which takes the right to write in it.
 */
export function followMoves(parts: Parts): void {
  const waiting = new Set<string>();
  /** New rooms that do not say so (yet), to the old ones. */
  const unanswered = new Map<string, string>();
  let work: Promise<void> = Promise.resolve();
  const follow = async (room: string): Promise<void> => {
    waiting.delete(room);
    const movedTo = parts.catalogue.row(room)?.movedTo ?? null;
    const address = parseRoomName(room);
    if (movedTo === null || !address) return;
    try {
      const to = `${address.workspace}/${movedTo}/${address.document}`;
      const way = { from: address.space, space: movedTo };
      if (!(await parts.documents.readHead(to, (doc) => takesFrom(doc, way)))) {
        if (unanswered.size < MOST_UNANSWERED) unanswered.set(to, room);
        throw new AppError('not-allowed', 'The room that it is said to have gone to does not say so.');
      }
      unanswered.delete(to);
      await mergeRoom(parts, room, to);
      await parts.attachments.follow(room, to);
    } catch (error) {
      // Without the rights to both, or on a full disk; whoever can does it, and the next change tries again.
      parts.logger.log('info', 'move-not-followed', { room, code: toWireError(error).code });
    }
  };
  const look = (room: string): void => {
    if (waiting.has(room) || (parts.catalogue.row(room)?.movedTo ?? null) === null) return;
    waiting.add(room);
    work = work.then(() => follow(room));
  };
  parts.catalogue.onChange(({ rows }) => {
    for (const { room } of rows) look(room);
  });
  parts.hub.onChange((changes) => {
    for (const { room } of changes) {
      look(room);
      const from = unanswered.get(room);
      if (from !== undefined) look(from);
    }
  });
}

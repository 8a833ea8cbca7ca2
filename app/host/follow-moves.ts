// Goes on merging a document that was moved to another space into its new room: who was away, or did not know, may still write in the old one.
import { AppError, toWireError } from '../../shared/base/app-error.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import { shownMap } from '../../shared/model/board/whereabouts.ts';
import { takesFrom } from '../../shared/model/document/moved.ts';
import { cardsOf, metaOf } from '../../shared/model/document/roots.ts';
import type { HostParts } from './call-handlers.ts';
import { mergeRoom, moveOne, type MovingParts } from './move-document.ts';

type Parts = MovingParts & Pick<HostParts, 'logger'>;

/** Each costs two names; beyond it the next change in the old room asks again. */
const MOST_UNANSWERED = 1_000;

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
  /** Who did not know that a board moved made the document of one of its cards where it was. */
  const bringCard = async (room: string): Promise<void> => {
    waiting.delete(room);
    const left = boardLeft(parts.catalogue, room);
    if (!left) return;
    try {
      if (await mayFollow(parts, left)) await moveOne(parts, { room, space: left.from }, left.space, null);
    } catch (error) {
      parts.logger.log('info', 'card-not-followed', { room, code: toWireError(error).code });
    }
  };
  const look = (room: string): void => {
    if (waiting.has(room)) return;
    const isMoved = (parts.catalogue.row(room)?.movedTo ?? null) !== null;
    if (!isMoved && !boardLeft(parts.catalogue, room)) return;
    waiting.add(room);
    work = work.then(() => (isMoved ? follow(room) : bringCard(room)));
  };
  parts.catalogue.onChange(({ rows }) => {
    for (const row of rows) {
      look(row.room);
      if (row.kind !== 'board' || row.movedTo === null) continue;
      for (const card of parts.catalogue.cardsOf(addressOf(row.room))) look(card.room);
    }
  });
  parts.hub.onChange((changes) => {
    for (const { room } of changes) {
      look(room);
      const from = unanswered.get(room);
      if (from !== undefined) look(from);
    }
  });
}

/** A card, and where its board went. */
interface LeftCard {
  readonly workspace: string;
  readonly from: string;
  readonly space: string;
  readonly board: string;
  readonly card: string;
}

/** Of a card's document that says of no move: the move of its board, or null. */
function boardLeft(catalogue: Parts['catalogue'], room: string): LeftCard | null {
  const row = catalogue.row(room);
  const address = parseRoomName(room);
  if (!address || row?.kind !== 'card' || row.movedTo !== null || row.parent === null) return null;
  const { workspace, space: from, document: card } = address;
  const space = catalogue.row(`${workspace}/${from}/${row.parent}`)?.movedTo ?? null;
  return space === null ? null : { workspace, from, space, board: row.parent, card };
}

/**
 * Whether the board in its new space says that it came from there and has this card, and the room of that id is the card's or nobody's: else
 * who may write in the old space alone could write into any document of the new one.
 */
async function mayFollow({ documents }: Parts, { workspace, from, space, board, card }: LeftCard): Promise<boolean> {
  // One that came from there is on its way back, and its board behind it.
  const way = { from: space, space: from };
  if (await documents.readHead(`${workspace}/${from}/${card}`, (doc) => takesFrom(doc, way))) return false;
  const isOn = await documents.read(
    `${workspace}/${space}/${board}`,
    (doc) => takesFrom(doc, { from, space }) && shownMap(cardsOf(doc), card) !== undefined,
  );
  if (!isOn) return false;
  return documents.readHead(`${workspace}/${space}/${card}`, (doc) => {
    const kind: unknown = metaOf(doc).get('kind');
    return kind === undefined || (kind === 'card' && metaOf(doc).get('parent') === board);
  });
}

function addressOf(room: string): { readonly room: string; readonly space: string; readonly id: string } {
  const address = parseRoomName(room);
  return { room, space: address?.space ?? '', id: address?.document ?? '' };
}

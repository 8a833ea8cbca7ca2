// Goes on with cards that went from board to board (docs/documents.md, GO3): ends what was cut off, lets one of two goings hold, and brings what cards hold to where they are. People are told by the boards themselves.
import { toWireError } from '../../shared/base/app-error.ts';
import {
  readGoings,
  settleGoings,
  waysOf,
  writeSettlings,
  type GoneMap,
} from '../../shared/model/board/settle-goings.ts';
import { leaveSpace } from '../../shared/model/document/moved.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { DocEntry } from '../contract/entities.ts';
import type { HostParts } from './call-handlers.ts';
import { bringPage, leavePage, pageRoom, type BoardPlace } from './card-pages-apart.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import type { MovingParts } from './move-document.ts';

type Parts = MovingParts & Pick<HostParts, 'logger' | 'clock' | 'access' | 'workspaces' | 'goings'>;

/** Boards among which the cards of one went: more are not looked at together. */
const MOST_BOARDS = 64;

interface Known {
  /** Of each board how often it had said that cards went, when it was looked at. */
  readonly marks: Map<string, number>;
  /** Where cards are that have gone: `<workspace>/<card>`. */
  readonly places: Map<string, BoardPlace>;
}

/** Whether a card's own document in one space says where the card is. */
function isRight({ parent, movedTo }: CatalogueRow, space: string, to: BoardPlace): boolean {
  return space === to.space ? parent === to.board && movedTo === null : movedTo === to.space;
}

/** From now on; ends with the catalogue and the hub. Only what this host may write is written: of all boards on whose words it rests. */
export function followCards(parts: Parts): void {
  const { catalogue, logger } = parts;
  const known: Known = { marks: new Map(), places: new Map() };
  const waiting = new Set<string>();
  const look = (room: string): void => {
    if (waiting.has(room)) return;
    waiting.add(room);
    const settling = parts.goings.run(() => {
      waiting.delete(room);
      return settle(parts, room, known);
    });
    settling.catch((error: unknown) => {
      // Without the rights, or on a full disk; the next change tries again.
      logger.log('info', 'cards-not-settled', { room, code: toWireError(error).code });
    });
  };
  const heard = (row: CatalogueRow): void => {
    if (row.kind === 'board' && row.cardsWent !== 0 && row.cardsWent !== known.marks.get(row.room)) look(row.room);
    const address = parseRoomName(row.room);
    if (row.kind !== 'card' || !address) return;
    const place = known.places.get(`${address.workspace}/${address.document}`);
    if (place && !isRight(row, address.space, place)) look(pageRoom(place, place.board));
  };
  catalogue.onChange(({ rows }) => rows.forEach(heard));
  parts.workspaces.onAdded(({ id }) => {
    for (const { kind, room } of catalogue.list(id)) {
      const row = kind === 'board' ? catalogue.row(room) : null;
      if (row) heard(row);
    }
  });
}

async function settle(parts: Parts, room: string, known: Known): Promise<void> {
  const { catalogue, documents, clock, workspaces } = parts;
  const workspace = parseRoomName(room)?.workspace ?? '';
  const places = new Map<string, BoardPlace>();
  const boards = new Map<string, readonly GoneMap[]>();
  const open = [room.slice(room.lastIndexOf('/') + 1)];
  for (let id = open.pop(); id !== undefined && boards.size < MOST_BOARDS; id = open.pop()) {
    const entry = boards.has(id) ? null : catalogue.entry(workspace, id);
    if (entry?.kind !== 'board' || !may(parts, entry, 'read')) continue;
    const mark = catalogue.row(entry.room)?.cardsWent ?? 0;
    const maps = await documents.read(entry.room, readGoings);
    known.marks.set(entry.room, mark);
    places.set(id, { workspace, space: entry.space, board: id });
    boards.set(id, maps);
    for (const { came, leavings } of maps) open.push(...(came ? [came.from] : []), ...leavings.map(({ to }) => to));
  }
  const mayWriteIn = (board: string): boolean => {
    const entry = places.has(board) ? catalogue.entry(workspace, board) : null;
    return entry !== null && may(parts, entry, 'write');
  };
  const settlings = settleGoings(boards).filter(({ boards: all }) => all.every(mayWriteIn));
  for (const [board, place] of places) {
    const own = settlings.filter((one) => one.board === board);
    if (own.length > 0) await documents.edit(pageRoom(place, board), (doc) => writeSettlings(doc, own));
  }
  const doing = { by: workspaces.find(workspace)?.about.member ?? '', at: clock.now() };
  for (const [card, { board, by }] of waysOf(boards)) {
    const to = places.get(board);
    if (to) known.places.set(`${workspace}/${card}`, to);
    if (!to || !mayWriteIn(board)) continue;
    const spaces = new Map([...places.values()].map((place) => [place.space, place] as const));
    for (const [space, place] of spaces) {
      const row = catalogue.row(pageRoom(place, card));
      if (row?.kind !== 'card') continue;
      if (isRight(row, space, to)) continue;
      // Only who may write in the old space says that it was left.
      const from = [...by].map((id) => places.get(id)).find((one) => one?.space === space);
      if (space === to.space) await bringPage(parts, card, to, to, doing);
      else if (from && mayWriteIn(from.board)) {
        await bringPage(parts, card, from, to, doing);
        await leavePage(parts, card, from, to);
      } else if (row.movedTo === null && mayWriteIn(place.board)) {
        // Of a going that another beat: its words are offered, and go nowhere by themselves.
        await documents.edit(row.room, (doc) => leaveSpace(doc, space, to.space));
      }
    }
  }
}

function may({ access, device }: Parts, { room }: Pick<DocEntry, 'room'>, operation: 'read' | 'write'): boolean {
  const address = parseRoomName(room);
  return address !== null && access.allows({ device: device.id, member: null }, operation, address);
}

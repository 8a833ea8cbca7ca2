// Which documents are taken along (docs/travel.md, TR1 to TR3): of spaces everything, of single documents what stands below them and what they lead to. It reads nothing.
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { Breath } from '../breath.ts';
import type { CatalogueRow } from '../catalogue-row.ts';

/** What is chosen, in ids. */
export interface Chosen {
  readonly spaces: ReadonlySet<string>;
  readonly documents: ReadonlySet<string>;
}

export interface TakenFrom {
  /** Of every document of the workspace that may be read here. */
  readonly rows: readonly CatalogueRow[];
  /** The ids that a room leads to, of any kind. */
  readonly leadsTo: (room: string) => readonly string[];
}

const LISTED = new Set(['page', 'board', 'thread']);

/** What stands in a space for people: what was moved away, or lies in the trash, does not. */
export function isInSpace(row: CatalogueRow): boolean {
  return row.movedTo === null && row.trashed === null && !/^[@~]/.test(parseRoomName(row.room)?.space ?? '~');
}

/** The rows that are taken, each once. Iterative: trees and links may be deep, and in circles. */
export async function takenAlong(
  { rows, leadsTo }: TakenFrom,
  chosen: Chosen,
  breath: Breath,
): Promise<readonly CatalogueRow[]> {
  const taken = new Set<CatalogueRow>();
  const byId = new Map<string, CatalogueRow[]>();
  const below = new Map<string, CatalogueRow[]>();
  const gone = new Set<string>();
  for (const row of rows) {
    if (row.kind === 'board' && !isInSpace(row)) gone.add(row.room);
    if (breath.isDue) await breath.take();
  }
  for (const row of rows) {
    if (breath.isDue) await breath.take();
    // What a card holds goes where its board goes.
    if (!isInSpace(row) || (row.kind === 'card' && gone.has(roomBeside(row.room, row.parent ?? '')))) continue;
    const at = parseRoomName(row.room);
    if (!at) continue;
    put(byId, at.document, row);
    if (row.parent !== null) put(below, `${at.space}/${row.parent}`, row);
    if (chosen.spaces.has(at.space)) taken.add(row);
  }
  for (const id of chosen.documents) for (const row of byId.get(id) ?? []) taken.add(row);
  const queue = [...taken];
  for (let row = queue.pop(); row; row = queue.pop()) {
    const next = (one: CatalogueRow): void => {
      if (taken.has(one)) return;
      taken.add(one);
      queue.push(one);
    };
    if (breath.isDue) await breath.take();
    const at = parseRoomName(row.room);
    if (!at) continue;
    // The pages below a page, and what a board's cards hold. In a space that is taken they are there already.
    if (LISTED.has(row.kind)) for (const one of below.get(`${at.space}/${at.document}`) ?? []) next(one);
    for (const id of leadsTo(row.room)) {
      // A page that is only linked is another matter; a board or a discussion is shown in its place, or is one step away.
      for (const one of byId.get(id) ?? []) if (one.kind === 'board' || one.kind === 'thread') next(one);
    }
  }
  return [...taken];
}

function roomBeside(room: string, document: string): string {
  return room.slice(0, room.lastIndexOf('/') + 1) + document;
}

function put(into: Map<string, CatalogueRow[]>, key: string, row: CatalogueRow): void {
  const known = into.get(key);
  if (known) known.push(row);
  else into.set(key, [row]);
}

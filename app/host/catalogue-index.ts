// The catalogue's rows in memory: by room, by id, and the entries that windows see of them. It reads and stores nothing.
import { parseRoomName, type RoomAddress } from '../../shared/protocol/room-name.ts';
import type { DocEntry } from '../contract/entities.ts';
import { cardAddress, listedAddress, toCardEntry, toEntry, type CatalogueRow } from './catalogue-row.ts';

interface WorkspaceRows {
  readonly rows: Map<string, CatalogueRow>;
  /** Id of a listed document to its room. Of two rooms with one id the smaller name counts, everywhere the same. */
  readonly byId: Map<string, string>;
  /** Id of a card to the rooms of its own document, which no list shows; the smallest name counts. */
  readonly cards: Map<string, readonly string[]>;
  /** Id of a parent, as it is written, to the rooms that name it. */
  readonly below: Map<string, Set<string>>;
}

/** What became different in one workspace. */
export interface CatalogueChange {
  readonly workspace: string;
  /** What lists show and became different. */
  readonly changed: readonly DocEntry[];
  /** Ids that lists do not show any more. */
  readonly removed: readonly string[];
  /** Rows of any kind that became different (profiles and spaces' own documents, too). */
  readonly rows: readonly CatalogueRow[];
}

export class CatalogueIndex {
  readonly #workspaces = new Map<string, WorkspaceRows>();
  /** Rooms that were put or taken away since the last takeChanges(), by workspace; ids that came or went. */
  readonly #touched = new Map<string, { readonly rooms: Set<string>; readonly ids: Set<string> }>();

  row(room: string): CatalogueRow | null {
    return this.#of(room)?.rows.get(room) ?? null;
  }

  entry(workspace: string, id: string): DocEntry | null {
    const held = this.#workspaces.get(workspace);
    const room = held?.byId.get(id);
    const row = room === undefined ? undefined : held?.rows.get(room);
    return held && row ? entryIn(held, row) : null;
  }

  list(workspace: string, space?: string): readonly DocEntry[] {
    const held = this.#workspaces.get(workspace);
    const found: DocEntry[] = [];
    for (const row of held?.rows.values() ?? []) {
      const entry = held ? entryIn(held, row) : null;
      if (entry && (space === undefined || entry.space === space)) found.push(entry);
    }
    return found;
  }

  /** A card's own document by the card's id. */
  card(workspace: string, id: string): DocEntry | null {
    const held = this.#workspaces.get(workspace);
    const row = held?.rows.get(held.cards.get(id)?.[0] ?? '');
    const address = row ? cardAddress(row) : null;
    if (!held || !row || !address) return null;
    return toCardEntry(row, held.rows.get(`${workspace}/${address.space}/${row.parent ?? ''}`) ?? null);
  }

  /** A card's own document in one space: a card that goes to another has one in both for a while. */
  cardIn(workspace: string, space: string, id: string): DocEntry | null {
    const held = this.#workspaces.get(workspace);
    const row = held?.rows.get(`${workspace}/${space}/${id}`);
    if (!held || !row || !cardAddress(row)) return null;
    return toCardEntry(row, held.rows.get(`${workspace}/${space}/${row.parent ?? ''}`) ?? null);
  }

  /** The rows of the own documents of a board's cards, as far as they are in the board's space. */
  cardsOf(workspace: string, space: string, board: string): readonly CatalogueRow[] {
    const held = this.#workspaces.get(workspace);
    const rows = [...(held?.below.get(board) ?? [])].flatMap((room) => held?.rows.get(room) ?? []);
    return rows.filter((row) => cardAddress(row)?.space === space);
  }

  /** Every room of a workspace that has a row. */
  rooms(workspace: string): readonly string[] {
    return [...(this.#workspaces.get(workspace)?.rows.keys() ?? [])];
  }

  rowsOf(workspace: string): Iterable<CatalogueRow> {
    return this.#workspaces.get(workspace)?.rows.values() ?? [];
  }

  put(row: CatalogueRow): void {
    const address = parseRoomName(row.room);
    if (!address) return;
    let held = this.#workspaces.get(address.workspace);
    if (!held) this.#workspaces.set(address.workspace, (held = emptyRows()));
    moveBelow(held, row.room, row.parent);
    held.rows.set(row.room, row);
    const touched = this.#touch(address.workspace);
    touched.rooms.add(row.room);
    placeCard(held, row.room, address, cardAddress(row) !== null);
    const listed = listedAddress(row);
    if (!listed) {
      this.#unlist(held, address);
      return;
    }
    const other = held.byId.get(listed.id);
    if (other === undefined) touched.ids.add(listed.id);
    if (other === undefined || row.room < other) held.byId.set(listed.id, row.room);
  }

  remove(room: string): void {
    const held = this.#of(room);
    const row = held?.rows.get(room);
    const address = parseRoomName(room);
    if (!held || !row || !address) return;
    moveBelow(held, room, null);
    held.rows.delete(room);
    placeCard(held, room, address, false);
    this.#unlist(held, address);
  }

  /** The room is in no list any more; another one of the same id (the document was moved) takes its place there. */
  #unlist(held: WorkspaceRows, { workspace, space, document }: RoomAddress): void {
    if (held.byId.get(document) !== `${workspace}/${space}/${document}`) return;
    const others = [...held.rows.values()].filter((row) => listedAddress(row)?.id === document);
    const next = others.map((row) => row.room).sort()[0];
    const touched = this.#touch(workspace);
    touched.ids.add(document);
    if (next === undefined) held.byId.delete(document);
    else {
      held.byId.set(document, next);
      touched.rooms.add(next);
    }
  }

  /** Everything that became different since the last time, as it stands now. */
  takeChanges(): readonly CatalogueChange[] {
    const changes = [...this.#touched].map(([workspace, { rooms, ids }]) => {
      const held = this.#workspaces.get(workspace);
      // A page that came or went changes where its children stand.
      for (const id of ids) for (const room of held?.below.get(id) ?? []) rooms.add(room);
      const rows = [...rooms].flatMap((room) => held?.rows.get(room) ?? []);
      return {
        workspace,
        changed: rows.flatMap((row) => (held && entryIn(held, row)) ?? []),
        removed: [...ids].filter((id) => !held?.byId.has(id)),
        rows,
      };
    });
    this.#touched.clear();
    return changes;
  }

  #touch(workspace: string): { readonly rooms: Set<string>; readonly ids: Set<string> } {
    let touched = this.#touched.get(workspace);
    if (!touched) this.#touched.set(workspace, (touched = { rooms: new Set(), ids: new Set() }));
    return touched;
  }

  #of(room: string): WorkspaceRows | undefined {
    return this.#workspaces.get(parseRoomName(room)?.workspace ?? '');
  }
}

function emptyRows(): WorkspaceRows {
  return { rows: new Map(), byId: new Map(), cards: new Map(), below: new Map() };
}

function placeCard(held: WorkspaceRows, room: string, { document }: RoomAddress, isThere: boolean): void {
  const known = held.cards.get(document) ?? [];
  if (known.includes(room) === isThere) return;
  const rooms = isThere ? [...known, room].sort() : known.filter((one) => one !== room);
  if (rooms.length > 0) held.cards.set(document, rooms);
  else held.cards.delete(document);
}

/** Keeps `below` right; called while the row before is still there. */
function moveBelow(held: WorkspaceRows, room: string, parent: string | null): void {
  const before = held.rows.get(room)?.parent ?? null;
  if (before === parent) return;
  const left = before === null ? undefined : held.below.get(before);
  left?.delete(room);
  if (before !== null && left?.size === 0) held.below.delete(before);
  if (parent === null) return;
  const joined = held.below.get(parent);
  if (joined) joined.add(room);
  else held.below.set(parent, new Set([room]));
}

/** The entry with the parent that counts: one that is known here and stands in the same space. */
function entryIn(held: WorkspaceRows, row: CatalogueRow): DocEntry | null {
  const listed = listedAddress(row);
  if (!listed || held.byId.get(listed.id) !== row.room) return null;
  const parentRoom = row.parent === null ? undefined : held.byId.get(row.parent);
  const parentRow = parentRoom === undefined ? undefined : held.rows.get(parentRoom);
  const sameSpace = parentRow && listedAddress(parentRow)?.space === listed.space;
  return toEntry(row, sameSpace ? row.parent : null);
}

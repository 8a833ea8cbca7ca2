// The rows of a projection in memory, by room and by space, and which of them are not stored yet. It reads no document and knows no row's meaning.
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { ProjectionStore } from './projection-store.ts';

export class RowsBySpace<Row> {
  readonly #store: ProjectionStore<Row>;
  readonly #rows = new Map<string, Row>();
  /** Rooms of each space: `<workspace>/<space>`. */
  readonly #spaces = new Map<string, Set<string>>();
  readonly #unsaved = new Set<string>();

  /** @param stored rows that stand in the store. */
  constructor(store: ProjectionStore<Row>, stored: ReadonlyMap<string, Row>) {
    this.#store = store;
    for (const [room, row] of stored) this.#put(room, row);
  }

  get(room: string): Row | null {
    return this.#rows.get(room) ?? null;
  }

  /** Rows of a space in no order. */
  *in(workspace: string, space: string): Iterable<Row> {
    for (const room of this.#spaces.get(`${workspace}/${space}`) ?? []) {
      const row = this.#rows.get(room);
      if (row !== undefined) yield row;
    }
  }

  /** Spaces of a workspace that have, or had, rows. */
  *spacesOf(workspace: string): Iterable<string> {
    for (const key of this.#spaces.keys()) if (key.startsWith(`${workspace}/`)) yield key.slice(workspace.length + 1);
  }

  /** What a room says now; null: nothing any more. It is stored by the next save(). */
  set(room: string, row: Row | null): void {
    this.#put(room, row);
    this.#unsaved.add(room);
  }

  /** Stores what is not stored yet. When that fails it stays to be stored. */
  async save(reached: ReadonlyMap<string, number>): Promise<void> {
    const rooms = [...this.#unsaved];
    this.#unsaved.clear();
    try {
      await this.#store.save(new Map(rooms.map((room) => [room, this.get(room)])), reached);
    } catch (error) {
      for (const room of rooms) this.#unsaved.add(room);
      throw error;
    }
  }

  /** Throws away everything of a workspace, here and in the store. */
  async forget(workspace: string): Promise<void> {
    for (const room of [...this.#rows.keys()]) if (room.startsWith(`${workspace}/`)) this.#put(room, null);
    for (const room of [...this.#unsaved]) if (room.startsWith(`${workspace}/`)) this.#unsaved.delete(room);
    await this.#store.forget(workspace);
  }

  #put(room: string, row: Row | null): void {
    const address = parseRoomName(room);
    if (!address) return;
    const key = `${address.workspace}/${address.space}`;
    const rooms = this.#spaces.get(key) ?? new Set<string>();
    this.#spaces.set(key, rooms);
    if (row === null) {
      this.#rows.delete(room);
      rooms.delete(room);
    } else {
      this.#rows.set(room, row);
      rooms.add(room);
    }
  }
}

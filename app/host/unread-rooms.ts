// Rooms that changed since a projection read them, and how far each space is read without a gap. It reads nothing itself.
import { parseRoomName } from '../../shared/protocol/room-name.ts';

interface Unread {
  /** The newest change number heard of. */
  readonly number: number;
  /** `<workspace>/<space>`. */
  readonly space: string;
}

export type UnreadRoom = readonly [room: string, unread: Unread];

export class UnreadRooms {
  readonly #rooms = new Map<string, Unread>();
  /** The newest change number heard of, by space. */
  readonly #newest = new Map<string, number>();

  get size(): number {
    return this.#rooms.size;
  }

  add(room: string, number: number): void {
    const address = parseRoomName(room);
    if (!address) return;
    const space = `${address.workspace}/${address.space}`;
    this.#rooms.set(room, { number, space });
    this.#newest.set(space, Math.max(number, this.#newest.get(space) ?? 0));
  }

  /** The first `count`, which stay until they are done(). */
  first(count: number): readonly UnreadRoom[] {
    const found: UnreadRoom[] = [];
    for (const entry of this.#rooms) {
      if (found.length >= count) break;
      found.push(entry);
    }
    return found;
  }

  /** They were read; what changed again meanwhile stays. */
  done(rooms: readonly UnreadRoom[]): void {
    for (const [room, unread] of rooms) if (this.#rooms.get(room) === unread) this.#rooms.delete(room);
  }

  /** What was made of them is lost: they are to be read again. */
  restore(rooms: readonly UnreadRoom[]): void {
    for (const [room, unread] of rooms) if (!this.#rooms.has(room)) this.#rooms.set(room, unread);
  }

  /** For each space the number up to which every change heard of was read. */
  readUpTo(): ReadonlyMap<string, number> {
    const reached = new Map(this.#newest);
    for (const { number, space } of this.#rooms.values()) {
      if (number <= (reached.get(space) ?? 0)) reached.set(space, number - 1);
    }
    return reached;
  }
}

// What a link remembers of the hubs that it was linked to: cursors and receipts. The port; shared/hub/link-memory.ts stores it.
import type { RoomNumber } from './remote-changes.ts';

/** Where this hub stands with another one in one space. */
export interface SpaceMemory {
  /** The other hub's epoch under which the numbers hold. */
  readonly epoch: string;
  /** Everything that it had up to this number of its own is durable here. */
  readonly after: number;
  /** The greatest of its numbers that it ever named; a hub that lost it has lost what the receipts rest on. */
  readonly heard: number;
  /** Everything here up to this number of ours is held there. */
  readonly lowWater: number;
  /** Rooms that could not be had though `after` is beyond them, with the numbers that are missing. */
  readonly lacks?: ReadonlyMap<string, number>;
  /** How often the other hub's numbers of this space lost their meaning (it was restored). 0 when left out. */
  readonly turn?: number;
}

/** What is known of one room beyond the low-water mark of its space. */
export interface RoomMemory {
  /** Our number up to which the other hub holds it. */
  readonly held: number;
  /** Since when something of it waits (milliseconds since the epoch), or null. */
  readonly since: number | null;
}

export interface HubMemory {
  readonly spaces: ReadonlyMap<string, SpaceMemory>;
  /** By room name. */
  readonly rooms: ReadonlyMap<string, RoomMemory>;
}

export interface MemoryChange {
  readonly spaces: ReadonlyMap<string, SpaceMemory>;
  /** null forgets. */
  readonly rooms: ReadonlyMap<string, RoomMemory | null>;
  /** The other hub's numbers of rooms. */
  readonly numbers?: ReadonlyMap<string, RoomNumber>;
}

/**
 * One per workspace. It must stand in the same store as the rooms: then a restored backup brings older rooms and older
 * receipts together. `hub` is the other hub's id, or '' before the first connection.
 */
export interface LinkMemory {
  /** The hub that was saved for last, or null. */
  lastHub(): Promise<string | null>;
  load(hub: string): Promise<HubMemory>;
  /** The number last saved for a room, or null. */
  number(hub: string, room: string): Promise<RoomNumber | null>;
  /** Atomic and durable; makes `hub` the last one. */
  save(hub: string, change: MemoryChange): Promise<void>;
}

/** Remembers until it is thrown away; for links whose ends live in one process, and for tests. */
export class VolatileLinkMemory implements LinkMemory {
  readonly #numbers = new Map<string, RoomNumber>();
  readonly #hubs = new Map<string, { spaces: Map<string, SpaceMemory>; rooms: Map<string, RoomMemory> }>();
  #last: string | null = null;

  lastHub(): Promise<string | null> {
    return Promise.resolve(this.#last);
  }

  load(hub: string): Promise<HubMemory> {
    const known = this.#hubs.get(hub);
    return Promise.resolve({ spaces: new Map(known?.spaces), rooms: new Map(known?.rooms) });
  }

  number(hub: string, room: string): Promise<RoomNumber | null> {
    return Promise.resolve(this.#numbers.get(`${hub}/${room}`) ?? null);
  }

  save(hub: string, change: MemoryChange): Promise<void> {
    for (const [room, number] of change.numbers ?? []) this.#numbers.set(`${hub}/${room}`, number);
    const known = this.#hubs.get(hub) ?? {
      spaces: new Map<string, SpaceMemory>(),
      rooms: new Map<string, RoomMemory>(),
    };
    this.#hubs.set(hub, known);
    for (const [space, memory] of change.spaces) known.spaces.set(space, memory);
    for (const [room, memory] of change.rooms) {
      if (memory) known.rooms.set(room, memory);
      else known.rooms.delete(room);
    }
    this.#last = hub;
    return Promise.resolve();
  }
}

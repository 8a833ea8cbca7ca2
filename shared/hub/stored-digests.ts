// The digests of rooms that are not open, each made from the stored bytes once; it opens no room and builds no document.
import { toWireError } from '../base/app-error.ts';
import type { RoomDigest } from '../link/room-source.ts';
import type { DocStore } from './doc-store.ts';
import { RoomBytes } from './room-bytes.ts';

/** Some 200 bytes each; the largest workspace that was planned for has 20,000 documents. */
const REMEMBERED = 50_000;
/** Rooms that are read at once: reading waits for the disk, and each may be a document of 32 MiB. */
const AT_ONCE = 4;

/** Digests of rooms as they are stored, each made once until forget() is called for it; whoever changes a room calls it. */
export class StoredDigests {
  readonly #store: DocStore;
  readonly #known = new Map<string, RoomDigest | null>();
  /** Rooms that are being read; forgetting takes them out, so that what was read before is not remembered. */
  readonly #reading = new Map<string, Promise<RoomDigest | null>>();

  constructor(store: DocStore) {
    this.#store = store;
  }

  forget(room: string): void {
    this.#known.delete(room);
    this.#reading.delete(room);
  }

  /** In the order of `rooms`; null for what was never stored and for what cannot be read. Throws `closed`. */
  async of(rooms: readonly string[]): Promise<readonly (RoomDigest | null)[]> {
    const digests: (RoomDigest | null)[] = [];
    for (let at = 0; at < rooms.length; at += AT_ONCE) {
      digests.push(...(await Promise.all(rooms.slice(at, at + AT_ONCE).map((room) => this.#one(room)))));
    }
    return digests;
  }

  async #one(room: string): Promise<RoomDigest | null> {
    const known = this.#known.get(room);
    if (known !== undefined) return known;
    const reading = this.#reading.get(room) ?? this.#read(room);
    this.#reading.set(room, reading);
    try {
      const digest = await reading;
      if (this.#reading.get(room) === reading) this.#remember(room, digest);
      return digest;
    } finally {
      if (this.#reading.get(room) === reading) this.#reading.delete(room);
    }
  }

  async #read(room: string): Promise<RoomDigest | null> {
    try {
      const stored = await this.#store.load(room);
      return stored && { number: stored.number, digest: new RoomBytes(stored).digest() };
    } catch (error) {
      // What is damaged is told to whoever opens the room; here it is only not known.
      if (toWireError(error).code === 'damaged') return null;
      throw error;
    }
  }

  #remember(room: string, digest: RoomDigest | null): void {
    this.#known.set(room, digest);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) return;
      this.#known.delete(oldest);
    }
  }
}

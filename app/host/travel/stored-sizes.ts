// How many bytes each document takes as it is stored: read when somebody first asks, and again only for what changed since. It opens no room.
import { AppError } from '../../../shared/base/app-error.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import type { RoomSource } from '../../../shared/link/room-source.ts';

/** Bytes; `damaged`: they do not hold; null: nothing is stored. */
export type StoredSize = number | 'damaged' | null;

/** Rooms that are read at once: reading waits for the disk, and each may be a document of 32 MiB. */
const AT_ONCE = 16;

export class StoredSizes {
  readonly #store: Pick<DocStore, 'load'>;
  readonly #known = new Map<string, StoredSize>();
  readonly #hearing: Disposable;
  #closed = false;

  constructor(store: Pick<DocStore, 'load'>, source: Pick<RoomSource, 'onChange' | 'onPurged'>) {
    this.#store = store;
    const hearing = source.onChange((changes) => {
      for (const { room } of changes) this.#known.delete(room);
    });
    const purged = source.onPurged?.((room) => this.#known.delete(room));
    this.#hearing = {
      dispose: () => {
        hearing.dispose();
        purged?.dispose();
      },
    };
  }

  /** Of each of these rooms. Ends early, with what is known by then, when it is closed. */
  async of(rooms: readonly string[]): Promise<ReadonlyMap<string, StoredSize>> {
    const unknown = rooms.filter((room) => !this.#known.has(room));
    for (let at = 0; at < unknown.length && !this.#closed; at += AT_ONCE) {
      await Promise.all(unknown.slice(at, at + AT_ONCE).map((room) => this.#read(room)));
    }
    return new Map(rooms.map((room) => [room, this.#known.get(room) ?? null]));
  }

  close(): void {
    this.#closed = true;
    this.#hearing.dispose();
  }

  async #read(room: string): Promise<void> {
    // Set first: a change while it is read takes it away again, and the next one who asks reads anew.
    this.#known.set(room, null);
    const size = await this.#sizeOf(room);
    if (this.#known.has(room)) this.#known.set(room, size);
  }

  async #sizeOf(room: string): Promise<StoredSize> {
    try {
      const stored = await this.#store.load(room);
      if (!stored) return null;
      const { state, tail } = stored;
      const merged = state ? state.update.length + state.stateVector.length + state.deleteSet.length : 0;
      return tail.reduce((sum, update) => sum + update.length, merged);
    } catch (error) {
      if (error instanceof AppError && error.code === 'damaged') return 'damaged';
      throw error;
    }
  }
}

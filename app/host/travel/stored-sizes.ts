// How many bytes each document takes as it is stored: read when somebody first asks, and again only for what changed since. It opens no room.
import { AppError } from '../../../shared/base/app-error.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import type { RoomSource } from '../../../shared/link/room-source.ts';
import type { Breath } from '../breath.ts';

/** Bytes; `damaged`: they do not hold; null: nothing is stored. */
export type StoredSize = number | 'damaged' | null;

export class StoredSizes {
  readonly #store: Pick<DocStore, 'load'>;
  readonly #known = new Map<string, StoredSize>();
  /** Being read; whoever else asks waits for the same. */
  readonly #reading = new Map<string, Promise<StoredSize>>();
  readonly #hearing: Disposable;
  #closed = false;

  constructor(store: Pick<DocStore, 'load'>, source: Pick<RoomSource, 'onChange' | 'onPurged'>) {
    this.#store = store;
    const hearing = source.onChange((changes) => {
      for (const { room } of changes) this.#forget(room);
    });
    const purged = source.onPurged?.((room) => this.#forget(room));
    this.#hearing = {
      dispose: () => {
        hearing.dispose();
        purged?.dispose();
      },
    };
  }

  /** Of each of these rooms, one after the other: each may be a document of 32 MiB. Ends early, with what is known by then, when it is closed. */
  async of(rooms: readonly string[], breath: Breath): Promise<ReadonlyMap<string, StoredSize>> {
    const sizes = new Map<string, StoredSize>();
    for (const room of rooms) {
      const known = this.#known.get(room);
      if (known !== undefined || this.#closed) sizes.set(room, known ?? null);
      else sizes.set(room, await this.#read(room));
      if (breath.isDue) await breath.take();
    }
    return sizes;
  }

  close(): void {
    this.#closed = true;
    this.#hearing.dispose();
  }

  /** What changes while it is read is read again when it is asked for again. */
  #read(room: string): Promise<StoredSize> {
    const under = this.#reading.get(room);
    if (under) return under;
    const isMine = (): boolean => this.#reading.get(room) === reading;
    const reading = this.#sizeOf(room)
      .then((size) => {
        if (isMine()) this.#known.set(room, size);
        return size;
      })
      .finally(() => {
        if (isMine()) this.#reading.delete(room);
      });
    this.#reading.set(room, reading);
    return reading;
  }

  #forget(room: string): void {
    this.#known.delete(room);
    this.#reading.delete(room);
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

// Removes what a membership log names as purged, and again at every start: the record counts, the removal follows it. It decides nothing.
import { toWireError } from '../base/app-error.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { ClockGuard } from './clock-guard.ts';
import type { DocStore } from './doc-store.ts';
import type { History } from './history/history.ts';
import { BASE_AREA } from './history/base-keeper.ts';
import { PENDING_AREA } from './history/pending-rows.ts';
import type { Hub } from './hub.ts';

export interface PurgedRoomsParts {
  readonly hub: Pick<Hub, 'purge'>;
  readonly store: DocStore;
  readonly history: Pick<History, 'settled'>;
  /** Of a host: what its windows wrote there, and words that were set aside. */
  readonly guard?: Pick<ClockGuard, 'purged'>;
  readonly logger: Logger;
}

export class PurgedRooms {
  readonly #parts: PurgedRoomsParts;
  readonly #removed = new Emitter<string>();
  /** Rooms that are known to be gone. */
  readonly #done = new Set<string>();
  #work: Promise<void> = Promise.resolve();
  #also: ((room: string) => Promise<void>) | null = null;
  /** Fires with each room once nothing of it is left here. */
  readonly onRemoved = this.#removed.event;

  constructor(parts: PurgedRoomsParts) {
    this.#parts = parts;
  }

  /** What else of a room is to be removed before its bytes are swept from the disk: a list that holds its title. */
  alsoRemove(run: (room: string) => Promise<void>): void {
    this.#also = run;
  }

  /**
   * Removes those that are still here. Resolves when all of it was tried; what failed (a full disk) is removed at the next call
   * or start, and is shown to nobody meanwhile. @param purged `<space>/<document>`.
   */
  keep(workspace: string, purged: ReadonlySet<string>): Promise<void> {
    const fresh = [...purged].map((place) => `${workspace}/${place}`).filter((room) => !this.#done.has(room));
    if (fresh.length > 0) this.#work = this.#work.then(() => this.#removeAll(fresh));
    return this.#work;
  }

  /** Removes these rooms whatever a log says; rejects with the store's error at the first that cannot be removed. */
  async remove(rooms: readonly string[]): Promise<void> {
    const { hub, history, store } = this.#parts;
    await store.settle();
    for (const room of rooms) await hub.purge(room);
    await history.settled();
    await store.settle();
    for (const room of rooms) await this.#removeRest(room);
    if (rooms.length > 0) await store.sweep();
  }

  /** Waits for what is under way; the hub and the store must still be open. */
  async close(): Promise<void> {
    await this.#work;
    this.#removed.clear();
  }

  async #removeAll(rooms: readonly string[]): Promise<void> {
    const { store, logger } = this.#parts;
    let any = false;
    for (const room of rooms) {
      try {
        const here = await this.#isHere(room);
        // Also where nothing is stored: a window may have it open.
        await this.#remove(room, here);
        this.#done.add(room);
        any ||= here;
      } catch (error) {
        logger.log('warn', 'purge-failed', { room, code: toWireError(error).code });
      }
    }
    try {
      if (any) await store.sweep();
    } catch (error) {
      // It is deleted; its bytes leave the files a little later.
      logger.log('warn', 'sweep-failed', { code: toWireError(error).code });
    }
  }

  async #remove(room: string, settle: boolean): Promise<void> {
    const { hub, store, history } = this.#parts;
    if (settle) await store.settle();
    await hub.purge(room);
    // Sessions that ended with it become a segment at this moment.
    await history.settled();
    if (settle) await store.settle();
    await this.#removeRest(room);
  }

  async #removeRest(room: string): Promise<void> {
    const { store, guard } = this.#parts;
    await this.#clearValues(PENDING_AREA, `${room}/`);
    await this.#clearValues('set-aside', `${room}/`);
    await store.values.write([
      { area: 'hub', key: `quarantine/${room}`, value: null },
      { area: BASE_AREA, key: room, value: null },
    ]);
    await guard?.purged(room);
    await store.purge(room);
    await this.#also?.(room);
    this.#removed.fire(room);
  }

  async #isHere(room: string): Promise<boolean> {
    const { store } = this.#parts;
    try {
      return (await store.load(room)) !== null || (await store.segments.ofRoom(room)).length > 0;
    } catch {
      // Damaged bytes are bytes; removing them needs none of them.
      return true;
    }
  }

  async #clearValues(area: string, prefix: string): Promise<void> {
    const { values } = this.#parts.store;
    const keys: string[] = [];
    for await (const [key] of values.entries(area, prefix)) keys.push(key);
    if (keys.length > 0) await values.write(keys.map((key) => ({ area, key, value: null })));
  }
}

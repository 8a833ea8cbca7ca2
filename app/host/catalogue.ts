// The catalogue: a projection of every document's title and place, fed by room changes. It can be thrown away and rebuilt.
import type { Clock } from '../../shared/base/clock.ts';
import { DisposableStore } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import type { Logger } from '../../shared/base/logger.ts';
import type { ValueStore } from '../../shared/hub/value-store.ts';
import type { Principal, RoomSource } from '../../shared/link/room-source.ts';
import type { DocEntry } from '../contract/entities.ts';
import { CatalogueIndex, type CatalogueChange } from './catalogue-index.ts';
import { projectRow, sameRow, type CatalogueRow } from './catalogue-row.ts';
import { forgetCatalogue, loadCatalogue, saveCatalogue } from './catalogue-store.ts';
import type { RoomDocuments } from './room-documents.ts';
import { UnreadRooms, type UnreadRoom } from './unread-rooms.ts';

export interface CatalogueParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readHead'>;
  readonly source: Pick<RoomSource, 'heads' | 'changes' | 'onChange'>;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Typing in a page must not read it again for each key; longer documents are read less often still. */
const SHORTEST_WAIT = 120;
const LONGEST_WAIT = 5_000;
/** Reading may take this part of the time at most. */
const SHARE = 10;
/** Rooms whose rows are stored together: each write waits for the disk, as a first sync's own writes do. */
const PER_WRITE = 256;
/** Milliseconds for which reading may hold up everything else. */
const BREATH = 8;
/** Milliseconds within which a change that lists do not show is not worth a row of its own. */
const SAME_MOMENT = 1_000;

export class Catalogue {
  readonly #parts: CatalogueParts;
  readonly #index = new CatalogueIndex();
  readonly #changed = new Emitter<CatalogueChange>();
  readonly #subscriptions = new DisposableStore();
  /** Rooms to read again. */
  readonly #dirty = new UnreadRooms();
  /** By space, the change up to which the rows in the store are complete. */
  readonly #reached: Map<string, number>;
  /** Rooms whose row in memory is not the one in the store. */
  readonly #unsaved = new Set<string>();
  #timer: { dispose(): void } | null = null;
  #wait = SHORTEST_WAIT;
  #working: Promise<void> | null = null;
  #closed = false;
  /** The last try to store rows failed. */
  #stalled = false;
  readonly onChange = this.#changed.event;

  private constructor(parts: CatalogueParts, rows: readonly CatalogueRow[], reached: ReadonlyMap<string, number>) {
    this.#parts = parts;
    this.#reached = new Map(reached);
    for (const row of rows) this.#index.put(row);
    this.#index.takeChanges();
    this.#subscriptions.add(
      parts.source.onChange((changes) => {
        for (const change of changes) this.#dirty.add(change.room, change.number);
        this.#schedule();
      }),
    );
  }

  static async open(parts: CatalogueParts): Promise<Catalogue> {
    const stored = await loadCatalogue(parts.values);
    return new Catalogue(parts, stored.rows, stored.reached);
  }

  /** Looks for what changed in a workspace since the rows were written, and reads it in the background. */
  async watch(workspace: string): Promise<void> {
    const { source, principal } = this.#parts;
    for (const head of await source.heads(workspace, principal)) {
      let after = this.#reached.get(`${workspace}/${head.space}`) ?? 0;
      while (after < head.number && !this.#closed) {
        const changes = await source.changes(workspace, head.space, after, 500);
        const last = changes.at(-1);
        if (!last) break;
        for (const change of changes) this.#dirty.add(change.room, change.number);
        after = last.number;
      }
    }
    this.#schedule();
  }

  row(room: string): CatalogueRow | null {
    return this.#index.row(room);
  }

  /** A listed document by its id. */
  entry(workspace: string, document: string): DocEntry | null {
    return this.#index.entry(workspace, document);
  }

  list(workspace: string, space?: string): readonly DocEntry[] {
    return this.#index.list(workspace, space);
  }

  /** Reads one room now, so that whoever changed it finds the change in the next answer. */
  async refresh(room: string): Promise<void> {
    try {
      await this.#read([room]);
    } catch (error) {
      // The document is stored and the row is right in memory; its copy in the store is written with the next ones.
      this.#parts.logger.log('warn', 'catalogue-not-stored', { error: String(error) });
    }
  }

  /** Resolves when nothing waits to be read, or when the rows cannot be stored now. */
  async settled(): Promise<void> {
    while (!this.#closed && (this.#dirty.size > 0 || this.#working)) {
      this.#timer?.dispose();
      this.#timer = null;
      await (this.#working ?? this.#work());
      if (this.#stalled) return;
    }
  }

  /** Throws away all rows of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    for (const room of this.#index.rooms(workspace)) {
      this.#index.remove(room);
      this.#unsaved.delete(room);
    }
    for (const change of this.#index.takeChanges()) this.#changed.fire(change);
    for (const space of [...this.#reached.keys()]) if (space.startsWith(`${workspace}/`)) this.#reached.delete(space);
    await forgetCatalogue(this.#parts.values, workspace);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.dispose();
    this.#timer?.dispose();
    this.#timer = null;
    await this.#working;
    this.#changed.clear();
  }

  #schedule(): void {
    if (this.#closed || this.#timer || this.#working || this.#dirty.size === 0) return;
    this.#timer = this.#parts.clock.after(this.#wait, () => {
      this.#timer = null;
      void this.#work();
    });
  }

  #work(): Promise<void> {
    this.#working ??= this.#drain().finally(() => {
      this.#working = null;
      this.#schedule();
    });
    return this.#working;
  }

  async #drain(): Promise<void> {
    const batch = this.#dirty.first(PER_WRITE);
    const started = performance.now();
    try {
      await this.#read(
        batch.map(([room]) => room),
        batch,
      );
      this.#stalled = false;
      const rest = this.#dirty.size > 0 ? 0 : SHORTEST_WAIT;
      this.#wait = Math.min(LONGEST_WAIT, Math.max(rest, (performance.now() - started) * (rest === 0 ? 0 : SHARE)));
    } catch (error) {
      // The rows could not be stored; they are right in memory and are written with the next ones.
      this.#stalled = true;
      this.#wait = LONGEST_WAIT;
      this.#parts.logger.log('warn', 'catalogue-not-stored', { error: String(error) });
    }
  }

  /** @param done what of the unread rooms is read by it. */
  async #read(rooms: readonly string[], done: readonly UnreadRoom[] = []): Promise<void> {
    const { documents, clock, logger } = this.#parts;
    let breath = performance.now();
    for (const room of rooms) {
      if (this.#closed) return;
      try {
        // The row goes into the index in the same breath, so that of two readers the later one wins.
        await documents.readHead(room, (doc) => {
          const before = this.#index.row(room);
          const row = projectRow(room, doc, clock.now());
          if (row && before && sameRow(before, row) && row.changedAt - before.changedAt < SAME_MOMENT) return;
          if (!row && !before) return;
          if (row) this.#index.put(row);
          else this.#index.remove(room);
          this.#unsaved.add(room);
        });
      } catch (error) {
        // One room that cannot be read (damaged) must not hold up the others; its last row stays.
        logger.log('warn', 'catalogue-room-not-read', { room, error: String(error) });
      }
      if (performance.now() - breath < BREATH) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
    for (const change of this.#index.takeChanges()) this.#changed.fire(change);
    this.#dirty.done(done);
    try {
      await this.#save();
    } catch (error) {
      this.#dirty.restore(done);
      throw error;
    }
  }

  /** Writes the rows that are not stored yet, and with them how far each space is read: then nothing of it is read again. */
  async #save(): Promise<void> {
    const rooms = [...this.#unsaved];
    this.#unsaved.clear();
    const rows = rooms.flatMap((room) => this.#index.row(room) ?? []);
    const gone = rooms.filter((room) => this.#index.row(room) === null);
    const reached = [...this.#dirty.readUpTo()].filter(([space, number]) => number > (this.#reached.get(space) ?? 0));
    try {
      await saveCatalogue(this.#parts.values, rows, gone, new Map(reached));
      for (const [space, number] of reached) this.#reached.set(space, number);
    } catch (error) {
      for (const room of rooms) this.#unsaved.add(room);
      throw error;
    }
  }
}

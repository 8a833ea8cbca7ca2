// The doings projection: what people did in documents, by the times that stand in them; fed by room changes. It judges no rights.
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { ProjectionFeed, type FeedParts, type Pace } from '../projection-feed.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';
import { RowsBySpace } from '../rows-by-space.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { DOINGS_VERSION, doingRow, readDoingRow, type DoingRow } from './doing-row.ts';

export interface DoingsParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readStored'>;
}

/** Nobody waits for it: it comes behind what windows show of the same change. */
const PACE: Pace = { shortestWait: 400, share: 20, pause: 2 };

export class Doings {
  readonly #parts: DoingsParts;
  readonly #feed: ProjectionFeed;
  readonly #rows: RowsBySpace<DoingRow>;

  private constructor(parts: DoingsParts, store: ProjectionStore<DoingRow>, stored: StoredProjection<DoingRow>) {
    this.#parts = parts;
    this.#rows = new RowsBySpace(store, stored.rows);
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'doings',
        read: (room) => this.#readRoom(room),
        // Whoever shows something of it asks when threads and documents are announced.
        tell: () => undefined,
        save: (reached) => this.#rows.save(reached),
      },
      stored.reached,
      PACE,
    );
  }

  static async open(parts: DoingsParts): Promise<Doings> {
    const store = new ProjectionStore(parts.values, { area: 'doings', version: DOINGS_VERSION, row: doingRow });
    return new Doings(parts, store, await store.load());
  }

  /** Looks for what changed in a workspace since the rows were written, and reads it in the background. */
  watch(workspace: string): Promise<void> {
    return this.#feed.watch(workspace);
  }

  /** Reads one room now, so that whoever changed it finds the change in the next answer. */
  refresh(room: string): Promise<void> {
    return this.#feed.refresh(room);
  }

  settled(): Promise<void> {
    return this.#feed.settled();
  }

  get waiting(): number {
    return this.#feed.waiting;
  }

  /** Rows of a space in no order. */
  in(workspace: string, space: string): Iterable<DoingRow> {
    return this.#rows.in(workspace, space);
  }

  /** Throws away everything of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    this.#feed.forget(workspace);
    await this.#rows.forget(workspace);
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  async #readRoom(room: string): Promise<void> {
    const space = parseRoomName(room)?.space ?? '@';
    if (/^[@~]/.test(space)) return;
    const row = await this.#parts.documents.readStored(room, (doc) => readDoingRow(room, doc));
    if (row === null && this.#rows.get(room) === null) return;
    this.#rows.set(room, row);
  }
}

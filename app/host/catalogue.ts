// The catalogue: a projection of every document's title and place, fed by room changes. It can be thrown away and rebuilt.
import type * as Y from 'yjs';
import { Emitter } from '../../shared/base/emitter.ts';
import type { ValueStore } from '../../shared/hub/value-store.ts';
import { readMeta } from '../../shared/model/document/meta.ts';
import type { DocEntry } from '../contract/entities.ts';
import { CatalogueIndex, type CatalogueChange } from './catalogue-index.ts';
import { CATALOGUE_VERSION, catalogueRow, projectRow, sameRow, type CatalogueRow } from './catalogue-row.ts';
import { ProjectionFeed, type FeedParts } from './projection-feed.ts';
import { ProjectionStore, type StoredProjection } from './projection-store.ts';
import type { RoomDocuments } from './room-documents.ts';

export interface CatalogueParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
}

/** Milliseconds within which a change that lists do not show is not worth a row of its own. */
const SAME_MOMENT = 1_000;

export class Catalogue {
  readonly #parts: CatalogueParts;
  readonly #store: ProjectionStore<CatalogueRow>;
  readonly #feed: ProjectionFeed;
  readonly #index = new CatalogueIndex();
  readonly #changed = new Emitter<CatalogueChange>();
  /** Rooms whose row in memory is not the one in the store. */
  readonly #unsaved = new Set<string>();
  readonly onChange = this.#changed.event;

  private constructor(
    parts: CatalogueParts,
    store: ProjectionStore<CatalogueRow>,
    { rows, reached }: StoredProjection<CatalogueRow>,
  ) {
    this.#parts = parts;
    this.#store = store;
    for (const row of rows.values()) this.#index.put(row);
    this.#index.takeChanges();
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'catalogue',
        read: (room) => this.#read(room),
        tell: () => this.#tell(),
        save: (now) => this.#save(now),
      },
      reached,
    );
  }

  static async open(parts: CatalogueParts): Promise<Catalogue> {
    const shape = { area: 'catalogue', version: CATALOGUE_VERSION, row: catalogueRow };
    const store = new ProjectionStore(parts.values, shape);
    return new Catalogue(parts, store, await store.load());
  }

  /** Looks for what changed in a workspace since the rows were written, and reads it in the background. */
  watch(workspace: string): Promise<void> {
    return this.#feed.watch(workspace);
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

  /** A card's own document by the card's id: no list shows it. */
  card(workspace: string, id: string): DocEntry | null {
    return this.#index.card(workspace, id);
  }

  /** The same in one space alone. */
  cardIn(workspace: string, space: string, id: string): DocEntry | null {
    return this.#index.cardIn(workspace, space, id);
  }

  /** The rows of the own documents of a board's cards that are in the board's space. */
  cardsOf(board: Pick<DocEntry, 'room' | 'space' | 'id'>): readonly CatalogueRow[] {
    return this.#index.cardsOf(board.room.slice(0, board.room.indexOf('/')), board.space, board.id);
  }

  /** Every row of a workspace, of any kind. */
  rows(workspace: string): Iterable<CatalogueRow> {
    return this.#index.rowsOf(workspace);
  }

  /** Reads one room now, so that whoever changed it finds the change in the next answer. */
  refresh(room: string): Promise<void> {
    return this.#feed.refresh(room);
  }

  /** Whether everything that is known of has been read. */
  get isCurrent(): boolean {
    return this.#feed.waiting === 0;
  }

  /** Resolves when nothing waits to be read, or when the rows cannot be stored now. */
  settled(): Promise<void> {
    return this.#feed.settled();
  }

  /** Throws away all rows of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    for (const room of this.#index.rooms(workspace)) {
      this.#index.remove(room);
      this.#unsaved.delete(room);
    }
    this.#tell();
    this.#feed.forget(workspace);
    await this.#store.forget(workspace);
  }

  async close(): Promise<void> {
    await this.#feed.close();
    this.#changed.clear();
  }

  async #read(room: string): Promise<void> {
    const { documents, clock } = this.#parts;
    // The row goes into the index in the same breath, so that of two readers the later one wins.
    const take = (doc: Y.Doc): void => {
      const before = this.#index.row(room);
      const row = projectRow(room, doc, clock.now());
      if (row && before && sameRow(before, row) && row.changedAt - before.changedAt < SAME_MOMENT) return;
      if (!row && !before) return;
      if (row) this.#index.put(row);
      else this.#index.remove(room);
      this.#unsaved.add(room);
    };
    const isCard = await documents.readHead(room, (doc) => {
      if (readMeta(doc)?.kind === 'card') return true;
      take(doc);
      return false;
    });
    if (isCard) await documents.readStored(room, take);
  }

  #tell(): void {
    for (const change of this.#index.takeChanges()) this.#changed.fire(change);
  }

  async #save(reached: ReadonlyMap<string, number>): Promise<void> {
    const rooms = [...this.#unsaved];
    this.#unsaved.clear();
    try {
      await this.#store.save(new Map(rooms.map((room) => [room, this.row(room)])), reached);
    } catch (error) {
      for (const room of rooms) this.#unsaved.add(room);
      throw error;
    }
  }
}

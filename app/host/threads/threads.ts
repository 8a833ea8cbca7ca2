// The threads projection: a row for each thread, and what I have read of them; fed by room changes. It judges no rights.
import { Emitter } from '../../../shared/base/emitter.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { personalRoom, readMatter } from '../../../shared/model/personal/personal.ts';
import { readAllReadPosts, type ReadPosts } from '../../../shared/model/personal/read-posts.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { ProjectionFeed, type FeedParts } from '../projection-feed.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';
import { RowsBySpace } from '../rows-by-space.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { readThreadRow, threadRow, THREADS_VERSION, type ThreadRow } from './thread-row.ts';

export interface ThreadsParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
}

/** Threads of these spaces became different, or what I have read of them. */
export interface ThreadsChange {
  readonly workspace: string;
  readonly spaces: ReadonlySet<string>;
}

type ReadIn = ReadonlyMap<string, ReadPosts>;
const NOTHING: ReadIn = new Map();
/** The matter in which a member keeps what they read in a space (PS6). */
const READ = readMatter('');
/** And how much they want to hear (PS8). */
const LEVELS = 'levels';

export class Threads {
  readonly #parts: ThreadsParts;
  readonly #feed: ProjectionFeed;
  readonly #rows: RowsBySpace<ThreadRow>;
  /** What a member has read in a space, by the room that says so, once somebody asked. */
  readonly #read = new Map<string, ReadIn>();
  readonly #untold = new Map<string, Set<string>>();
  readonly #changed = new Emitter<ThreadsChange>();
  readonly onChange = this.#changed.event;

  private constructor(
    parts: ThreadsParts,
    store: ProjectionStore<ThreadRow>,
    { rows, reached }: StoredProjection<ThreadRow>,
  ) {
    this.#parts = parts;
    this.#rows = new RowsBySpace(store, rows);
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'threads',
        read: (room) => this.#readRoom(room),
        tell: () => this.#tell(),
        save: (now) => this.#rows.save(now),
      },
      reached,
    );
  }

  static async open(parts: ThreadsParts): Promise<Threads> {
    const store = new ProjectionStore(parts.values, { area: 'threads', version: THREADS_VERSION, row: threadRow });
    return new Threads(parts, store, await store.load());
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

  row(room: string): ThreadRow | null {
    return this.#rows.get(room);
  }

  /** Threads of a space in no order, archived ones too. */
  in(workspace: string, space: string): Iterable<ThreadRow> {
    return this.#rows.in(workspace, space);
  }

  /** What a member of this computer has read in a space, by thread. */
  async readIn(workspace: string, member: string, space: string): Promise<ReadIn> {
    const room = personalRoom(workspace, member, readMatter(space));
    if (!this.#read.has(room)) await this.#readReading(room);
    return this.#read.get(room) ?? NOTHING;
  }

  /** Throws away everything of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    for (const room of [...this.#read.keys()]) if (room.startsWith(`${workspace}/`)) this.#read.delete(room);
    this.#feed.forget(workspace);
    await this.#rows.forget(workspace);
  }

  async close(): Promise<void> {
    await this.#feed.close();
    this.#changed.clear();
  }

  async #readRoom(room: string): Promise<void> {
    const address = parseRoomName(room);
    if (!address) return;
    if (address.space.startsWith('~')) {
      // What is muted is in no badge.
      if (address.document === LEVELS) {
        for (const space of this.#rows.spacesOf(address.workspace)) this.#note(address.workspace, space);
        return;
      }
      if (!address.document.startsWith(READ) || !this.#read.has(room)) return;
      await this.#readReading(room);
      this.#note(address.workspace, address.document.slice(READ.length));
      return;
    }
    const { documents } = this.#parts;
    const isThread = await documents.readHead(room, (doc) => readMeta(doc)?.kind === 'thread');
    if (!isThread && this.#rows.get(room) === null) return;
    await documents.readStored(room, (doc) => this.#rows.set(room, readThreadRow(room, doc)));
    this.#note(address.workspace, address.space);
  }

  /** Where nothing was read the room is empty. */
  async #readReading(room: string): Promise<void> {
    await this.#parts.documents.readStored(room, (doc) => void this.#read.set(room, readAllReadPosts(doc)));
  }

  #note(workspace: string, space: string): void {
    const spaces = this.#untold.get(workspace) ?? new Set<string>();
    this.#untold.set(workspace, spaces.add(space));
  }

  #tell(): void {
    const untold = [...this.#untold];
    this.#untold.clear();
    for (const [workspace, spaces] of untold) this.#changed.fire({ workspace, spaces });
  }
}

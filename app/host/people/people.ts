// The people projection: profiles, teams, and whose words stand in which document; fed by room changes. It judges no rights and can be thrown away.
import { Emitter } from '../../../shared/base/emitter.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { teamsRoom, type Team } from '../../../shared/model/teams/teams.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { ProjectionFeed, type FeedParts, type Pace } from '../projection-feed.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';
import type { RoomDocuments } from '../room-documents.ts';
import {
  isOfPeople,
  PEOPLE_VERSION,
  peopleRow,
  readPeopleRow,
  type PeopleRow,
  type ProfileRow,
} from './people-rows.ts';
import type { WorkKind } from './works.ts';

export interface PeopleParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readStored'>;
}

/** One person's part in a document, with the signature of its words. */
export interface SignedWork {
  readonly member: string;
  readonly kind: WorkKind;
  readonly signature: Uint8Array;
}

/** Reading documents for this alone must not hold up what people wait for. */
const PACE: Pace = { shortestWait: 200, share: 20, pause: 1 };

export class People {
  readonly #parts: PeopleParts;
  readonly #store: ProjectionStore<PeopleRow>;
  readonly #feed: ProjectionFeed;
  readonly #rows = new Map<string, PeopleRow>();
  /** Documents with words of people, by workspace and room. */
  readonly #works = new Map<string, Map<string, readonly SignedWork[]>>();
  readonly #unsaved = new Set<string>();
  readonly #untold = new Set<string>();
  readonly #changed = new Emitter<string>();
  /** Fires with a workspace whose profiles, teams or follows became different; not for what is written in documents. */
  readonly onChange = this.#changed.event;

  private constructor(
    parts: PeopleParts,
    store: ProjectionStore<PeopleRow>,
    { rows, reached }: StoredProjection<PeopleRow>,
  ) {
    this.#parts = parts;
    this.#store = store;
    for (const [room, row] of rows) this.#put(room, row);
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'people',
        read: (room) => this.#read(room),
        tell: () => this.#tell(),
        save: (now) => this.#save(now),
      },
      reached,
      PACE,
    );
  }

  static async open(parts: PeopleParts): Promise<People> {
    const store = new ProjectionStore(parts.values, { area: 'people', version: PEOPLE_VERSION, row: peopleRow });
    return new People(parts, store, await store.load());
  }

  /** Looks for what changed in a workspace since it was read, and reads it in the background. */
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

  /** Documents that are to be read before answers are complete. */
  get waiting(): number {
    return this.#feed.waiting;
  }

  /** Null where the profile is not here, or is none. */
  profile(workspace: string, member: string): ProfileRow | null {
    const row = this.#rows.get(profileRoom(workspace, member));
    return row?.row === 'profile' ? row : null;
  }

  teams(workspace: string): readonly Team[] {
    const row = this.#rows.get(teamsRoom(workspace));
    return row?.row === 'teams' ? row.teams : [];
  }

  /** By room, in no order. */
  works(workspace: string): Iterable<readonly [string, readonly SignedWork[]]> {
    return this.#works.get(workspace) ?? [];
  }

  /** Throws away everything of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    for (const held of [this.#rows, this.#unsaved]) {
      for (const room of [...held.keys()]) if (room.startsWith(`${workspace}/`)) held.delete(room);
    }
    this.#works.delete(workspace);
    this.#feed.forget(workspace);
    await this.#store.forget(workspace);
  }

  async close(): Promise<void> {
    await this.#feed.close();
    this.#changed.clear();
  }

  async #read(room: string): Promise<void> {
    const address = parseRoomName(room);
    if (address?.space.startsWith('~') && address.document === 'follows') this.#untold.add(address.workspace);
    if (!address || !isOfPeople(room)) return;
    await this.#parts.documents.readStored(room, (doc) => {
      const row = readPeopleRow(room, doc);
      if (JSON.stringify(row) === JSON.stringify(this.#stored(room))) return;
      this.#put(room, row);
      this.#unsaved.add(room);
      if (address.space.startsWith('@')) this.#untold.add(address.workspace);
    });
  }

  #stored(room: string): PeopleRow | null {
    const row = this.#rows.get(room);
    if (row) return row;
    const works = this.#works.get(room.slice(0, room.indexOf('/')))?.get(room);
    return works ? worksRow(works) : null;
  }

  /** Words are kept as bytes: of 20,000 documents they are a few megabytes. */
  #put(room: string, row: PeopleRow | null): void {
    const workspace = room.slice(0, room.indexOf('/'));
    const works = this.#works.get(workspace) ?? new Map<string, readonly SignedWork[]>();
    this.#works.set(workspace, works);
    if (row?.row === 'works') {
      works.set(
        room,
        row.works.map((work) => ({ ...work, signature: Uint8Array.from(Buffer.from(work.signature, 'base64')) })),
      );
    } else if (row) this.#rows.set(room, row);
    else {
      works.delete(room);
      this.#rows.delete(room);
    }
  }

  #tell(): void {
    const workspaces = [...this.#untold];
    this.#untold.clear();
    for (const workspace of workspaces) this.#changed.fire(workspace);
  }

  async #save(reached: ReadonlyMap<string, number>): Promise<void> {
    const rooms = [...this.#unsaved];
    this.#unsaved.clear();
    try {
      await this.#store.save(new Map(rooms.map((room) => [room, this.#stored(room)])), reached);
    } catch (error) {
      for (const room of rooms) this.#unsaved.add(room);
      throw error;
    }
  }
}

function worksRow(works: readonly SignedWork[]): PeopleRow {
  return {
    row: 'works',
    works: works.map((work) => ({ ...work, signature: Buffer.from(work.signature).toString('base64') })),
  };
}

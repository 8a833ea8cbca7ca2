// Ready for travel (docs/travel.md): what of that which is taken along is not on this computer, who has it, and having it fetched first. It fetches nothing itself.
import type { Clock } from '../../../shared/base/clock.ts';
import type { DocStore } from '../../../shared/hub/doc-store.ts';
import type { RoomSource } from '../../../shared/link/room-source.ts';
import { readFavourites } from '../../../shared/model/personal/favourites.ts';
import { readLevels } from '../../../shared/model/personal/levels.ts';
import { isSilent, personalRoom, type PersonalMatter } from '../../../shared/model/personal/personal.ts';
import { watchedDocuments } from '../../../shared/model/personal/watched.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { BlobHolders } from '../../contract/attachments.ts';
import {
  MOST_HOLDERS,
  MOST_LISTED,
  type MissingFile,
  type TravelChoice,
  type TravelReport,
} from '../../contract/travel.ts';
import type { Attachments } from '../attachments/attachments.ts';
import { WRITER } from '../attachments/blob-fetcher.ts';
import type { BlobReferences } from '../attachments/blob-references.ts';
import type { BlobAt, BlobRows } from '../attachments/blob-rows.ts';
import type { FetchWishes } from '../attachments/fetch-wishes.ts';
import type { BlobStore } from '../../../shared/hub/blob-store.ts';
import { Breath } from '../breath.ts';
import type { Catalogue } from '../catalogue.ts';
import type { CatalogueRow } from '../catalogue-row.ts';
import type { Landings } from '../landings.ts';
import type { Links } from '../links/links.ts';
import type { Peers } from '../peers/peers.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import { hasRoomFor } from './free-bytes.ts';
import { StoredSizes } from './stored-sizes.ts';
import { takenAlong, type Chosen } from './taken-along.ts';
import { chosenBy, keepChoice, readChoice } from './travel-choice.ts';
import { reportOf, type Counted, type Differing, type FileState, type UsedFile } from './travel-report.ts';

export interface TravelParts {
  readonly store: DocStore;
  readonly source: RoomSource & { quarantined(workspace: string): Promise<ReadonlySet<string>> };
  readonly documents: Pick<RoomDocuments, 'read'>;
  readonly catalogue: Catalogue;
  readonly links: Links;
  readonly landings: Landings;
  readonly workspaces: Workspaces;
  readonly peers: Pick<Peers, 'differing' | 'list'>;
  readonly attachments: Attachments;
  readonly references: BlobReferences;
  readonly rows: BlobRows;
  readonly wishes: FetchWishes;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly holdersOf: (at: BlobAt) => Promise<BlobHolders>;
  /** Bytes free on the disk; null where that cannot be asked. */
  readonly free: () => Promise<number | null>;
}

export type FetchOutcome =
  | { readonly kind: 'begun'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'no-room'; readonly bytes: number; readonly free: number };

/** Files whose partial bytes are looked up at once. */
const AT_ONCE = 32;

interface Looked {
  readonly choice: TravelChoice;
  readonly everything: boolean;
  readonly counted: Counted;
  /** Whether it rests on where documents lead to. */
  readonly byLinks: boolean;
}

export class Travel {
  readonly #parts: TravelParts;
  readonly #sizes: StoredSizes;

  constructor(parts: TravelParts) {
    this.#parts = parts;
    this.#sizes = new StoredSizes(parts.store, parts.source);
  }

  /** @param space that one alone, whatever is chosen; the caller knows that it may be read. */
  async check(id: string, space?: string): Promise<TravelReport> {
    const { workspaces, clock, free, attachments, catalogue, references, links, peers } = this.#parts;
    const workspace = workspaces.get(id);
    await attachments.dropLost(id);
    const { choice, everything, counted, byLinks } = await this.#look(workspace, space);
    const known = this.#known(workspace);
    const reading = !catalogue.isCurrent || !references.isCurrent || (byLinks && links.waiting > 0);
    return {
      checkedAt: clock.now(),
      choice,
      nothingFollowed: everything,
      known,
      reachable: workspace.link?.status.state === 'online' || peers.list(id).some(({ state }) => state === 'linked'),
      reading,
      ready: counted.missingCount === 0 && !reading && known.how !== 'asking',
      ...counted,
      missing: await this.#withHolders(id, counted.missing.slice(0, MOST_LISTED)),
      free: await free(),
    };
  }

  async choose(id: string, choice: TravelChoice): Promise<void> {
    await keepChoice(this.#parts.store.values, this.#parts.workspaces.get(id).id, choice);
  }

  /** Rule TR7. @param files left out: all that are missing. */
  async fetch(id: string, space?: string, files?: readonly Omit<BlobAt, 'workspace'>[]): Promise<FetchOutcome> {
    const { workspaces, attachments, free } = this.#parts;
    const workspace = workspaces.get(id);
    await attachments.dropLost(id);
    const wanted = await this.#missingFiles(workspace, space, files);
    const bytes = wanted.reduce((sum, { size, received }) => sum + Math.max(0, size - received), 0);
    const room = await free();
    if (room !== null && !hasRoomFor(bytes, room)) return { kind: 'no-room', bytes, free: room };
    attachments.fetchFirst(id, placesOf(id, wanted));
    // Documents that were not to be had are asked for again.
    workspace.link?.rightsChanged();
    return { kind: 'begun', files: wanted.length, bytes };
  }

  /** @param files left out: all that are missing. */
  async pause(id: string, files?: readonly Omit<BlobAt, 'workspace'>[]): Promise<void> {
    const { workspaces, attachments } = this.#parts;
    const wanted = await this.#missingFiles(workspaces.get(id), undefined, files);
    attachments.pause(id, placesOf(id, wanted));
  }

  /** Of a workspace that is on this computer no more. */
  forget(workspace: string): Promise<void> {
    return keepChoice(this.#parts.store.values, workspace, null);
  }

  close(): void {
    this.#sizes.close();
  }

  async #missingFiles(
    workspace: Workspace,
    space: string | undefined,
    files: readonly Omit<BlobAt, 'workspace'>[] | undefined,
  ): Promise<readonly MissingFile[]> {
    const { counted } = await this.#look(workspace, space);
    const named = files && new Set(files.map((one) => `${one.space}/${one.blob}`));
    return counted.missing.flatMap((one) =>
      one.what === 'file' && (!named || named.has(`${one.space}/${one.blob}`)) ? one : [],
    );
  }

  async #look(workspace: Workspace, space?: string): Promise<Looked> {
    const { store, catalogue, links, references } = this.#parts;
    const { id } = workspace;
    const breath = new Breath();
    const reach = new Map<string, boolean>();
    const mayRead = (place: string): boolean => {
      const may = reach.get(place) ?? workspace.mayRead(place);
      reach.set(place, may);
      return may;
    };
    const choice = await readChoice(store.values, id);
    const spaces = workspace
      .spaces()
      .filter((one) => one.part !== null && !one.archived && mayRead(one.id))
      .map((one) => one.id);
    const follows = await this.#follows(workspace);
    const { everything, ...chosen } =
      space === undefined
        ? chosenBy(choice, spaces, follows)
        : { spaces: new Set([space]), documents: new Set<string>(), everything: false };
    // By room: a row that becomes another one while others have their turn is still one.
    const rows = new Map<string, CatalogueRow>();
    const people = new Map<string, CatalogueRow>();
    for (const row of catalogue.rows(id)) {
      if (breath.isDue) await breath.take();
      const place = parseRoomName(row.room)?.space ?? '';
      if (!mayRead(place)) continue;
      if (!/^[@~]/.test(place)) rows.set(row.room, row);
      else if (space === undefined) people.set(row.room, row);
    }
    // Where every space is taken nothing leads to more.
    const leads = spaces.every((one) => chosen.spaces.has(one)) ? null : await links.from(id);
    const along = await takenAlong(
      { rows: [...rows.values()], leadsTo: (room) => leads?.get(room) ?? [] },
      chosen,
      breath,
    );
    const taken = space === undefined ? along : along.filter((row) => parseRoomName(row.room)?.space === space);
    const all = [...taken, ...people.values()];
    const filesOf = (room: string): readonly UsedFile[] => references.ofRoom(room);
    const rooms = all.map(({ room }) => room);
    const states = await this.#fileStates(id, all, filesOf, breath);
    const counted = await reportOf(
      {
        taken,
        people: [...people.values()],
        spaces: workspace.spaces().map((one) => one.id),
        sizes: await this.#sizes.of(rooms, breath),
        filesOf,
        // One that a document began to refer to meanwhile is in no state yet.
        fileState: (place, blob) =>
          states.get(`${place}/${blob}`) ?? this.#stateInRow({ workspace: id, space: place, blob }),
        differing: await this.#differing(workspace, chosen, new Set(rooms), space !== undefined, breath),
        row: (room) => catalogue.row(room),
      },
      breath,
    );
    return { choice, everything, counted, byLinks: leads !== null };
  }

  async #follows(workspace: Workspace): Promise<Parameters<typeof chosenBy>[2]> {
    const { documents } = this.#parts;
    const room = (matter: PersonalMatter): string => personalRoom(workspace.id, workspace.about.member, matter);
    const [levels, favourites, watched] = await Promise.all([
      documents.read(room('levels'), readLevels),
      documents.read(room('favourites'), readFavourites),
      documents.read(room('watched'), watchedDocuments),
    ]);
    return { levels, favourites, watched };
  }

  /** By `<space>/<blob>`. */
  async #fileStates(
    workspace: string,
    rows: readonly CatalogueRow[],
    filesOf: (room: string) => readonly UsedFile[],
    breath: Breath,
  ): Promise<ReadonlyMap<string, FileState>> {
    const states = new Map<string, FileState>();
    const away: BlobAt[] = [];
    for (const { room } of rows) {
      const space = parseRoomName(room)?.space ?? '';
      for (const { blob } of filesOf(room)) {
        const key = `${space}/${blob}`;
        if (states.has(key)) continue;
        const at = { workspace, space, blob };
        const state = this.#stateInRow(at);
        states.set(key, state);
        if (!state.here) away.push(at);
      }
      if (breath.isDue) await breath.take();
    }
    for (let at = 0; at < away.length; at += AT_ONCE) {
      const told = await Promise.all(away.slice(at, at + AT_ONCE).map((one) => this.#fileState(one)));
      for (const [key, state] of told) states.set(key, state);
      if (breath.isDue) await breath.take();
    }
    return states;
  }

  #stateInRow(at: BlobAt): FileState {
    const row = this.#parts.rows.get(at);
    return row ? { here: true, size: row.size } : ABSENT;
  }

  async #fileState(at: BlobAt): Promise<readonly [key: string, FileState]> {
    const { attachments, wishes, blobs } = this.#parts;
    const key = `${at.space}/${at.blob}`;
    const state = await attachments.state(at);
    // It came meanwhile.
    if (state.state === 'here') return [key, { here: true, size: state.size }];
    const received = Math.max(state.received, await blobs.partial(at.workspace, at.blob, WRITER));
    const how = wishes.isPaused(at) ? 'paused' : state.state;
    return [key, { here: false, state: how, wanted: wishes.isFirst(at), received, trouble: state.trouble }];
  }

  /** Rule TR5: of what is taken along, and of what is only known by its name where a whole space is taken. */
  async #differing(
    { id, link }: Workspace,
    chosen: Chosen,
    taken: ReadonlySet<string>,
    spaceAlone: boolean,
    breath: Breath,
  ): Promise<ReadonlyMap<string, Differing>> {
    const { source, catalogue, workspaces, peers } = this.#parts;
    const found = new Map<string, Differing>();
    const isMeant = (room: string): boolean => {
      const at = parseRoomName(room);
      if (!at) return false;
      if (at.space.startsWith('~') && isSilent(at.document)) return false;
      if (taken.has(room)) return true;
      if (catalogue.row(room)) return false;
      const isWhole = /^[@~]/.test(at.space) ? !spaceAlone : chosen.spaces.has(at.space);
      return isWhole && workspaces.get(id).mayRead(at.space);
    };
    // One may have it where another refuses it.
    for (const { room, refused } of [...(link?.differing() ?? []), ...peers.differing(id)]) {
      if (isMeant(room) && !(refused && found.has(room))) found.set(room, refused ? 'refused' : 'coming');
      if (breath.isDue) await breath.take();
    }
    for (const room of await source.quarantined(id)) if (isMeant(room)) found.set(room, 'unsafe');
    return found;
  }

  #known({ id, link, about }: Workspace): TravelReport['known'] {
    if (about.relay === null) return { how: 'alone', at: null };
    if (link?.hasHeard) return { how: 'now', at: this.#parts.clock.now() };
    if (link?.status.state === 'online') return { how: 'asking', at: null };
    return { how: 'since', at: this.#parts.landings.upAt(id) };
  }

  async #withHolders(workspace: string, missing: TravelReport['missing']): Promise<TravelReport['missing']> {
    let asked = 0;
    const told: TravelReport['missing'] = [];
    const breath = new Breath();
    for (const one of missing) {
      // Each looks into documents.
      if (breath.isDue) await breath.take();
      if (one.what !== 'file' || asked >= MOST_HOLDERS) {
        told.push(one);
        continue;
      }
      asked += 1;
      const { space, blob } = one;
      told.push({ ...one, holders: await this.#parts.holdersOf({ workspace, space, blob }) });
    }
    return told;
  }
}

const ABSENT: FileState = { here: false, state: 'absent', wanted: false, received: 0, trouble: null };

function placesOf(workspace: string, files: readonly MissingFile[]): BlobAt[] {
  return files.map(({ space, blob }) => ({ workspace, space, blob }));
}

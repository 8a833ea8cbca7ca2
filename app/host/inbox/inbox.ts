// The inbox projection: what calls on the member of this computer, once per thing and visit, derived from documents alone; fed by room changes. It writes no document and tells nobody outside.
import type { Disposable } from '../../../shared/base/disposable.ts';
import { DisposableStore } from '../../../shared/base/disposable.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import type { InboxMark } from '../../../shared/model/personal/inbox.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { InboxEntry, InboxState } from '../../contract/inbox.ts';
import { writersSince } from './writers-since.ts';
import type { Sittings } from '../doings/sittings.ts';
import type { Catalogue } from '../catalogue.ts';
import type { People } from '../people/people.ts';
import { ProjectionFeed, type FeedParts, type Pace } from '../projection-feed.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { RowsBySpace } from '../rows-by-space.ts';
import type { Threads } from '../threads/threads.ts';
import type { Workspaces } from '../workspaces.ts';
import { CALLS_VERSION, callRow, type CallRow } from './call-row.ts';
import type { Found } from './found.ts';
import { CLOCK_OFF, compareEntries, entriesOf, markFor, thingOf, type Unarrived } from './found.ts';
import { KnownEntries } from './known-entries.ts';
import { MyInbox } from './my-inbox.ts';
import { readCallRow } from './read-calls.ts';

export interface InboxParts extends FeedParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
  readonly threads: Threads;
  readonly people: People;
  readonly catalogue: Catalogue;
  readonly sittings: Sittings;
  readonly workspaces: Workspaces;
}

export interface FreshEntries {
  readonly workspace: string;
  readonly entries: readonly InboxEntry[];
}

/** More of what calls, from a part that knows it: due dates, words that met. */
export interface InboxSource {
  /** Of the spaces that can be read here; in no order. */
  found(workspace: string): Iterable<Found>;
  /** Fires with a workspace in which found() is different. */
  readonly onChange: Event<string>;
}

/** Nobody waits for it while typing: it comes behind what windows show of the same change. */
const PACE: Pace = { shortestWait: 400, share: 20, pause: 2 };
/** What several projections say of one change is looked at once. */
const TOGETHER = 60;
/** Entries of one workspace that are listed, of what is done and of all else. */
const MOST_DONE = 200;
const MOST_OPEN = 1_000;
/** The longest time that a timer can wait. */
const LONGEST_WAIT = 86_400_000;

interface Listed {
  readonly entries: readonly InboxEntry[];
  readonly found: ReadonlyMap<string, Found>;
  readonly count: number;
}

const NOTHING: Listed = { entries: [], found: new Map(), count: 0 };

export class Inbox {
  readonly #parts: InboxParts;
  readonly #feed: ProjectionFeed;
  readonly #rows: RowsBySpace<CallRow>;
  readonly #known: KnownEntries;
  readonly #mine = new Map<string, MyInbox>();
  readonly #listed = new Map<string, Listed>();
  readonly #sources: InboxSource[] = [];
  readonly #held = new DisposableStore();
  readonly #dirty = new Set<string>();
  readonly #snoozes = new Map<string, Disposable>();
  /** Workspaces whose documents were all here at some time since the start. */
  readonly #caughtUp = new Set<string>();
  /** Workspaces of which rooms changed before they were watched. */
  readonly #missed = new Set<string>();
  #timer: Disposable | null = null;
  #working: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #fresh = new Emitter<FreshEntries>();
  readonly #changed = new Emitter<string>();
  /** Entries that are new here, each once on this computer, stored before it fires. Not for what a first sync or an import brought, nor what was done elsewhere. */
  readonly onFresh = this.#fresh.event;
  /** Fires with a workspace whose list is different. */
  readonly onChange = this.#changed.event;

  private constructor(
    parts: InboxParts,
    store: ProjectionStore<CallRow>,
    { rows, reached }: StoredProjection<CallRow>,
    known: KnownEntries,
  ) {
    this.#parts = parts;
    this.#rows = new RowsBySpace(store, rows);
    this.#known = known;
    this.#feed = new ProjectionFeed(
      parts,
      {
        name: 'inbox',
        read: (room) => this.#readRoom(room),
        tell: () => this.#soon(),
        save: (now) => this.#rows.save(now),
      },
      reached,
      PACE,
    );
    this.#held.add(
      parts.threads.onChange(({ workspace, spaces }) => {
        for (const space of spaces) this.#mine.get(workspace)?.spaceChanged(space);
        this.#look(workspace);
      }),
    );
    this.#held.add(
      parts.catalogue.onChange(({ workspace, rows }) => {
        const mine = this.#mine.get(workspace);
        if (mine && rows.filter((row) => mine.placeChanged(row)).length > 0) this.#look(workspace);
      }),
    );
    this.#held.add(
      parts.people.onChange((workspace) => {
        this.#mine.get(workspace)?.topicsChanged();
        this.#look(workspace);
      }),
    );
  }

  static async open(parts: InboxParts): Promise<Inbox> {
    const store = new ProjectionStore(parts.values, { area: 'inbox', version: CALLS_VERSION, row: callRow });
    return new Inbox(parts, store, await store.load(), await KnownEntries.open(parts.values));
  }

  /** More entries, for as long as the inbox lives. */
  addSource(source: InboxSource): void {
    this.#sources.push(source);
    this.#held.add(source.onChange((workspace) => this.#look(workspace)));
    for (const workspace of this.#mine.keys()) this.#look(workspace);
  }

  /** Looks for what changed in a workspace since the rows were written, and reads it in the background. */
  async watch(workspace: string): Promise<void> {
    const { documents, workspaces } = this.#parts;
    const known = workspaces.find(workspace);
    if (!known) return;
    const writers = (room: string): ReturnType<typeof writersSince> => writersSince(this.#parts.sittings, known, room);
    this.#mine.set(workspace, new MyInbox({ ...this.#parts, rows: this.#rows }, known, documents, writers));
    this.#held.add(known.onReach(() => this.#everything(workspace)));
    this.#held.add(
      known.onChange((part) => {
        if (part === 'truths') this.#noteCaughtUp(workspace);
        if (part === 'members' || part === 'spaces') this.#look(workspace);
      }),
    );
    if (this.#missed.delete(workspace)) this.#feed.forget(workspace);
    await this.#known.since(workspace, this.#parts.clock.now());
    await this.#feed.watch(workspace);
    this.#noteCaughtUp(workspace);
    this.#look(workspace);
  }

  /** Reads one room now, so that whoever changed it finds the change in the next answer. */
  async refresh(room: string): Promise<void> {
    await this.#feed.refresh(room);
    await this.#now();
  }

  /** Resolves when everything that is here is in the list. */
  async settled(): Promise<void> {
    await this.#feed.settled();
    await this.#parts.catalogue.settled();
    await this.#parts.threads.settled();
    await this.#now();
  }

  /** The newest first. */
  list(workspace: string): readonly InboxEntry[] {
    return (this.#listed.get(workspace) ?? NOTHING).entries;
  }

  /** How many are new. */
  count(workspace: string): number {
    return (this.#listed.get(workspace) ?? NOTHING).count;
  }

  /** What is to be written in my own document when a state is said of entries; those that are no more are passed over. */
  async marksFor(
    workspace: string,
    ids: readonly string[],
    state: InboxState,
    until: number | null,
  ): Promise<readonly (readonly [thing: string, mark: InboxMark | null])[]> {
    const { found } = this.#listed.get(workspace) ?? NOTHING;
    const marks = await this.#mine.get(workspace)?.marks();
    if (!marks) return [];
    const at = this.#parts.clock.now();
    return ids.flatMap((id) => {
      const of = found.get(thingOf(id));
      return of ? [[of.thing, markFor(of, marks, { state, until, at, id })] as const] : [];
    });
  }

  /** Throws away everything of a workspace that is on this computer no more; its documents are gone before. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    this.#feed.forget(workspace);
    this.#mine.delete(workspace);
    this.#listed.delete(workspace);
    this.#snoozes.get(workspace)?.dispose();
    await this.#rows.forget(workspace);
    await this.#known.forget(workspace);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#held.dispose();
    this.#timer?.dispose();
    for (const timer of this.#snoozes.values()) timer.dispose();
    await this.#feed.close();
    await this.#working;
    this.#fresh.clear();
    this.#changed.clear();
  }

  async #readRoom(room: string): Promise<void> {
    const address = parseRoomName(room);
    if (!address) return;
    const mine = this.#mine.get(address.workspace);
    if (!mine) {
      // The workspace is not open yet: watch() reads it then.
      this.#missed.add(address.workspace);
      return;
    }
    const { workspace, space, document } = address;
    if (space === `~${mine.member}`) {
      mine.matterChanged(document);
      this.#dirty.add(workspace);
      return;
    }
    if (/^[@~]/.test(space)) return;
    const asking = { me: mine.member, nameOf: (member: string) => mine.nameOf(member) };
    await this.#parts.documents.readStored(room, (doc) => {
      mine.documentRead(room, doc);
      const row = readCallRow(room, doc, asking);
      if (row === null && this.#rows.get(room) === null) return;
      this.#rows.set(room, row);
      mine.spaceChanged(space);
    });
    this.#dirty.add(workspace);
  }

  #everything(workspace: string): void {
    this.#mine.get(workspace)?.everythingChanged();
    this.#look(workspace);
  }

  #look(workspace: string): void {
    this.#dirty.add(workspace);
    this.#soon();
  }

  #soon(): void {
    if (this.#closed || this.#dirty.size === 0) return;
    this.#timer ??= this.#parts.clock.after(TOGETHER, () => {
      this.#timer = null;
      void this.#now();
    });
  }

  /** Lists anew what is dirty; one after the other. */
  #now(): Promise<void> {
    this.#working = this.#working.then(async () => {
      const workspaces = [...this.#dirty];
      this.#dirty.clear();
      for (const workspace of workspaces) {
        try {
          await this.#list(workspace);
        } catch (error) {
          // What was listed before stays; the next change lists anew.
          this.#parts.logger.log('warn', 'inbox-not-listed', { workspace, error: String(error) });
        }
      }
    });
    return this.#working;
  }

  async #list(workspace: string): Promise<void> {
    const mine = this.#mine.get(workspace);
    if (!mine || this.#closed) return;
    const now = this.#parts.clock.now();
    const all = [...(await mine.found()), ...this.#sources.flatMap((source) => [...source.found(workspace)])];
    const marks = await mine.marks();
    const before = this.#listed.get(workspace) ?? NOTHING;
    const unarrived = all.flatMap((found) => entriesOf(found, marks, now));
    const fresh = await this.#arrive(workspace, unarrived, before, now);
    const arrived = unarrived.map((entry) => ({
      ...entry,
      arrived: this.#known.arrived(workspace, entry.id) ?? now,
    }));
    arrived.sort(compareEntries);
    const open = arrived.filter(({ state }) => state !== 'done').slice(0, MOST_OPEN);
    const done = arrived.filter(({ state }) => state === 'done').slice(0, MOST_DONE);
    const entries = [...open, ...done].sort(compareEntries);
    const count = open.filter(({ state }) => state === 'new').length;
    this.#listed.set(workspace, { entries, count, found: new Map(all.map((found) => [found.thing, found])) });
    this.#wakeFor(workspace, entries, now);
    if (JSON.stringify(entries) !== JSON.stringify(before.entries)) this.#changed.fire(workspace);
    const told = entries.filter(({ id }) => fresh.has(id));
    if (told.length > 0) this.#fresh.fire({ workspace, entries: told });
  }

  /** Notes what is known here from now on. Answers whom to tell of: what is new, of now, and not part of what was new before. */
  async #arrive(
    workspace: string,
    entries: readonly Unarrived[],
    before: Listed,
    now: number,
  ): Promise<ReadonlySet<string>> {
    const since = (await this.#known.since(workspace, now)) - CLOCK_OFF;
    const isThere = this.#caughtUp.has(workspace);
    const unseen = entries.filter(({ id }) => this.#known.arrived(workspace, id) === null);
    const open = new Set(before.entries.flatMap(({ id, state }) => (state === 'new' ? [thingOf(id)] : [])));
    for (const { id, state } of entries) {
      if (state === 'new' && this.#known.arrived(workspace, id) !== null) open.add(thingOf(id));
    }
    const fresh = unseen.filter(
      ({ id, state, at }) => state === 'new' && !open.has(thingOf(id)) && (at === 0 ? isThere : at >= since),
    );
    try {
      await this.#known.add(
        workspace,
        unseen.map(({ id }) => id),
        now,
      );
      await this.#known.prune(workspace, new Set(entries.map(({ id }) => id)));
    } catch (error) {
      // Nobody is told of what may be told again after a restart; the next listing tries again.
      this.#parts.logger.log('warn', 'inbox-not-stored', { workspace, error: String(error) });
      return new Set();
    }
    return new Set(fresh.map(({ id }) => id));
  }

  #noteCaughtUp(workspace: string): void {
    const known = this.#parts.workspaces.find(workspace);
    if (known && (known.link?.fetching ?? 0) === 0 && known.link?.status.state !== 'connecting') {
      this.#caughtUp.add(workspace);
    }
  }

  /** What is snoozed comes back by itself. */
  #wakeFor(workspace: string, entries: readonly InboxEntry[], now: number): void {
    this.#snoozes.get(workspace)?.dispose();
    this.#snoozes.delete(workspace);
    const times = entries.flatMap(({ state, until }) => (state === 'snoozed' && until !== null ? [until] : []));
    if (times.length === 0) return;
    const wait = Math.min(LONGEST_WAIT, Math.max(0, Math.min(...times) - now));
    this.#snoozes.set(
      workspace,
      this.#parts.clock.after(wait, () => this.#look(workspace)),
    );
  }
}

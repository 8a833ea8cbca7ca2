// Digests: what came while this computer was away, made behind everything else from what landings bring, and kept. It asks each question about rights anew. One file, for taking in, reading, closing and starting again are steps of one account.
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { ClockRange } from '../../../shared/hub/delete-set.ts';
import type { History } from '../../../shared/hub/history/history.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import type { RoomSource } from '../../../shared/link/room-source.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { DigestItem, DigestSpan, ListedItem } from '../../contract/digest.ts';
import { Breath } from '../breath.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Landings } from '../landings.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Threads } from '../threads/threads.ts';
import type { Workspaces } from '../workspaces.ts';
import { calledIn, endedPolls, seenIn } from './called-items.ts';
import { DigestReader } from './digest-reader.ts';
import { DigestStore, DigestWrites, noDigest, type PastDigest, type StoredDigest } from './digest-store.ts';
import type { DigestSource } from './digest-source.ts';
import { LandedRanges } from './landed-ranges.ts';
import { MyMatters } from './my-matters.ts';
import { bothDifferences } from './page-difference.ts';
import { countOf, sectionsOf } from './sections.ts';

export interface DigestsParts {
  readonly values: ValueStore;
  readonly documents: Pick<RoomDocuments, 'readHead' | 'readStored'>;
  readonly source: Pick<RoomSource, 'onChange'>;
  readonly catalogue: Catalogue;
  readonly threads: Threads;
  readonly history: Pick<History, 'sessionsOf' | 'onSegment'>;
  readonly landings: Landings;
  readonly workspaces: Workspaces;
  readonly sources: readonly DigestSource[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A landing is here as a whole, and told of: once. */
export interface Landed {
  readonly workspace: string;
  readonly span: DigestSpan;
  /** Things that are not done. */
  readonly count: number;
  /** By the name of each section that has any. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What comes in a moment is read, and stored, together. */
const MOMENT = 500;
/** Of the time at most a third goes into it while much has come. */
const PAUSE = 2;
const ROOMS_PER_WRITE = 64;
/** Of one digest, and of one page: of more it is told without its words. */
const MOST_KEPT = 300;
const LARGEST_KEPT = 4 * 1024 * 1024;
const MOST_PAST = 5;
const MOST_SPANS = 20;

export class Digests {
  readonly #parts: DigestsParts;
  readonly #store: DigestStore;
  readonly #stored: Map<string, StoredDigest>;
  readonly #my: MyMatters;
  readonly #reader: DigestReader;
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<string>();
  readonly #landed = new Emitter<Landed>();
  /** Rooms to read again; of pages whose authors alone are asked for again. */
  readonly #unread = new Set<string>();
  readonly #unnamed = new Set<string>();
  readonly #unsaved = { heads: new Set<string>(), ranges: new Set<string>(), rows: new Set<string>() };
  readonly #untold = new Set<string>();
  /** To be stored with the next write. */
  #writes = new DigestWrites();
  #timer: Disposable | null = null;
  #work: Promise<void> = Promise.resolve();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  /** Fires with a workspace whose digest says something else. */
  readonly onChange = this.#changed.event;
  /** Fires once for a landing, when all of it is here; stored before it fires. */
  readonly onLanded = this.#landed.event;

  private constructor(parts: DigestsParts, store: DigestStore, stored: Map<string, StoredDigest>) {
    this.#parts = parts;
    this.#store = store;
    this.#stored = stored;
    const { documents, source, catalogue, workspaces, landings, history, logger, sources } = parts;
    this.#my = new MyMatters({
      documents,
      source,
      row: (room) => catalogue.row(room),
      memberOf: (workspace) => workspaces.find(workspace)?.about.member ?? null,
      logger,
    });
    this.#reader = new DigestReader(parts, this.#my, (room) => this.#store.before(room));
    this.#held.add(this.#my);
    this.#held.add(this.#my.onChange((workspace) => this.#tell(workspace)));
    this.#held.add(landings.onEnd((workspace) => this.#close(workspace)));
    for (const one of sources) this.#held.add(one.onChange((workspace) => this.#tell(workspace)));
    this.#held.add(
      history.onSegment(({ workspace, space }) => {
        for (const [room, { page }] of stored.get(workspace)?.rows ?? []) {
          if (page && page.space === space && page.by.length === 0) this.#unnamed.add(room);
        }
        if (this.#unnamed.size > 0) this.#soon();
      }),
    );
  }

  static async open(parts: DigestsParts): Promise<Digests> {
    const store = new DigestStore(parts.values);
    return new Digests(parts, store, await store.load());
  }

  /** What of a landing came to a room, before it is stored there. `isNew`: nothing of it was here. `before`: what was, asked for at once or not at all. */
  arriving(room: string, fresh: ReadonlyMap<number, ClockRange>, isNew: boolean, before: () => Uint8Array): void {
    const { workspace = '', space = '@' } = parseRoomName(room) ?? {};
    const landing = this.#parts.landings.now(workspace);
    if (/^[@~]/.test(space) || !landing) return;
    const stored = this.#of(workspace);
    const last = stored.head.spans.at(-1);
    if (last?.from !== landing.from || last.to !== landing.to) this.#begin(workspace, stored, landing);
    const known = stored.ranges.get(room);
    const ranges = known ?? new LandedRanges(isNew);
    for (const [client, range] of fresh) ranges.add(client, range);
    stored.ranges.set(room, ranges);
    if (this.#isNewTo(stored, room, known !== undefined)) this.#keepBefore(stored, room, ranges, before);
    this.#unsaved.ranges.add(room);
    this.#unread.add(room);
    this.#soon();
  }

  /** Looks after a workspace: what is not read yet is read, and a landing that ended meanwhile is told of. */
  async watch(workspace: string): Promise<void> {
    await this.#my.read(workspace);
    const stored = this.#stored.get(workspace);
    if (!stored || this.#closed) return;
    for (const room of stored.ranges.keys()) if (!stored.rows.has(room)) this.#unread.add(room);
    if (this.#unread.size > 0) this.#soon();
    if (stored.head.open && !this.#parts.landings.now(workspace)) this.#close(workspace);
  }

  /** The landings that are told together, the first first; empty: there is nothing to tell. */
  spans(workspace: string): readonly DigestSpan[] {
    return this.#stored.get(workspace)?.head.spans ?? [];
  }

  /** When all of it was here; null: more may come. */
  landed(workspace: string): number | null {
    return this.#stored.get(workspace)?.head.landed ?? null;
  }

  /** Documents that are not read yet. */
  waiting(workspace: string): number {
    return [...this.#unread].filter((room) => room.startsWith(`${workspace}/`)).length;
  }

  past(workspace: string): readonly PastDigest[] {
    return this.#stored.get(workspace)?.past ?? [];
  }

  /** Everything that came, of what can be read here now. `done` false: without what is done. */
  items(workspace: string, done: boolean): readonly ListedItem[] {
    const stored = this.#stored.get(workspace);
    if (!stored || stored.head.spans.length === 0) return [];
    const items: DigestItem[] = [];
    for (const row of stored.rows.values()) {
      items.push(...row.items);
      const { page, earlier } = row;
      if (page) items.push(earlier ? { ...page, difference: bothDifferences(earlier, page.difference) } : page);
    }
    items.push(...stored.head.items, ...calledIn(this.#parts.sources, workspace, stored));
    const mine = this.#my.done(workspace);
    const wanted = done ? items : items.filter((item) => !mine?.has(item));
    const seen = seenIn(this.#parts.sources, workspace);
    return this.here(workspace, wanted).map((item) => ({ ...item, seen: seen(item) }));
  }

  /** Of items those whose documents stand here and may be read, as they are called now. */
  here(workspace: string, items: readonly DigestItem[]): readonly DigestItem[] {
    const { catalogue, workspaces } = this.#parts;
    const own = workspaces.find(workspace);
    const reach = new Map<string, boolean>();
    const mayRead = (space: string): boolean => {
      const may = reach.get(space) ?? own?.mayRead(space) ?? false;
      reach.set(space, may);
      return may;
    };
    return items.flatMap((item) => {
      if (!mayRead(item.space)) return [];
      const shown = item.place.board ?? item.document;
      const entry = catalogue.entry(workspace, shown) ?? catalogue.card(workspace, shown);
      if (!entry || entry.archived || entry.space !== item.space) return [];
      return item.kind === 'card' || entry.kind === 'card' ? item : { ...item, title: entry.title };
    });
  }

  /** Things that are neither done nor seen. */
  count(workspace: string): number {
    return countOf(this.items(workspace, false));
  }

  /** Reads what changed of my own matters now, so that whoever changed it finds it in the next answer. */
  refresh(workspace: string): Promise<void> {
    return this.#my.read(workspace);
  }

  /** Nothing of a room is kept any more: it was purged. */
  async drop(room: string): Promise<void> {
    const { workspace = '', document = '' } = parseRoomName(room) ?? {};
    const stored = this.#stored.get(workspace);
    if (!stored) return;
    const isOf = ({ document: one, place }: DigestItem): boolean => one === document || place.card === document;
    this.#dropRoom(stored, room);
    stored.head.items = stored.head.items.filter((item) => !isOf(item));
    this.#unsaved.heads.add(workspace);
    for (const one of stored.past) {
      if (!one.items.some(isOf)) continue;
      one.items = one.items.filter((item) => !isOf(item));
      this.#writes.past(workspace, one.id, one);
    }
    await this.#enqueue(() => this.#save());
  }

  /** Throws away everything of a workspace that is on this computer no more. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    const stored = this.#stored.get(workspace);
    for (const room of stored?.ranges.keys() ?? []) this.#unread.delete(room);
    this.#stored.delete(workspace);
    this.#my.forget(workspace);
    await this.#store.forget(workspace);
  }

  /** Resolves when everything that came is read, and what ended is told. */
  async settled(): Promise<void> {
    await this.#my.settled();
    while (!this.#closed && (this.#unread.size > 0 || this.#unnamed.size > 0 || this.#closing.size > 0)) {
      this.#timer?.dispose();
      this.#timer = null;
      await this.#enqueue(() => this.#drain());
      await Promise.all(this.#closing);
    }
    await this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.dispose();
    this.#held.dispose();
    await this.#enqueue(() => this.#save());
    await Promise.all(this.#closing);
    this.#changed.clear();
    this.#landed.clear();
  }

  #of(workspace: string): StoredDigest {
    const known = this.#stored.get(workspace) ?? noDigest();
    this.#stored.set(workspace, known);
    return known;
  }

  /** Another landing began. What is not done of the one before it goes on; else that one is over. */
  #begin(workspace: string, stored: StoredDigest, { from, to }: DigestSpan): void {
    const { head } = stored;
    const first = head.spans[0];
    if (first && !head.open && this.count(workspace) === 0) {
      const items = [...this.items(workspace, true)];
      const past = {
        id: String(first.to),
        from: first.from,
        to: head.spans.at(-1)?.to ?? first.to,
        landed: head.landed ?? to,
        items,
      };
      if (items.length > 0) {
        this.#writes.past(workspace, past.id, past);
        stored.past.unshift(past);
        for (const { id } of stored.past.splice(MOST_PAST)) this.#writes.past(workspace, id, null);
      }
      for (const room of [...stored.ranges.keys()]) this.#dropRoom(stored, room);
      stored.head = { ...head, spans: [], items: [] };
    }
    const spans = [...stored.head.spans, { from, to }];
    // Of very many the first ones are one.
    const [early, second] = spans;
    if (spans.length > MOST_SPANS && early && second) spans.splice(0, 2, { from: early.from, to: second.to });
    stored.head = { ...stored.head, spans, open: true, told: false, landed: null };
    this.#unsaved.heads.add(workspace);
  }

  #dropRoom(stored: StoredDigest, room: string): void {
    this.#unread.delete(room);
    if (stored.ranges.delete(room)) this.#unsaved.ranges.add(room);
    if (stored.rows.delete(room)) this.#unsaved.rows.add(room);
    if (stored.kept.delete(room)) this.#writes.before(room, null);
  }

  /** Whether this is the first that a landing brings to a room; what an earlier one brought to a page is put aside then. */
  #isNewTo(stored: StoredDigest, room: string, isKnown: boolean): boolean {
    const row = stored.rows.get(room);
    const span = stored.head.spans.at(-1)?.to ?? 0;
    if (!isKnown) return true;
    if (!row?.page || row.span === span) return false;
    stored.rows.set(room, {
      items: row.items,
      page: null,
      earlier: bothDifferences(row.earlier, row.page.difference),
      span,
    });
    this.#unsaved.rows.add(room);
    return true;
  }

  #keepBefore(stored: StoredDigest, room: string, ranges: LandedRanges, before: () => Uint8Array): void {
    const { workspace = '', document = '' } = parseRoomName(room) ?? {};
    const row = this.#parts.catalogue.row(room);
    if (row?.kind !== 'page' || ranges.isNew) return;
    if (!stored.kept.has(room) && stored.kept.size >= MOST_KEPT) return;
    const { owner = null, tags = [] } = row.properties;
    if (this.#my.follows(workspace, document, { createdBy: row.createdBy, owner, tags }) === false) return;
    const update = before();
    if (update.length > LARGEST_KEPT) return;
    stored.kept.add(room);
    this.#writes.before(room, update.slice());
  }

  #soon(): void {
    if (this.#closed) return;
    this.#timer ??= this.#parts.clock.after(MOMENT, () => {
      this.#timer = null;
      void this.#enqueue(() => this.#drain());
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      // On a full disk; what came is right in memory, and is stored with what comes next.
      this.#parts.logger.log('warn', 'digest-not-stored', { error: String(error) });
    });
    return this.#work;
  }

  /** What came is durable before it is read: a host that ends reads it then. */
  async #drain(): Promise<void> {
    await this.#save();
    await this.#my.settled();
    const told = new Set<string>();
    while (!this.#closed && this.#unread.size > 0) {
      const started = performance.now();
      const breath = new Breath();
      for (const room of [...this.#unread].slice(0, ROOMS_PER_WRITE)) {
        if (this.#closed) return;
        await this.#read(room);
        told.add(room.slice(0, room.indexOf('/')));
        if (breath.isDue) await breath.take();
      }
      await this.#save();
      if (this.#unread.size > 0) await this.#rest((performance.now() - started) * PAUSE);
    }
    for (const room of [...this.#unnamed]) {
      this.#unnamed.delete(room);
      await this.#name(room);
      told.add(room.slice(0, room.indexOf('/')));
    }
    await this.#save();
    for (const workspace of told) this.#tell(workspace);
  }

  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.clock.after(Math.min(MOMENT, milliseconds), resolve);
    });
  }

  async #read(room: string): Promise<void> {
    this.#unread.delete(room);
    const stored = this.#stored.get(workspaceOf(room));
    if (stored && (await this.#reader.read(room, stored))) this.#unsaved.rows.add(room);
  }

  async #name(room: string): Promise<void> {
    const stored = this.#stored.get(workspaceOf(room));
    if (stored && (await this.#reader.name(room, stored))) this.#unsaved.rows.add(room);
  }

  #close(workspace: string): void {
    const closing = this.#end(workspace)
      .catch((error: unknown) => {
        this.#parts.logger.log('warn', 'digest-not-ended', { workspace, error: String(error) });
      })
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async #end(workspace: string): Promise<void> {
    const { catalogue, threads, sources, landings, clock } = this.#parts;
    if (!this.#stored.get(workspace)?.head.open) return;
    await Promise.all([catalogue.settled(), threads.settled()]);
    await Promise.all(sources.map((source) => source.settled()));
    await this.#enqueue(() => this.#drain());
    const stored = this.#stored.get(workspace);
    const span = stored?.head.spans.at(-1);
    if (this.#closed || !stored?.head.open || !span || landings.now(workspace)) return;
    const polls = await endedPolls(this.#parts, workspace, stored);
    const byKey = new Map(
      [...stored.head.items, ...polls, ...calledIn(this.#parts.sources, workspace, stored)].map((item) => [
        item.key,
        item,
      ]),
    );
    stored.head = { ...stored.head, open: false, told: true, landed: clock.now(), items: [...byKey.values()] };
    const sections = sectionsOf(this.items(workspace, false), clock.now(), 0);
    this.#unsaved.heads.add(workspace);
    await this.#enqueue(() => this.#save());
    if (this.#closed) return;
    this.#tell(workspace);
    const count = sections.reduce((sum, section) => sum + section.count, 0);
    if (count === 0) return;
    const counts = Object.fromEntries(sections.map(({ name, count: of }) => [name, of]));
    this.#landed.fire({ workspace, span, count, counts });
  }

  #tell(workspace: string): void {
    if (this.#closed || this.#untold.has(workspace) || this.spans(workspace).length === 0) return;
    this.#untold.add(workspace);
    queueMicrotask(() => {
      this.#untold.delete(workspace);
      this.#changed.fire(workspace);
    });
  }

  async #save(): Promise<void> {
    const writes = this.#writes;
    this.#writes = new DigestWrites();
    const { heads, ranges, rows } = this.#unsaved;
    for (const workspace of heads) writes.head(workspace, this.#of(workspace).head);
    for (const room of ranges) writes.range(room, this.#of(workspaceOf(room)).ranges.get(room) ?? null);
    for (const room of rows) writes.row(room, this.#of(workspaceOf(room)).rows.get(room) ?? null);
    for (const set of [heads, ranges, rows]) set.clear();
    try {
      await this.#store.write(writes);
    } catch (error) {
      this.#writes = writes.under(this.#writes);
      throw error;
    }
  }
}

function workspaceOf(room: string): string {
  return room.slice(0, room.indexOf('/'));
}

// Keeps the list of what I and somebody else changed apart, per workspace: looks through a room when a session apart came, and says how what was found stands now. It writes no document.
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { History } from '../../../shared/hub/history/history.ts';
import type { RoomSession } from '../../../shared/hub/history/room-history.ts';
import { decodeSegment } from '../../../shared/hub/history/segment.ts';
import type { Hub } from '../../../shared/hub/hub.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { OverlapEntry } from '../../contract/overlap.ts';
import { Breath } from '../breath.ts';
import type { Catalogue } from '../catalogue.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { SessionAuthor } from '../session-author.ts';
import { findOverlaps, type FoundOverlap } from './find-overlaps.ts';
import { emptyRow, overlapRow, OVERLAPS_VERSION, rowWith, type OverlapRow } from './overlap-row.ts';
import { onBoard, standingOf, type Me } from './standing.ts';

export interface OverlapsParts {
  readonly values: ValueStore;
  readonly history: Pick<
    History,
    'segmentsAfter' | 'segmentHeads' | 'readSegment' | 'onSegment' | 'sessionsOf' | 'pastOf'
  >;
  readonly hub: Pick<Hub, 'onChange'>;
  readonly documents: Pick<RoomDocuments, 'readStored'>;
  readonly catalogue: Pick<Catalogue, 'row'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whose a session of a room is, as far as it is shown. */
  readonly authorOf: (room: string, session: Pick<RoomSession, 'device' | 'signer'>) => SessionAuthor;
  /** Who I am in a workspace; null where it is not here any more. */
  readonly me: (workspace: string) => Me | null;
  readonly mayRead: (workspace: string, space: string) => boolean;
}

/** Sessions that come together are looked at together. */
const SOON = 400;
/** Typing in a document must not read it again for each key. */
const AGAIN = 500;
const PAGE = 200;
/** How long apart people may be for what they changed to be found. */
const LONGEST_APART = 30 * 86_400_000;
/** Clocks of two computers differ by no more. */
const CLOCKS = 10 * 60_000;
/** Recorded changes up to which a room is looked through. */
const MOST_CHANGES = 300_000;
/** Of one workspace; the newest. */
const MOST_LISTED = 500;

export class Overlaps {
  readonly #parts: OverlapsParts;
  readonly #store: ProjectionStore<OverlapRow>;
  readonly #rows: Map<string, OverlapRow>;
  /** By `<workspace>/<space>`, the number of the newest session that was looked at; `<workspace>/` says that they are kept. */
  readonly #heard: Map<string, number>;
  /** How what was found in a room stands now. */
  readonly #standing = new Map<string, readonly OverlapEntry[]>();
  readonly #toLook = new Set<string>();
  readonly #toRead = new Set<string>();
  readonly #held = new DisposableStore();
  readonly #changed = new Emitter<string>();
  #timer: Disposable | null = null;
  /** One thing after another: each past may be as large as the largest document. */
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  /** Fires with a workspace whose list is different. */
  readonly onChange = this.#changed.event;

  private constructor(parts: OverlapsParts, store: ProjectionStore<OverlapRow>, stored: StoredProjection<OverlapRow>) {
    this.#parts = parts;
    this.#store = store;
    this.#rows = new Map(stored.rows);
    this.#heard = new Map(stored.reached);
    this.#held.add(parts.history.onSegment(({ workspace, space }) => this.#listen(workspace, space)));
    this.#held.add(
      parts.hub.onChange((changes) => {
        for (const { room } of changes) if ((this.#rows.get(room)?.found.length ?? 0) > 0) this.#toRead.add(room);
        if (this.#toRead.size > 0) this.#schedule(AGAIN);
      }),
    );
  }

  static async open(parts: OverlapsParts): Promise<Overlaps> {
    const shape = { area: 'overlap', version: OVERLAPS_VERSION, row: overlapRow };
    const store = new ProjectionStore(parts.values, shape);
    return new Overlaps(parts, store, await store.load());
  }

  /** Looks in the background at the sessions that came since it was last here. */
  async watch(workspace: string): Promise<void> {
    const heads = await this.#parts.history.segmentHeads(workspace);
    const isKept = [...this.#heard.keys()].some((key) => key.startsWith(`${workspace}/`));
    for (const { space, number } of heads) {
      const key = `${workspace}/${space}`;
      // Sessions from before this was kept say nothing of what their hubs knew.
      if (!isKept && !this.#heard.has(key)) this.#heard.set(key, number);
      else this.#listen(workspace, space);
    }
    // Also where none came yet: from now on each is looked at, however late, and behind a restart.
    if (!isKept) this.#keep(workspace);
    for (const [room, { found, due }] of this.#rows) {
      if (!room.startsWith(`${workspace}/`)) continue;
      if (found.length > 0) this.#toRead.add(room);
      if (due) this.#toLook.add(room);
    }
    this.#schedule(0);
  }

  /** Mine, of what can be read here; those that nobody settled first, then the newest first. */
  list(workspace: string): readonly OverlapEntry[] {
    const found: OverlapEntry[] = [];
    for (const [room, entries] of this.#standing) {
      const address = parseRoomName(room);
      if (address?.workspace !== workspace || !this.#parts.mayRead(workspace, address.space)) continue;
      found.push(...entries);
    }
    return found.sort(compareEntries).slice(0, MOST_LISTED);
  }

  /** How many nobody settled. */
  count(workspace: string): number {
    return this.list(workspace).filter((entry) => entry.settled.length === 0).length;
  }

  async settled(): Promise<void> {
    for (;;) {
      const work = this.#work;
      await work;
      if (this.#closed || (work === this.#work && this.#toLook.size + this.#toRead.size === 0)) return;
      this.#begin();
    }
  }

  /** A room is gone, or different: reads it now. */
  async refresh(room: string): Promise<void> {
    if (!this.#rows.has(room)) return;
    this.#toRead.add(room);
    await this.settled();
  }

  /** Throws away everything of a workspace that is on this computer no more. */
  async forget(workspace: string): Promise<void> {
    await this.settled();
    for (const map of [this.#rows, this.#heard, this.#standing]) {
      for (const key of [...map.keys()]) if (key.startsWith(`${workspace}/`)) map.delete(key);
    }
    await this.#store.forget(workspace);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#held.dispose();
    this.#timer?.dispose();
    this.#changed.clear();
    await this.#work;
  }

  #keep(workspace: string): void {
    this.#heard.set(`${workspace}/`, 0);
    this.#run(async () => {
      const reached = [...this.#heard].filter(([key]) => key.startsWith(`${workspace}/`));
      await this.#store.save(new Map(), new Map(reached));
    });
  }

  #listen(workspace: string, space: string): void {
    if (this.#closed || /^[@~]/.test(space)) return;
    this.#run(async () => {
      await this.#hear(workspace, space);
      this.#schedule(SOON);
    });
  }

  #schedule(wait: number): void {
    if (this.#closed || this.#timer || this.#toLook.size + this.#toRead.size === 0) return;
    this.#timer = this.#parts.clock.after(wait, () => this.#begin());
  }

  #begin(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#run(async () => {
      for (const room of [...this.#toLook]) await this.#one(room, (name) => this.#look(name), this.#toLook);
      for (const room of [...this.#toRead]) await this.#one(room, (name) => this.#read(name), this.#toRead);
    });
  }

  #run(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      // The next session of the space, or the next start, brings it back here.
      this.#parts.logger.log('warn', 'overlaps-not-read', { error: String(error) });
    });
  }

  async #one(room: string, run: (room: string) => Promise<void>, from: Set<string>): Promise<void> {
    if (this.#closed) return;
    from.delete(room);
    try {
      await run(room);
    } catch (error) {
      this.#parts.logger.log('info', 'overlaps-not-found', { room, error: String(error) });
    }
  }

  async #hear(workspace: string, space: string): Promise<void> {
    const { history } = this.#parts;
    const key = `${workspace}/${space}`;
    for (;;) {
      const refs = await history.segmentsAfter(workspace, space, this.#heard.get(key) ?? 0, PAGE);
      const last = refs.at(-1);
      if (!last || this.#closed) return;
      const changed = new Map<string, OverlapRow>();
      for (const { hash, room } of refs) {
        const bytes = await history.readSegment(workspace, hash);
        const segment = bytes && decodeSegment(bytes);
        if (!segment) continue;
        const before = this.#rows.get(room) ?? emptyRow(room);
        const row = rowWith(before, segment);
        if (row === before) continue;
        if (row.due) this.#toLook.add(room);
        this.#rows.set(room, row);
        changed.set(room, row);
      }
      this.#heard.set(key, last.number);
      await this.#store.save(changed, new Map([[key, last.number]]));
    }
  }

  async #look(room: string): Promise<void> {
    const { me } = this.#parts;
    const address = parseRoomName(room);
    const mine = address && me(address.workspace);
    if (!mine || !this.#rows.has(room)) return;
    const found = await this.#find(room, mine);
    // What came meanwhile is another look.
    const row = this.#rows.get(room) ?? emptyRow(room);
    const { since } = found;
    const ids = new Set(found.overlaps.map(({ id }) => id));
    // What both changed before that was found earlier, and its sessions are not looked at again.
    const earlier = row.found.filter(({ id, sides }) => !ids.has(id) && sides.some(({ at }) => at < since));
    const next = { ...row, due: this.#toLook.has(room), found: [...found.overlaps, ...earlier] };
    this.#rows.set(room, next);
    await this.#store.save(new Map([[room, next]]), new Map());
    this.#toRead.add(room);
  }

  /** @returns since when they were looked for. */
  async #find(room: string, mine: Me): Promise<{ readonly since: number; readonly overlaps: readonly FoundOverlap[] }> {
    const { history, authorOf } = this.#parts;
    const all = await history.sessionsOf(room);
    const since = apartSince(all);
    if (since === null) return NOTHING;
    const sessions = all.map((session) => ({
      ...session,
      author: authorOf(room, session),
      // What is older was known to everybody.
      known: session.endedAt >= since ? session.known : () => [],
    }));
    const isMine = (author: SessionAuthor): boolean => author.member === mine.member && author.member !== '';
    if (!sessions.some(({ author, endedAt }) => endedAt >= since && isMine(author))) return NOTHING;
    if (all.reduce((sum, { count }) => sum + count, 0) > MOST_CHANGES) return NOTHING;
    const breath = new Breath();
    const pace = async (): Promise<void> => {
      if (breath.isDue) await breath.take();
    };
    const past = await history.pastOf(room, all, pace);
    try {
      const overlaps = await findOverlaps(room, past, sessions, pace);
      return { since, overlaps: overlaps.filter(({ sides }) => sides.some(isMine)) };
    } finally {
      past.dispose();
    }
  }

  async #read(room: string): Promise<void> {
    const { documents, me, catalogue } = this.#parts;
    const address = parseRoomName(room);
    const mine = address && me(address.workspace);
    const found = this.#rows.get(room)?.found ?? [];
    const row = catalogue.row(room);
    let entries: readonly OverlapEntry[] = [];
    if (mine && row && found.length > 0) {
      entries = await documents.readStored(room, (doc) =>
        standingOf(doc, { ...address, room, kind: row.kind }, found, mine),
      );
      const board = row.kind === 'card' ? row.parent : null;
      if (board !== null && entries.length > 0) {
        const name = `${address.workspace}/${address.space}/${board}`;
        const own = entries;
        entries = await documents.readStored(name, (doc) => onBoard(doc, board, address.document, own));
      }
    }
    const before = JSON.stringify(this.#standing.get(room) ?? []);
    this.#standing.set(room, entries);
    if (address && before !== JSON.stringify(entries)) this.#changed.fire(address.workspace);
  }
}

const NOTHING = { since: 0, overlaps: [] };

/** Since when what was changed may be of stretches apart that count; null where there are none. */
function apartSince(sessions: readonly RoomSession[]): number | null {
  const latest = sessions.reduce((last, { endedAt }) => Math.max(last, endedAt), 0) - LONGEST_APART;
  let since: number | null = null;
  for (const { endedAt, known } of sessions) {
    if (endedAt < latest) continue;
    for (const { apart } of known()) if (apart > 0) since = Math.min(since ?? apart, apart);
  }
  return since === null ? null : Math.max(since, latest) - CLOCKS;
}

function compareEntries(a: OverlapEntry, b: OverlapEntry): number {
  const open = Number(a.settled.length > 0) - Number(b.settled.length > 0);
  return open || b.at - a.at || (a.id < b.id ? -1 : 1);
}

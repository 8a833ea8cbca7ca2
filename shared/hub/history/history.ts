// A hub's history: records what is edited here, keeps segments of here and elsewhere, forgets the oldest, and rebuilds the past from them. One file, for what is recorded, kept and forgotten is one account of a room.
import { AppError, toWireError } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import type { SpaceHead } from '../../link/room-source.ts';
import type { AddSegmentOutcome, SegmentNews, SegmentRef, SegmentSource } from '../../link/segment-source.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import type { DocStore } from '../doc-store.ts';
import type { EditRecorder } from '../edit-recorder.ts';
import { RoomBytes } from '../room-bytes.ts';
import { BaseKeeper } from './base-keeper.ts';
import { apartIn } from './known-at.ts';
import { rebuildAt } from './rebuild.ts';
import { RoomPast, type PastSource, type PlacedUpdate } from './room-past.ts';
import { chooseOld, keptSince, type Retention } from './retention.ts';
import {
  readBases,
  readSessions,
  readSummaries,
  timedUpdates,
  type RoomSession,
  type SegmentStart,
  type SegmentSummary,
} from './room-history.ts';
import { shortenRoom, type ShortenParts } from './shorten.ts';
import { decodeSegment } from './segment.ts';
import { SegmentCutter } from './segment-cutter.ts';
import type { SegmentSigner } from './segment-signer.ts';
import { SessionRecorder, type SessionLimits } from './session-recorder.ts';

export interface HistoryOptions {
  /** The hub's own; closed by whoever opened it, after this. */
  readonly store: DocStore;
  readonly signer: SegmentSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retention: Retention;
  readonly sessions?: SessionLimits;
  /** Since when the room's hub has no link to others (ms since the epoch); null: it has one. Left out: it always has. */
  readonly apartSince?: (room: string) => number | null;
}

/** What `status` shows. */
export interface HistoryTotals {
  readonly segments: number;
  readonly bytes: number;
  /** When the oldest one ended; null where there is none. */
  readonly oldest: number | null;
  readonly retention: Retention;
}

export interface StateAt {
  /** One Yjs update (v1): the document as it was. */
  readonly update: Uint8Array;
  /** False where something of the room stands in no segment here; that counts as there from the beginning. */
  readonly complete: boolean;
  /** When the oldest segment of the room began: from then on it is known what changed when. Null without any. */
  readonly since: number | null;
}

/** Milliseconds after the start until what an earlier run left is cut: who was cut off comes back first, unless the past is asked for. */
const LEFTOVERS_SOON = 3_000;
const PRUNE_EVERY = 60 * 60 * 1000;
/** Milliseconds after the start, and after the bound was passed, until the oldest are removed: other work comes first. */
const PRUNE_SOON = 10_000;
const PAGE = 500;
/** Milliseconds that cutting may take when the hub closes: it must end within ten seconds, and the rows are durable. */
const FAREWELL = 3_000;
/** How far ahead of ours the clock of another hub may be: later ones would outlive everybody's history. */
const CLOCK_AHEAD = 24 * 60 * 60 * 1000;

export class History implements SegmentSource {
  /** For the hub: what it hands over becomes history. */
  readonly recorder: EditRecorder;
  readonly #options: HistoryOptions;
  #retention: Retention;
  readonly #sessions: SessionRecorder;
  readonly #cutter: SegmentCutter;
  readonly #news: Emitter<SegmentNews>;
  #pruneTimer: Disposable | null = null;
  #pruneDue = Infinity;
  #pruning: Promise<void> = Promise.resolve();
  /** Waits to cut what an earlier run left. */
  #leftovers: Disposable | null = null;
  #started: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: HistoryOptions) {
    const { store, signer, clock } = options;
    const logger = options.logger.child('history');
    this.#options = { ...options, logger };
    this.#retention = options.retention;
    this.#sessions = new SessionRecorder(
      clock,
      (prefix) => this.#cutter.request(prefix),
      options.sessions,
      options.apartSince,
    );
    const bases = new BaseKeeper({ store, signer, clock, logger, onKept: (room, number) => this.#added(room, number) });
    const sessions = this.#sessions;
    this.recorder = {
      begin: (room, edits, clocks) => sessions.begin(room, edits, clocks),
      ended: (origin) => sessions.ended(origin),
      mayCollect: (room, merging) => bases.mayCollect(room, merging),
    };
    this.#cutter = new SegmentCutter({
      store,
      signer,
      clock,
      logger,
      isLive: (prefix) => this.#sessions.isLive(prefix),
      onCut: (room, number) => this.#added(room, number),
    });
    this.#news = new Emitter((error) => logger.log('error', 'listener-failed', { code: toWireError(error).code }));
  }

  /** Cuts what sessions of an earlier run left, and keeps to the bounds from now on; in the background. */
  start(): void {
    this.#leftovers = this.#options.clock.after(LEFTOVERS_SOON, () => this.#cutLeftovers());
    this.#pruneIn(PRUNE_SOON);
  }

  #cutLeftovers(): void {
    if (!this.#leftovers) return;
    this.#leftovers.dispose();
    this.#leftovers = null;
    this.#started = this.#cutter.requestLeftovers();
  }

  get onSegment(): Event<SegmentNews> {
    return this.#news.event;
  }

  segmentsAfter(workspace: string, space: string, after: number, limit: number): Promise<readonly SegmentRef[]> {
    return this.#options.store.segments.after(workspace, space, after, limit);
  }

  async segmentHeads(workspace: string): Promise<readonly SpaceHead[]> {
    const prefix = `${workspace}/`;
    return [...this.#options.store.segments.spaces]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { number }]) => ({ workspace, space: name.slice(prefix.length), number }));
  }

  hasSegment(workspace: string, hash: string): Promise<boolean> {
    return this.#options.store.segments.has(workspace, hash);
  }

  async wantsSegment(ref: Pick<SegmentRef, 'room' | 'hash' | 'size' | 'endedAt'>): Promise<boolean> {
    const address = parseRoomName(ref.room);
    if (!address || this.#notKept(ref) !== null) return false;
    return !(await this.hasSegment(address.workspace, ref.hash));
  }

  readSegment(workspace: string, hash: string): Promise<Uint8Array | null> {
    return this.#options.store.segments.read(workspace, hash);
  }

  async addSegment(workspace: string, hash: string, bytes: Uint8Array, asked: string): Promise<AddSegmentOutcome> {
    const { signer, store } = this.#options;
    // Own bytes: what came from a socket is a view into a buffer that is used again.
    const own = new Uint8Array(bytes);
    const segment = decodeSegment(own);
    if (!segment) return refused('These bytes are no segment of history that this version knows.');
    const { room, endedAt } = segment;
    if (parseRoomName(room)?.workspace !== workspace) return refused('This segment belongs to another workspace.');
    // Rights were asked for the room that it was offered for.
    if (room !== asked) return refused('This segment belongs to another document than it was offered for.');
    if ((await signer.hash(own)) !== hash) return refused('This segment is not the one that was named.');
    const reason = this.#notKept({ room, size: own.length, endedAt });
    if (reason !== null) return refused(reason);
    if (!(await signer.verify(segment.signer, segment.signed, segment.signature))) {
      return refused('The signature of this segment does not hold.');
    }
    const number = await store.segments.add({ hash, room, endedAt }, own);
    if (number === null) return { kind: 'known' };
    // Whoever wrote there apart is told of what was written here meanwhile.
    if (apartIn(segment.known) !== null) this.#sessions.endRoom(room);
    this.#added(room, number);
    return { kind: 'stored' };
  }

  /** Who edited a room and when, oldest first. */
  async segmentsOf(room: string): Promise<readonly SegmentSummary[]> {
    this.#cutLeftovers();
    return readSummaries(this.#options.store.segments, room);
  }

  /** Who edited a room and when, oldest first, also who is at it now. */
  sessionsOf(room: string): Promise<readonly RoomSession[]> {
    return readSessions(this.#options.store, room);
  }

  /** The room's past as a whole, for who asks it more than one thing: who calls this disposes it. Throws like stateAt(). */
  async pastOf(room: string, starts: readonly SegmentStart[], pace: PastSource['pace']): Promise<RoomPast> {
    const { store } = this.#options;
    const current = new RoomBytes(await store.load(room)).whole();
    const bases = await readBases(store.segments, room);
    const updates = (): AsyncIterable<PlacedUpdate> => timedUpdates(store.segments, room, starts);
    return RoomPast.build({ updates, current, bases, ...(pace ? { pace } : {}) });
  }

  /** Whether it may be that more than one device wrote in a room; what no session tells of may be anybody's. */
  async isShared(room: string, sessions: readonly RoomSession[]): Promise<boolean> {
    const [first] = sessions;
    if (sessions.some(({ device }) => device === '' || device !== first?.device)) return true;
    const told = new Set(sessions.flatMap(({ clients }) => clients));
    return [...new RoomBytes(await this.#options.store.load(room)).clocks.keys()].some((client) => !told.has(client));
  }

  /** From when on the states of a room are known; null: of nothing. */
  async knownSince(room: string, starts: readonly SegmentStart[]): Promise<number | null> {
    const [base] = await readBases(this.#options.store.segments, room);
    return base?.since ?? starts[0]?.startedAt ?? null;
  }

  /** The room as it was at `time` (milliseconds since the epoch). Throws `not-found`, `damaged` or `too-large`. */
  async stateAt(room: string, time: number): Promise<StateAt> {
    const { store } = this.#options;
    this.#cutLeftovers();
    const stored = await store.load(room);
    const starts = await readSessions(store, room);
    const bases = await readBases(store.segments, room);
    if (!stored && starts.length + bases.length === 0) {
      throw new AppError('not-found', 'There is no such document here.', { details: { room } });
    }
    const current = new RoomBytes(stored).whole();
    const past = await rebuildAt(() => timedUpdates(store.segments, room, starts), current, time, bases);
    return { ...past, since: bases[0]?.since ?? starts[0]?.startedAt ?? null };
  }

  /** The raw updates of a segment as text: what was typed in it, also what was lost since. Null where it is not here. */
  async readUpdates(workspace: string, hash: string): Promise<readonly Uint8Array[] | null> {
    const bytes = await this.readSegment(workspace, hash);
    return (bytes && decodeSegment(bytes)?.updates.map(({ update }) => update)) ?? null;
  }

  async totals(): Promise<HistoryTotals> {
    const { segments, bytes } = this.counts;
    let oldest: number | null = null;
    for await (const { endedAt } of this.#all()) oldest = Math.min(oldest ?? endedAt, endedAt);
    return { segments, bytes, oldest, retention: this.#retention };
  }

  /** The workspace is linked again: what was written apart is cut, so that others hear of it (SG5). */
  endApart(workspace: string): void {
    this.#sessions.endApart(workspace);
  }

  /** What is being written in these rooms becomes segments now, signed: it is about to be handed to somebody. */
  async cut(rooms: Iterable<string>): Promise<void> {
    for (const room of rooms) this.#sessions.endRoom(room);
    await this.settled();
  }

  /** Other bounds from now on; what is beyond them is removed soon (SG12). */
  keep(retention: Retention): void {
    this.#retention = retention;
    this.#pruneIn(PRUNE_SOON);
  }

  /** Waits until what was cut is stored; for tests and for whoever wants to read it all now. */
  async settled(): Promise<void> {
    this.#cutLeftovers();
    await this.#started;
    await this.#cutter.idle();
    await this.#pruning;
  }

  /**
   * Cuts what is open, after whoever writes was closed; what cannot be cut in FAREWELL waits in the store for the next start.
   * Nothing is left running.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pruneTimer?.dispose();
    this.#leftovers?.dispose();
    this.#leftovers = null;
    this.#sessions.close();
    this.#news.clear();
    await this.#started;
    await this.#cutter.close(this.#options.clock.now() + FAREWELL);
    await this.#pruning;
  }

  /** Removes what is beyond the bounds now. */
  prune(): Promise<void> {
    this.#pruning = this.#pruning.then(() => this.#prune());
    return this.#pruning;
  }

  #added(room: string, number: number): void {
    const address = parseRoomName(room);
    if (!address || this.#closed) return;
    this.#news.fire({ workspace: address.workspace, space: address.space, number });
    const { bytes } = this.#retention;
    if (bytes > 0 && this.counts.bytes > bytes) this.#pruneIn(PRUNE_SOON);
  }

  /** Why a segment is not kept here, or null. */
  #notKept({ room, size, endedAt }: Pick<SegmentRef, 'room' | 'size' | 'endedAt'>): string | null {
    const { clock, store } = this.#options;
    const retention = this.#retention;
    const address = parseRoomName(room);
    const removedUntil = store.segments.spaces.get(`${address?.workspace}/${address?.space}`)?.removedUntil ?? 0;
    const now = clock.now();
    if (size > LIMITS.segment) return 'This segment is larger than any may be.';
    if (endedAt > now + CLOCK_AHEAD) return 'This segment comes from a clock that is more than a day ahead.';
    if (endedAt < keptSince(retention, now) || endedAt <= removedUntil) {
      return 'This segment is older than what is kept here.';
    }
    return null;
  }

  /** The settings that it keeps to. */
  get retention(): Retention {
    return this.#retention;
  }

  /** Without reading anything. */
  get counts(): { readonly segments: number; readonly bytes: number } {
    let [segments, bytes] = [0, 0];
    for (const space of this.#options.store.segments.spaces.values()) {
      segments += space.count;
      bytes += space.bytes;
    }
    return { segments, bytes };
  }

  async *#all(): AsyncIterable<SegmentRef> {
    const { segments } = this.#options.store;
    for (const name of [...segments.spaces.keys()]) {
      const [workspace = '', space = ''] = name.split('/');
      for (let after = 0; ;) {
        const page = await segments.after(workspace, space, after, PAGE);
        yield* page;
        after = page.at(-1)?.number ?? 0;
        if (page.length < PAGE) break;
      }
    }
  }

  #pruneIn(milliseconds: number): void {
    const { clock } = this.#options;
    const retention = this.#retention;
    if (this.#closed || (retention.days === 0 && retention.bytes === 0)) return;
    const due = clock.now() + milliseconds;
    if (due >= this.#pruneDue) return;
    this.#pruneTimer?.dispose();
    this.#pruneDue = due;
    this.#pruneTimer = clock.after(milliseconds, () => {
      this.#pruneDue = Infinity;
      void this.prune().then(() => this.#pruneIn(PRUNE_EVERY));
    });
  }

  async #prune(): Promise<void> {
    const { logger } = this.#options;
    try {
      let removed = 0;
      // What stands for the removed ones takes room as well; it is smaller than they were.
      for (let more = true; more && !this.#closed;) {
        const now = await this.#removeOldest();
        removed += now;
        more = now > 0 && this.#retention.bytes > 0 && this.counts.bytes > this.#retention.bytes;
      }
      if (removed > 0) logger.log('info', 'history-shortened', { segments: removed });
    } catch (error) {
      // It is tried again within the hour; more than asked for is kept until then.
      logger.log('warn', 'history-not-shortened', { code: toWireError(error).code });
    }
  }

  async #removeOldest(): Promise<number> {
    const retention = this.#retention;
    const all: SegmentRef[] = [];
    for await (const segment of this.#all()) all.push(segment);
    const now = this.#options.clock.now();
    const old = new Set(chooseOld(all, retention, now));
    if (old.size === 0) return 0;
    const aged = keptSince(retention, now);
    let removed = 0;
    const rooms = new Map<string, SegmentRef[]>();
    for (const ref of all) {
      const known = rooms.get(ref.room);
      if (known) known.push(ref);
      else rooms.set(ref.room, [ref]);
    }
    for (const [room, refs] of rooms) {
      const going = refs.filter((ref) => old.has(ref));
      if (this.#closed || going.length === 0) continue;
      const byAge = going.every(({ endedAt }) => endedAt < aged);
      removed += await shortenRoom(this.#shortening(), room, refs, old, byAge);
    }
    return removed;
  }

  /** The newest number of the room's space. */
  #numberOf(room: string): number {
    const address = parseRoomName(room);
    return this.#options.store.segments.spaces.get(`${address?.workspace}/${address?.space}`)?.number ?? 0;
  }

  #shortening(): ShortenParts {
    const { store, signer, clock, logger } = this.#options;
    return {
      segments: store.segments,
      signer,
      clock,
      logger,
      stateAt: async (room, time) => (await this.stateAt(room, time)).update,
      isClosed: () => this.#closed,
      onKept: (room) => this.#added(room, this.#numberOf(room)),
    };
  }
}

function refused(reason: string): AddSegmentOutcome {
  return { kind: 'refused', reason: `${reason} Nothing was stored.` };
}

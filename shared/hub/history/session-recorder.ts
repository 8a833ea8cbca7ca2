// Takes down the raw updates of editing sessions while they are open, and says when one is over. It signs and stores nothing itself.
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { randomId } from '../../base/random-id.ts';
import type { Origin } from '../../link/room-source.ts';
import type { Author, Edit, EditRecorder, RecordedBatch } from '../edit-recorder.ts';
import type { KnownAt } from './known-at.ts';
import { KnownRecorder } from './known-recorder.ts';
import type { TimedUpdate } from './segment.ts';
import { pendingPrefix, pendingRow } from './pending-rows.ts';

/** When a session that goes on is cut all the same. */
export interface SessionLimits {
  /** Milliseconds without an edit: who comes back after a pause begins something new. */
  readonly idle: number;
  /** Milliseconds at most: history is passed on only when it is cut. */
  readonly age: number;
  /** Bytes of updates at most: a segment is read and sent in one piece. */
  readonly bytes: number;
  /** Updates at most. */
  readonly updates: number;
  /** Milliseconds between two looks for sessions that are over. */
  readonly sweep: number;
}

const MINUTE = 60_000;
export const SESSION_LIMITS: SessionLimits = Object.freeze({
  idle: 5 * MINUTE,
  age: 30 * MINUTE,
  bytes: 256 * 1024,
  updates: 50_000,
  sweep: MINUTE,
});

/** Bytes of a client and its clock in what is taken down of the room's state. */
const CLOCK = 10;

interface Session {
  readonly key: unknown;
  readonly prefix: string;
  readonly room: string;
  readonly known: KnownRecorder;
  readonly openedAt: number;
  lastAt: number;
  bytes: number;
  updates: number;
  rows: number;
  /** Appends that carry rows of it and are not settled. */
  underWay: number;
  over: boolean;
}

export class SessionRecorder implements Omit<EditRecorder, 'mayCollect'> {
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #onOver: (prefix: string) => void;
  /** By socket, or by room and device where commands edit. */
  readonly #open = new Map<unknown, Session>();
  /** Not cut yet, open or not: nobody else may cut them. */
  readonly #live = new Set<string>();
  readonly #ended = new WeakSet<Origin>();
  #sweeping: Disposable | null = null;
  #closed = false;

  readonly #apartSince: (room: string) => number | null;

  /**
   * @param onOver is told of a session (by its rows' prefix) of which no more rows will come; all of them are durable.
   * @param apartSince since when the room's hub has no link to others; null: it has one.
   */
  constructor(
    clock: Clock,
    onOver: (prefix: string) => void,
    limits: SessionLimits = SESSION_LIMITS,
    apartSince: (room: string) => number | null = () => null,
  ) {
    this.#apartSince = apartSince;
    this.#clock = clock;
    this.#onOver = onOver;
    this.#limits = limits;
  }

  /** Whether rows of this session may still come. */
  isLive(prefix: string): boolean {
    return this.#live.has(prefix);
  }

  begin(room: string, edits: readonly Edit[], clocks?: ReadonlyMap<number, number>): RecordedBatch {
    const taken = new Map<Session, { readonly author: Author; readonly updates: TimedUpdate[]; known: KnownAt[] }>();
    for (const { update, author, at } of edits) {
      const session = this.#sessionOf(room, author, at);
      // A clock that was set back must not make a segment end before it began.
      session.lastAt = Math.max(session.lastAt, at);
      const timed = { at: session.lastAt, update };
      const batch = taken.get(session);
      if (batch) batch.updates.push(timed);
      else {
        const apart = this.#apartSince(room) ?? 0;
        const known = clocks ? session.known.at(session.updates, session.lastAt, clocks, apart) : null;
        taken.set(session, { author, updates: [timed], known: known ? [known] : [] });
        // Beside a thousand others who write, most of a segment is their clocks.
        session.bytes += (known?.clocks.length ?? 0) * CLOCK;
      }
      session.bytes += update.length;
      session.updates += 1;
    }
    const rows = [...taken].map(([session, { author, updates, known }]) => {
      session.underWay += 1;
      const { device, member } = author.principal;
      return pendingRow(session.prefix, session.rows++, { device: device ?? '', member: member ?? '', updates, known });
    });
    const sessions = [...taken.keys()];
    return { rows, settled: () => this.#settled(sessions) };
  }

  ended(origin: Origin): void {
    // What the socket sent last may still be on its way to the disk.
    this.#ended.add(origin);
    const session = this.#open.get(origin);
    if (session) this.#end(session);
  }

  /** Ends the sessions of a workspace that were apart: what was written in them can be told to others now. */
  endApart(workspace: string): void {
    for (const session of [...this.#open.values()]) {
      if (session.known.wasApart && session.room.startsWith(`${workspace}/`)) this.#end(session);
    }
  }

  /** Ends the sessions of a room: others who were apart wait to hear of them. */
  endRoom(room: string): void {
    for (const session of [...this.#open.values()]) if (session.room === room) this.#end(session);
  }

  /** Ends all sessions. Rows whose append is not settled by then wait for the next start. */
  close(): void {
    this.#sweeping?.dispose();
    this.#sweeping = null;
    for (const session of [...this.#open.values()]) this.#end(session);
    this.#closed = true;
  }

  #sessionOf(room: string, author: Author, at: number): Session {
    const key = author.kind === 'socket' ? author.origin : `${room}\n${author.principal.device ?? ''}`;
    const known = this.#open.get(key);
    if (known && !this.#isFull(known, at)) return known;
    if (known) this.#end(known);
    const prefix = pendingPrefix(room, randomId());
    const session: Session = {
      ...{ key, prefix, room, known: new KnownRecorder(), openedAt: at, lastAt: at },
      ...{ bytes: 0, updates: 0, rows: 0, underWay: 0, over: false },
    };
    this.#live.add(prefix);
    this.#open.set(key, session);
    this.#sweepLater();
    return session;
  }

  #isFull({ bytes, updates, openedAt, lastAt }: Session, now: number): boolean {
    const { bytes: most, updates: mostUpdates, age, idle } = this.#limits;
    return bytes >= most || updates >= mostUpdates || now - openedAt >= age || now - lastAt >= idle;
  }

  #settled(sessions: readonly Session[]): void {
    for (const session of sessions) {
      session.underWay -= 1;
      if (session.over) this.#handOver(session);
      else if (this.#ended.has(session.key as Origin)) this.#end(session);
    }
  }

  #end(session: Session): void {
    if (this.#open.get(session.key) === session) this.#open.delete(session.key);
    session.over = true;
    this.#handOver(session);
  }

  #handOver(session: Session): void {
    if (session.underWay > 0 || this.#closed || !this.#live.delete(session.prefix)) return;
    this.#onOver(session.prefix);
  }

  #sweepLater(): void {
    if (this.#sweeping || this.#closed || this.#open.size === 0) return;
    this.#sweeping = this.#clock.after(this.#limits.sweep, () => {
      this.#sweeping = null;
      const now = this.#clock.now();
      for (const session of [...this.#open.values()]) if (this.#isFull(session, now)) this.#end(session);
      this.#sweepLater();
    });
  }
}

// The past of pages, put together in the background and kept for as long as somebody looks at it: one at a time. It writes nothing.
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../shared/base/disposable.ts';
import type { History } from '../../shared/hub/history/history.ts';
import type { RoomPast } from '../../shared/hub/history/room-past.ts';
import type { RoomSession } from '../../shared/hub/history/room-history.ts';
import type { Hub } from '../../shared/hub/hub.ts';
import { Breath } from './breath.ts';

/** A room's past as it was put together. */
export interface KnownPast {
  readonly past: RoomPast;
  /** Oldest first; authorship is told by places in it. */
  readonly sessions: readonly RoomSession[];
  /** From when on its states are known. */
  readonly since: number | null;
}

export type Asked =
  | { readonly state: 'building'; readonly done: number; readonly total: number }
  | { readonly state: 'ready'; readonly known: KnownPast };

interface Work {
  readonly room: string;
  readonly abort: AbortController;
  done: number;
  total: number;
  stale: boolean;
  known: KnownPast | null;
  readonly ended: Promise<void>;
  failure: unknown;
}

/** Milliseconds that a call waits before it says how far it is. */
const PATIENCE = 400;
/** Milliseconds after which a past that nobody asked for is let go of: it may be as large as the largest document. */
const KEPT = 5 * 60_000;

export class PagePast implements Disposable {
  readonly #history: History;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  #work: Work | null = null;
  #forget: Disposable | null = null;

  constructor(parts: { readonly history: History; readonly hub: Pick<Hub, 'onChange'>; readonly clock: Clock }) {
    this.#history = parts.history;
    this.#clock = parts.clock;
    this.#store.add(
      parts.hub.onChange((changes) => {
        const work = this.#work;
        if (work && changes.some(({ room }) => room === work.room)) work.stale = true;
      }),
    );
    this.#store.add(
      parts.history.onSegment(({ workspace, space }) => {
        if (this.#work?.room.startsWith(`${workspace}/${space}/`)) this.#work.stale = true;
      }),
    );
  }

  /** Starts, or asks how it stands; what else was being put together is given up. Rejects as History.stateAt() does. */
  async ask(room: string): Promise<Asked> {
    const work = this.#current(room);
    await Promise.race([work.ended, this.#wait(PATIENCE)]);
    if (work.failure !== undefined) {
      if (this.#work === work) this.#work = null;
      throw work.failure instanceof Error ? work.failure : new Error(String(work.failure));
    }
    if (!work.known) return { state: 'building', done: work.done, total: work.total };
    this.#keep();
    return { state: 'ready', known: work.known };
  }

  /** As ask(), for who cannot go on without it. */
  async whole(room: string): Promise<KnownPast> {
    for (;;) {
      const asked = await this.ask(room);
      if (asked.state === 'ready') return asked.known;
    }
  }

  stop(room: string): void {
    if (this.#work?.room === room) this.#drop();
  }

  dispose(): void {
    this.#drop();
    this.#store.dispose();
  }

  #current(room: string): Work {
    const work = this.#work;
    // What is being put together is finished first: a page that somebody types into would never be.
    if (work?.room === room && (!work.stale || (!work.known && work.failure === undefined))) return work;
    this.#drop();
    const abort = new AbortController();
    const fresh: Work = {
      room,
      abort,
      done: 0,
      total: 0,
      stale: false,
      known: null,
      failure: undefined,
      ended: Promise.resolve().then(() => this.#build(fresh)),
    };
    this.#work = fresh;
    return fresh;
  }

  async #build(work: Work): Promise<void> {
    try {
      const sessions = await this.#history.sessionsOf(work.room);
      work.total = 2 * sessions.reduce((sum, { count }) => sum + count, 0);
      const breath = new Breath();
      const pace = async (read: number): Promise<void> => {
        work.done = read;
        if (work.abort.signal.aborted) throw new AppError('cancelled', 'Nobody waits for this history any more.');
        if (breath.isDue) await breath.take();
      };
      const past = await this.#history.pastOf(work.room, sessions, pace);
      if (work.abort.signal.aborted) past.dispose();
      else work.known = { past, sessions, since: await this.#history.knownSince(work.room, sessions) };
    } catch (error) {
      work.failure = error;
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(milliseconds, resolve);
    });
  }

  #keep(): void {
    this.#forget?.dispose();
    this.#forget = this.#clock.after(KEPT, () => this.#drop());
  }

  #drop(): void {
    this.#forget?.dispose();
    this.#forget = null;
    this.#work?.abort.abort();
    this.#work?.known?.past.dispose();
    this.#work = null;
  }
}

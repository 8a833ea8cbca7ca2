// Looks through the past of pages for swallowed words, one page at a time and in the background, and remembers what it found until the page changes. It writes nothing.
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import type { History } from '../../../shared/hub/history/history.ts';
import type { RoomSession } from '../../../shared/hub/history/room-history.ts';
import type { Hub } from '../../../shared/hub/hub.ts';
import { PagePast } from '../page-past.ts';
import type { SessionAuthor } from '../session-author.ts';
import { findPassages } from './find-passages.ts';
import type { Passage } from './passage.ts';

export type Look =
  | { readonly state: 'looking' }
  /** Its past is so long that nobody is made to wait for it unasked; how many changes it has. */
  | { readonly state: 'long'; readonly changes: number }
  | { readonly state: 'ready'; readonly passages: readonly Passage[]; readonly authors: readonly SessionAuthor[] };

export interface RecoveredParts {
  readonly history: History;
  readonly hub: Pick<Hub, 'onChange'>;
  readonly clock: Clock;
  /** Whose a session of a room is, as far as it is shown. */
  readonly authorOf: (room: string, session: RoomSession) => SessionAuthor;
}

interface Known {
  stale: boolean;
  readonly look: Look;
  /** Why it could not be looked through. */
  readonly failure: unknown;
}

/** Changes up to which a page is looked through without being asked to. */
const UNASKED = 20_000;
/** Milliseconds that a call waits before it says that it is not ready. */
const PATIENCE = 400;
/** Pages of which what was found is remembered. */
const REMEMBERED = 50;

export class RecoveredWords implements Disposable {
  readonly #history: History;
  readonly #authorOf: RecoveredParts['authorOf'];
  readonly #clock: Clock;
  readonly #past: PagePast;
  readonly #known = new Map<string, Known>();
  readonly #looking = new Map<string, Promise<void>>();
  /** Of these the ones that are not begun. */
  readonly #waiting = new Set<string>();
  readonly #store = new DisposableStore();
  /** Pages one after another: each past may be as large as the largest document. */
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: RecoveredParts) {
    this.#history = parts.history;
    this.#authorOf = parts.authorOf;
    this.#clock = parts.clock;
    this.#past = new PagePast(parts);
    this.#store.add(parts.hub.onChange((changes) => changes.forEach(({ room }) => this.#outdate(room))));
    this.#store.add(
      parts.history.onSegment(({ workspace, space }) => {
        for (const room of this.#known.keys()) if (room.startsWith(`${workspace}/${space}/`)) this.#outdate(room);
      }),
    );
  }

  /**
   * Rejects as History.stateAt() does.
   * @param long also where it takes long, and where it failed. @param again the same question: what was found since it was first asked answers it.
   */
  async ask(room: string, long: boolean, again: boolean): Promise<Look> {
    let looking = this.#looking.get(room);
    const before = this.#known.get(room);
    if (!looking) {
      const isWhole = before?.failure === null && before.look.state === 'ready';
      if (before && (again || (!before.stale && (isWhole || !long)))) return answer(before);
    }
    // What is being looked through may be older than what is asked about.
    if (!looking || (!again && before?.stale && !this.#waiting.has(room))) looking = this.#start(room, long);
    const late = new Promise<'late'>((resolve) => {
      this.#clock.after(PATIENCE, () => resolve('late'));
    });
    if ((await Promise.race([looking, late])) === 'late') return { state: 'looking' };
    const known = this.#known.get(room);
    return known ? answer(known) : { state: 'looking' };
  }

  dispose(): void {
    this.#closed = true;
    this.#store.dispose();
    this.#past.dispose();
  }

  #start(room: string, long: boolean): Promise<void> {
    this.#waiting.add(room);
    const work = this.#turn
      .then(() => this.#lookThrough(room, long))
      .finally(() => {
        if (this.#looking.get(room) === work) this.#looking.delete(room);
      });
    this.#looking.set(room, work);
    this.#turn = work;
    return work;
  }

  async #lookThrough(room: string, long: boolean): Promise<void> {
    this.#waiting.delete(room);
    if (this.#closed) return;
    const under: Known = { stale: false, look: { state: 'looking' }, failure: null };
    // What comes while it is looked through is not in it.
    this.#remember(room, under);
    let look: Look = { state: 'ready', passages: [], authors: [] };
    let failure: unknown = null;
    try {
      look = await this.#find(room, long);
    } catch (error) {
      failure = error;
    }
    if (!this.#closed) this.#remember(room, { stale: under.stale, look, failure });
  }

  async #find(room: string, long: boolean): Promise<Look> {
    const sessions = await this.#history.sessionsOf(room);
    // What one device alone wrote, nobody else can have deleted.
    if (!(await this.#history.isShared(room, sessions))) return { state: 'ready', passages: [], authors: [] };
    const changes = sessions.reduce((sum, { count }) => sum + count, 0);
    if (changes > UNASKED && !long) return { state: 'long', changes };
    try {
      const known = await this.#past.whole(room);
      const authors = known.sessions.map((session) => this.#authorOf(room, session));
      return { state: 'ready', passages: await findPassages(known.past, authors, () => setImmediate()), authors };
    } finally {
      this.#past.stop(room);
    }
  }

  #outdate(room: string): void {
    const known = this.#known.get(room);
    if (known) known.stale = true;
  }

  #remember(room: string, known: Known): void {
    this.#known.delete(room);
    this.#known.set(room, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) return;
      this.#known.delete(oldest);
    }
  }
}

function answer({ look, failure }: Known): Look {
  if (failure === null) return look;
  throw failure instanceof Error ? failure : new Error(String(failure));
}

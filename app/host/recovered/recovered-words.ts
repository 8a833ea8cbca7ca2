// Looks through the past of pages for swallowed words, one page at a time and in the background, and remembers what it found until the page changes. It writes nothing.
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
  readonly look: Exclude<Look, { state: 'looking' }>;
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

  /** @param long also where it takes long. Rejects as History.stateAt() does. */
  async ask(room: string, long: boolean): Promise<Look> {
    let looking = this.#looking.get(room);
    if (!looking) {
      const known = this.#known.get(room);
      if (known && !known.stale && !(long && known.look.state === 'long')) return known.look;
      looking = this.#turn.then(() => this.#lookThrough(room, long)).finally(() => this.#looking.delete(room));
      this.#looking.set(room, looking);
      this.#turn = looking.catch(() => undefined);
    }
    const late = new Promise<'late'>((resolve) => {
      this.#clock.after(PATIENCE, () => resolve('late'));
    });
    if ((await Promise.race([looking, late])) === 'late') return { state: 'looking' };
    return this.#known.get(room)?.look ?? { state: 'looking' };
  }

  dispose(): void {
    this.#closed = true;
    this.#store.dispose();
    this.#past.dispose();
  }

  async #lookThrough(room: string, long: boolean): Promise<void> {
    if (this.#closed) return;
    const sessions = await this.#history.sessionsOf(room);
    // What comes while it is looked through is not in it.
    const found: Known = { stale: false, look: { state: 'ready', passages: [], authors: [] } };
    this.#remember(room, found);
    // What one device alone wrote, nobody else can have deleted.
    if (!(await this.#history.isShared(room, sessions))) return;
    const changes = sessions.reduce((sum, { count }) => sum + count, 0);
    if (changes > UNASKED && !long) {
      this.#remember(room, { ...found, look: { state: 'long', changes } });
      return;
    }
    try {
      const known = await this.#past.whole(room);
      const authors = known.sessions.map((session) => this.#authorOf(room, session));
      const passages = findPassages(known.past, authors);
      this.#remember(room, { stale: found.stale, look: { state: 'ready', passages, authors } });
    } catch (error) {
      this.#known.delete(room);
      throw error;
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

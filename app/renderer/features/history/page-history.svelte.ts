// The history of one page as a window looks at it: the sessions, the one that is chosen, its version. It asks the host and draws nothing.
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { PageSession, PageVersion } from '../../../contract/history.ts';
import type { HostConnection } from '../../connection/host-connection.ts';

export type Against = 'before' | 'now';

export type Listing =
  | { readonly state: 'building'; readonly done: number; readonly total: number }
  | {
      readonly state: 'ready';
      readonly sessions: readonly PageSession[];
      readonly complete: boolean;
      readonly since: number | null;
    }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'stopped' };

/** A side of a version: after the session, or before it. */
export type Side = 'after' | 'before';

/** Milliseconds between two looks at how far the host is. */
const AGAIN = 250;

export class PageHistory implements Disposable {
  readonly #connection: HostConnection;
  readonly #clock: Clock;
  readonly #page: { readonly workspace: string; readonly document: string };
  /** The newest question: the answers to earlier ones come too late. */
  #asked = 0;
  #listing = $state.raw<Listing>({ state: 'building', done: 0, total: 0 });
  #chosen = $state.raw<PageSession | null>(null);
  #against = $state.raw<Against>('before');
  #version = $state.raw<PageVersion | null>(null);
  #failure = $state.raw<string | null>(null);

  constructor(
    connection: HostConnection,
    clock: Clock,
    page: { readonly workspace: string; readonly document: string },
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#page = page;
  }

  get listing(): Listing {
    return this.#listing;
  }
  get chosen(): PageSession | null {
    return this.#chosen;
  }
  get against(): Against {
    return this.#against;
  }
  /** Of the chosen session; null until it is there. */
  get version(): PageVersion | null {
    return this.#version;
  }
  /** Why the version cannot be shown. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Asks for the sessions anew. */
  async load(): Promise<void> {
    const mine = ++this.#asked;
    this.#listing = { state: 'building', done: 0, total: 0 };
    try {
      for (;;) {
        const answer = await this.#connection.call('page.sessions', this.#page);
        if (mine !== this.#asked) return;
        this.#listing = answer;
        if (answer.state === 'ready') return;
        await this.#pause();
        if (mine !== this.#asked) return;
      }
    } catch (error) {
      if (mine === this.#asked) this.#listing = { state: 'failed', reason: words(error) };
    }
  }

  /** Gives up what takes long. */
  async stop(): Promise<void> {
    this.#asked += 1;
    this.#listing = { state: 'stopped' };
    await this.#connection.call('page.stopHistory', this.#page).catch(() => undefined);
  }

  async choose(session: PageSession | null, against: Against = this.#against): Promise<void> {
    const mine = ++this.#asked;
    this.#chosen = session;
    this.#against = against;
    this.#failure = null;
    if (!session) {
      this.#version = null;
      return;
    }
    try {
      for (;;) {
        const answer = await this.#connection.call('page.version', { ...this.#page, session: session.id, against });
        if (mine !== this.#asked) return;
        if (answer.state === 'ready') {
          this.#version = answer;
          return;
        }
        await this.#pause();
        if (mine !== this.#asked) return;
      }
    } catch (error) {
      if (mine !== this.#asked) return;
      this.#version = null;
      this.#failure = words(error);
    }
  }

  /** The page as it was on a side of the chosen session, as a Yjs update. Rejects with the host's reason. */
  async past(side: Side): Promise<string> {
    const session = this.#chosen?.id ?? '';
    return (await this.#connection.call('page.past', { ...this.#page, session, side })).update;
  }

  dispose(): void {
    if (this.#asked === 0) return;
    this.#asked += 1;
    void this.#connection.call('page.stopHistory', this.#page).catch(() => undefined);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(AGAIN, resolve);
    });
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

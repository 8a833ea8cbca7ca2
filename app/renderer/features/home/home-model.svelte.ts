// What the home screen asks the host for, asked again when something of it may be different; several changes at once are one question.
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import type { Clock } from '../../../../shared/base/clock.ts';
import type { BookmarkEntry } from '../../../contract/bookmarks.ts';
import type { Home } from '../../../contract/home.ts';
import type { PersonEntry } from '../../../contract/people.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { Asked } from '../../window/asked.svelte.ts';
import { peopleById } from './home-words.ts';

/** Milliseconds: what comes in a burst is asked for once. */
const PATIENCE = 400;
/** While the host still reads documents, the answer grows without an announcement. */
const READING = 2_000;
const HEARD = new Set(['threads', 'catalogue', 'spaces', 'people', 'favourites', 'members', 'sessions']);

export interface HomeAnswer {
  readonly home: Home;
  readonly bookmarks: readonly BookmarkEntry[];
  readonly people: ReadonlyMap<string, PersonEntry>;
}

export class HomeModel implements Disposable {
  readonly #asked: Asked<HomeAnswer>;
  readonly #held = new DisposableStore();
  readonly #clock: Clock;
  #timer: Disposable | null = null;
  #closed = false;

  constructor(connection: HostConnection, clock: Clock, workspace: string) {
    this.#clock = clock;
    this.#asked = new Asked(async () => {
      const [home, bookmarks, { people }] = await Promise.all([
        connection.call('home.read', { workspace }),
        connection.call('bookmark.list', { workspace }),
        connection.call('people.list', { workspace }),
      ]);
      if (home.waiting > 0) this.#soon(READING);
      return { home, bookmarks, people: peopleById(people) };
    });
    this.#held.add(
      connection.onAnnouncement((news) => {
        if (HEARD.has(news.event) && 'workspace' in news && news.workspace === workspace) this.#soon();
      }),
    );
    this.#held.add(
      connection.onStatus(({ state }) => {
        if (state === 'online') this.#soon();
      }),
    );
    void this.#asked.ask();
  }

  get answer(): HomeAnswer | null {
    return this.#asked.answer;
  }
  get wrong(): string | null {
    return this.#asked.wrong;
  }

  ask(): Promise<void> {
    return this.#asked.ask();
  }

  dispose(): void {
    this.#closed = true;
    this.#timer?.dispose();
    this.#held.dispose();
  }

  #soon(wait = PATIENCE): void {
    if (this.#closed) return;
    this.#timer ??= this.#clock.after(wait, () => {
      this.#timer = null;
      void this.#asked.ask();
    });
  }
}

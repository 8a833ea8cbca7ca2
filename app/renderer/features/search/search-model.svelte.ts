// The question of a search screen: asked at each key, one at a time, the newest last; asked again when something else is found. It draws nothing.
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { SearchResult } from '../../../contract/search.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { AskSoon } from '../../window/ask-soon.ts';
import { failureWords } from '../../window/failure.ts';

/** Results at first, and when more are wanted. */
const [SOME, MANY] = [20, 50];

export class SearchModel implements Disposable {
  readonly #connection: HostConnection;
  readonly #workspace: string;
  readonly #hearing: Disposable;
  readonly #soon: AskSoon;
  #query = $state('');
  #answer = $state.raw<{ readonly query: string; readonly result: SearchResult } | null>(null);
  #wrong = $state<string | null>(null);
  #most = $state(SOME);
  #asking = false;
  #again = false;

  constructor(connection: HostConnection, clock: Clock, workspace: string, query: string) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#query = query;
    this.#soon = new AskSoon(clock, () => this.#ask());
    this.#hearing = connection.onAnnouncement((news) => {
      if (news.event === 'search' && news.workspace === workspace) this.#soon.soon();
    });
    this.#ask();
  }

  get query(): string {
    return this.#query;
  }
  set query(query: string) {
    if (query === this.#query) return;
    this.#query = query;
    this.#most = SOME;
    this.#ask();
  }

  /** Of the newest question that was answered; null before the first. */
  get result(): SearchResult | null {
    return this.#answer?.result ?? null;
  }
  /** What is shown is the answer to what stands in the field. */
  get settled(): boolean {
    return this.#answer?.query === this.#query;
  }
  get wrong(): string | null {
    return this.#wrong;
  }
  get all(): boolean {
    return this.#most === MANY;
  }

  more(): void {
    this.#most = MANY;
    this.#ask();
  }

  dispose(): void {
    this.#hearing.dispose();
    this.#soon.dispose();
  }

  #ask(): void {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    void this.#askNow().finally(() => {
      this.#asking = false;
      if (!this.#again || this.#soon.disposed) return;
      this.#again = false;
      this.#ask();
    });
  }

  async #askNow(): Promise<void> {
    const [query, most] = [this.#query, this.#most];
    try {
      const result = await this.#connection.call('search.find', { workspace: this.#workspace, query, most });
      this.#answer = { query, result };
      this.#wrong = null;
    } catch (error) {
      this.#wrong = failureWords(error);
    }
  }
}

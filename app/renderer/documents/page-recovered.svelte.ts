// The swallowed words of an open page as its window knows them: asked of the host when something can have been swallowed, without what was put back since. It draws nothing and writes nothing.
import { createSubscriber } from 'svelte/reactivity';
import * as Y from 'yjs';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { recoveredOf } from '../../../shared/model/document/roots.ts';
import { areAmong, readReturned } from '../../../shared/model/page/recovered.ts';
import type { RecoveredPassage } from '../../contract/recovered.ts';
import type { HostConnection } from '../connection/host-connection.ts';

export type Looked =
  | { readonly state: 'looking' }
  | { readonly state: 'long'; readonly changes: number }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly reason: string };

/** Milliseconds between a change that may have swallowed something, or the opening, and the question: what comes with it comes first. */
const REST = 1_000;
/** Milliseconds between two looks at whether the host is ready. */
const AGAIN = 500;

export class PageRecovered implements Disposable {
  readonly #connection: HostConnection;
  readonly #clock: Clock;
  readonly #doc: Y.Doc;
  readonly #page: { readonly workspace: string; readonly document: string };
  readonly #heard: Disposable;
  readonly #returned: () => void;
  /** The newest question: the answers to earlier ones come too late. */
  #asked = 0;
  #resting: Disposable | null = null;
  #looked = $state.raw<Looked>({ state: 'looking' });
  #found = $state.raw<readonly RecoveredPassage[]>([]);

  constructor(
    parts: { readonly connection: HostConnection; readonly clock: Clock; readonly doc: Y.Doc },
    { space, ...page }: { readonly workspace: string; readonly space: string; readonly document: string },
  ) {
    this.#connection = parts.connection;
    this.#clock = parts.clock;
    this.#doc = parts.doc;
    this.#page = page;
    this.#returned = createSubscriber((update) => {
      const map = recoveredOf(this.#doc);
      map.observe(update);
      return () => map.unobserve(update);
    });
    this.#doc.on('afterTransaction', this.#watch);
    // History comes after the text: who deleted something, or that words were in it, may be known only then.
    this.#heard = this.#connection.onAnnouncement((news) => {
      if (news.event !== 'sessions' || news.workspace !== page.workspace || news.space !== space) return;
      if (this.#asked > 0) this.askSoon();
    });
  }

  get looked(): Looked {
    return this.#looked;
  }

  /** In the order of the page. */
  get passages(): readonly RecoveredPassage[] {
    this.#returned();
    if (this.#found.length === 0) return this.#found;
    const returned = readReturned(this.#doc);
    return this.#found.filter(({ words }) => !areAmong(words, returned));
  }

  /** After a rest, once for everything that comes meanwhile. */
  askSoon(): void {
    this.#resting?.dispose();
    this.#resting = this.#clock.after(REST, () => void this.ask(false));
  }

  /** @param long also where it takes long. */
  async ask(long: boolean): Promise<void> {
    const mine = ++this.#asked;
    if (this.#looked.state !== 'ready') this.#looked = { state: 'looking' };
    try {
      for (let again = false; ; again = true) {
        const answer = await this.#connection.call('recovered.list', { ...this.#page, long, again });
        if (mine !== this.#asked) return;
        if (answer.state === 'ready') this.#found = answer.passages;
        if (answer.state !== 'looking') {
          this.#looked = answer.state === 'ready' ? { state: 'ready' } : answer;
          return;
        }
        await new Promise<void>((resolve) => void this.#clock.after(AGAIN, resolve));
        if (mine !== this.#asked) return;
      }
    } catch (error) {
      if (mine !== this.#asked) return;
      this.#looked = { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async dismiss({ words }: RecoveredPassage, dismissed: boolean): Promise<void> {
    await this.#connection.call('recovered.dismiss', { ...this.#page, words, dismissed });
    await this.ask(false);
  }

  dispose(): void {
    this.#asked += 1;
    this.#resting?.dispose();
    this.#heard.dispose();
    this.#doc.off('afterTransaction', this.#watch);
  }

  /** Somebody else deleted what holds words, or words of others came into what is deleted. */
  readonly #watch = (transaction: Y.Transaction): void => {
    if (transaction.local || this.#asked === 0) return;
    for (const [client, ranges] of transaction.deleteSet.clients) {
      const known = transaction.beforeState.get(client) ?? 0;
      for (const { clock, len } of ranges) {
        if (clock + len > known || this.#holdsThings(client, clock, len)) return this.askSoon();
      }
    }
  };

  #holdsThings(client: number, clock: number, length: number): boolean {
    const structs = this.#doc.store.clients.get(client);
    if (!structs) return false;
    for (let at = Y.findIndexSS(structs as Y.Item[], clock); at < structs.length; at += 1) {
      const struct = structs[at];
      if (!struct || struct.id.clock >= clock + length) return false;
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) return true;
    }
    return false;
  }
}

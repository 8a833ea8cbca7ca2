// Which posts of the thread that is shown are nowhere but on this computer: asked of the host as its truths change.
import { SvelteSet } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { AskSoon } from '../../window/ask-soon.ts';

/** What the relay has within a moment is not marked: a mark that comes and goes with every post says nothing. */
const MARKED_AFTER = 1_000;

interface Parts {
  readonly connection: HostConnection;
  readonly clock: Clock;
  readonly doc: Y.Doc;
  readonly workspace: string;
  readonly document: string;
}

export class ThreadWaiting implements Disposable {
  readonly #parts: Parts;
  readonly #question: AskSoon;
  readonly #held = new DisposableStore();
  readonly #marked = new SvelteSet<string>();
  /** Since when a post is known to wait. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- not shown: what is shown is #marked
  #since = new Map<string, number>();
  #marking: Disposable | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { connection, clock, workspace, doc } = parts;
    this.#question = new AskSoon(clock, () => void this.#ask());
    this.#held.add(
      connection.onAnnouncement((news) => {
        if (news.event === 'truths' && news.workspace === workspace) this.#question.soon();
      }),
    );
    this.#held.add(
      connection.onStatus(({ state }) => {
        if (state === 'online') this.#question.soon();
      }),
    );
    doc.on('update', this.#question.soon);
    this.#question.soon();
  }

  has(post: string): boolean {
    return this.#marked.has(post);
  }

  dispose(): void {
    this.#question.dispose();
    this.#marking?.dispose();
    this.#parts.doc.off('update', this.#question.soon);
    this.#held.dispose();
  }

  async #ask(): Promise<void> {
    const { connection, workspace, document, clock } = this.#parts;
    try {
      const { posts } = await connection.call('thread.waiting', { workspace, document });
      if (this.#question.disposed) return;
      const now = clock.now();
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- as above
      this.#since = new Map(posts.map((post) => [post, this.#since.get(post) ?? now]));
      this.#mark();
    } catch {
      return; // The window says that the host is away; it is asked again when it is back.
    }
  }

  #mark(): void {
    this.#marking?.dispose();
    this.#marking = null;
    const ripe = this.#parts.clock.now() - MARKED_AFTER;
    for (const post of [...this.#marked]) if (!this.#since.has(post)) this.#marked.delete(post);
    let young = false;
    for (const [post, since] of this.#since) {
      if (since <= ripe) this.#marked.add(post);
      else young = true;
    }
    if (young) this.#marking = this.#parts.clock.after(MARKED_AFTER, () => this.#mark());
  }
}

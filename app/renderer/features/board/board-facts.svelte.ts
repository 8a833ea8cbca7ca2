// What the host knows of the cards' own documents, for the faces of a board: asked once, and again when it becomes different.
import { SvelteMap } from 'svelte/reactivity';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import type { CardFacts } from '../../documents/cards/card-face.ts';

export class BoardFacts implements Disposable {
  readonly #connection: HostConnection;
  readonly #board: { readonly workspace: string; readonly document: string };
  readonly #facts = new SvelteMap<string, CardFacts>();
  readonly #heard: Disposable;
  readonly #status: Disposable;
  /** The newest question: the answers to earlier ones come too late. */
  #asked = 0;

  constructor(connection: HostConnection, board: { readonly workspace: string; readonly document: string }) {
    this.#connection = connection;
    this.#board = board;
    this.#heard = connection.onAnnouncement((news) => {
      if (news.event === 'facts' && news.workspace === board.workspace && news.documents.includes(board.document))
        void this.#ask();
    });
    // After the host came back: it may have heard of more.
    this.#status = connection.onStatus((status) => {
      if (status.state === 'online') void this.#ask();
    });
    void this.#ask();
  }

  /** Null: nothing stands in the card's own document, or that is not known yet. */
  of(card: string): CardFacts | null {
    return this.#facts.get(card) ?? null;
  }

  dispose(): void {
    this.#asked += 1;
    this.#heard.dispose();
    this.#status.dispose();
  }

  async #ask(): Promise<void> {
    const mine = ++this.#asked;
    try {
      const answer = await this.#connection.call('board.facts', this.#board);
      if (mine !== this.#asked) return;
      for (const card of this.#facts.keys()) if (!Object.hasOwn(answer, card)) this.#facts.delete(card);
      for (const [card, now] of Object.entries(answer)) {
        const before = this.#facts.get(card);
        if (
          before?.comments === now.comments &&
          before.attachments === now.attachments &&
          before.described === now.described
        )
          continue;
        this.#facts.set(card, now);
      }
    } catch {
      return; // The window says that the host is away; it is asked again when it is back.
    }
  }
}

// Which cards of a board are only on this computer, and which others changed while it was away: the host says the clocks, the document says the cards.
/* eslint-disable svelte/prefer-svelte-reactivity -- what is shown are the two sets of Svelte's; the others belong to one call, or are replaced as a whole */
import { SvelteSet } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import { isOthersNews } from '../../../../shared/model/board/card-news.ts';
import { writtenIn } from '../../../../shared/model/board/card-writing.ts';
import type { BoardChanges as Said } from '../../../contract/board.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import { AskSoon } from '../../window/ask-soon.ts';

interface Parts {
  readonly connection: HostConnection;
  readonly clock: Clock;
  readonly doc: Y.Doc;
  readonly workspace: string;
  readonly board: string;
  readonly member: string;
  readonly isMine: (client: number) => boolean;
}

/** What the relay has within a moment is not marked: a mark that comes and goes with every key says nothing. */
const MARKED_AFTER = 1_000;

export class BoardChanges implements Disposable {
  readonly #parts: Parts;
  readonly #question: AskSoon;
  readonly #held = new DisposableStore();
  readonly #unsent = new SvelteSet<string>();
  readonly #away = new SvelteSet<string>();
  #said = $state.raw<Said | null>(null);
  /** Since when a card is known to be unsent that is not marked yet. */
  #fresh: ReadonlyMap<string, number> = new Map();
  #marking: Disposable | null = null;
  /** Some of what the host named has not reached this window yet. */
  #isBehind = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { connection, clock, workspace, doc } = parts;
    this.#question = new AskSoon(clock, () => void this.#ask());
    this.#held.add(
      connection.onAnnouncement((news) => {
        if ((news.event === 'truths' || news.event === 'landed') && news.workspace === workspace) this.#question.soon();
      }),
    );
    this.#held.add(
      connection.onStatus((status) => {
        if (status.state === 'online') this.#question.soon();
      }),
    );
    doc.on('afterTransaction', this.#after);
    this.#question.soon();
  }

  /** Something of it is nowhere but on this computer. */
  isUnsent(card: string): boolean {
    return this.#unsent.has(card);
  }

  /** Others changed it while this computer was away. */
  cameWhileAway(card: string): boolean {
    return this.#away.has(card);
  }

  /** The absence that is meant; null: none that brought something is known. */
  get absence(): { readonly from: number; readonly to: number } | null {
    return this.#said?.away ?? null;
  }

  dispose(): void {
    this.#question.dispose();
    this.#marking?.dispose();
    this.#parts.doc.off('afterTransaction', this.#after);
    this.#held.dispose();
  }

  async #ask(): Promise<void> {
    const { connection, workspace, board } = this.#parts;
    try {
      const said = await connection.call('board.changes', { workspace, document: board });
      if (this.#question.disposed) return;
      if (JSON.stringify(said) === JSON.stringify(this.#said)) return;
      this.#said = said;
      this.#judge();
    } catch {
      return; // The window says that the host is away; it is asked again when it is back.
    }
  }

  readonly #after = (): void => {
    if (this.#isBehind) this.#judge();
  };

  #judge(): void {
    const said = this.#said;
    if (!said) return;
    this.#isBehind = false;
    const unsent = new Set<string>(said.unsent.cards);
    const away = new Set<string>();
    for (const range of [...said.unsent.written, ...said.unsent.deleted]) {
      for (const { card } of this.#writtenIn(range)) unsent.add(card);
    }
    for (const range of said.away?.written ?? []) {
      if (this.#parts.isMine(range[0])) continue;
      for (const written of this.#writtenIn(range))
        if (isOthersNews(written, this.#parts.member)) away.add(written.card);
    }
    follow(this.#unsent, this.#lasting(unsent));
    follow(this.#away, away);
  }

  #lasting(unsent: ReadonlySet<string>): ReadonlySet<string> {
    const now = this.#parts.clock.now();
    const since = [...unsent].map((card) => [card, this.#fresh.get(card) ?? now] as const);
    const marked = since.filter(([card, at]) => this.#unsent.has(card) || Math.abs(now - at) >= MARKED_AFTER);
    this.#fresh = new Map(since);
    if (marked.length < since.length) {
      this.#marking ??= this.#parts.clock.after(MARKED_AFTER, () => {
        this.#marking = null;
        this.#judge();
      });
    }
    return new Set(marked.map(([card]) => card));
  }

  #writtenIn([client, start, end]: Said['unsent']['written'][number]): ReturnType<typeof writtenIn> {
    const structs = this.#parts.doc.store.clients.get(client);
    const last = structs?.at(-1);
    const here = last ? last.id.clock + last.length : 0;
    if (end !== null && here < end) this.#isBehind = true;
    return writtenIn(this.#parts.doc, client, { start, end: end ?? Infinity });
  }
}

function follow(set: SvelteSet<string>, now: ReadonlySet<string>): void {
  for (const one of set) if (!now.has(one)) set.delete(one);
  for (const one of now) set.add(one);
}

// What the cards of one board are to me: unread, watched. Read from my own documents, and kept there; it draws nothing.
/* eslint-disable svelte/prefer-svelte-reactivity -- what is shown is Svelte's own set; the others belong to one call, or are replaced as a whole */
import { SvelteSet } from 'svelte/reactivity';
import * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import { CardNews } from '../../../../shared/model/board/card-news.ts';
import type { Card } from '../../../../shared/model/board/card.ts';
import type { Mark } from '../../../../shared/model/board/look.ts';
import {
  markBoardSeen,
  markCardSeen,
  markOwn,
  ownClients,
  putBackSeen,
  cardsMatter,
  readSeenCards,
  seenBy,
} from '../../../../shared/model/personal/read-cards.ts';
import { readWatched, setWatched, type WatchPlace } from '../../../../shared/model/personal/watched.ts';
import type { HostConnection } from '../../connection/host-connection.ts';
import type { DocumentHandle } from '../../documents/document-handle.ts';
import type { DocumentPool } from '../../documents/document-pool.ts';
import { PersonalDocument } from '../../documents/personal-document.svelte.ts';
import { BoardChanges } from './board-changes.svelte.ts';

/** What I write myself is noted together, so that no other device of mine shows it as new. */
const NOTED_AFTER = 2_000;

export interface MarksParts {
  readonly handle: DocumentHandle;
  readonly workspace: string;
  readonly board: string;
  readonly member: string;
  /** This computer's device; '' while it is not known. */
  readonly device: () => string;
  readonly connection: HostConnection;
  readonly documents: DocumentPool;
  readonly clock: Clock;
}

export class CardMarks implements Disposable {
  readonly #parts: MarksParts;
  readonly #read: PersonalDocument;
  readonly #watched: PersonalDocument;
  readonly #news: CardNews;
  readonly #changes: BoardChanges;
  readonly #unread = new SvelteSet<string>();
  readonly #held = new DisposableStore();
  readonly #decoded = new WeakMap<Uint8Array, ReadonlyMap<number, number>>();
  readonly watching = $derived.by(() => readWatched(this.#watched.current, this.#parts.board));
  /** True while nothing of mine says how far I have looked: then all of it counts as seen when I leave. */
  #isFirst = false;
  #noting: Disposable | null = null;
  #own: ReadonlySet<number> = new Set();

  constructor(parts: MarksParts) {
    this.#parts = parts;
    const { handle, workspace, member, board } = parts;
    this.#read = this.#held.add(new PersonalDocument(parts, { workspace, member, matter: cardsMatter(board) }));
    this.#watched = this.#held.add(new PersonalDocument(parts, { workspace, member, matter: 'watched' }));
    this.#news = this.#held.add(new CardNews(handle.doc, member));
    this.#changes = this.#held.add(
      new BoardChanges({ ...parts, doc: handle.doc, isMine: (client) => this.#isMine(client) }),
    );
    this.#held.add(this.#news.onChange((cards) => this.#judge(cards)));
    this.#held.add(this.#read.onChange(() => this.#see()));
    handle.doc.on('afterTransaction', this.#wrote);
    this.#see();
  }

  isUnread(card: string): boolean {
    return this.#unread.has(card);
  }

  /** Something of it is nowhere but on this computer. */
  isUnsent(card: string): boolean {
    return this.#changes.isUnsent(card);
  }

  /** From when to when this computer was away the last time that something came; null: not known. */
  get absence(): { readonly from: number; readonly to: number } | null {
    return this.#changes.absence;
  }

  /** By itself, by the column where it stands, or with the board. */
  isWatched(card: Pick<Card, 'id' | 'column'>): boolean {
    const { board, columns, cards } = this.watching;
    return board || cards.has(card.id) || (card.column !== null && columns.has(card.column));
  }

  has(card: Card, mark: Mark): boolean {
    switch (mark) {
      case 'unread':
        return this.isUnread(card.id);
      case 'watched':
        return this.isWatched(card);
      case 'away':
        return this.#changes.cameWhileAway(card.id);
      case 'unsent':
        return this.isUnsent(card.id);
    }
  }

  /** Somebody looks at it now. */
  look(card: string): void {
    const device = this.#parts.device();
    if (device === '' || !this.#read.writable || !this.#news.isUnread(card)) return;
    this.#read.write((doc, origin) => markCardSeen(doc, { device, card }, this.#news.clocksOf(card), origin));
  }

  /** All that stands on the board now. Answers how to take it back; null where this device writes nothing. */
  lookAtAll(): (() => void) | null {
    const device = this.#parts.device();
    if (device === '' || !this.#read.writable) return null;
    const before = seenBy(this.#read.doc, device);
    this.#read.write((doc, origin) => markBoardSeen(doc, device, this.#stands(), origin));
    return () => this.#read.write((doc, origin) => putBackSeen(doc, device, before, origin));
  }

  watch(place: Omit<WatchPlace, 'board'>, watched: boolean): void {
    const since = watched ? this.#parts.clock.now() : null;
    if (!this.#watched.writable) return;
    this.#watched.write((doc, origin) => setWatched(doc, { ...place, board: this.#parts.board }, since, origin));
  }

  /** The board was looked at, and is left: the first time all of it counts as seen. */
  leave(): void {
    this.#note();
    const device = this.#parts.device();
    if (!this.#isFirst || device === '' || !this.#parts.handle.synced || document.visibilityState === 'hidden') return;
    this.#isFirst = false;
    this.#read.write((doc, origin) => markBoardSeen(doc, device, this.#stands(), origin));
  }

  dispose(): void {
    this.leave();
    this.#parts.handle.doc.off('afterTransaction', this.#wrote);
    this.#held.dispose();
  }

  /** What my other windows wrote is noted by client; before the board was left once nothing is. */
  #isMine(client: number): boolean {
    return this.#news.isMine(client) || this.#own.has(client);
  }

  #stands(): ReadonlyMap<number, number> {
    return Y.decodeStateVector(Y.encodeStateVector(this.#parts.handle.doc));
  }

  readonly #see = (): void => {
    const seen = readSeenCards(this.#read.doc, this.#decoded);
    this.#own = ownClients(this.#read.doc);
    this.#isFirst = seen === null && this.#read.isKnown;
    this.#news.see(seen);
  };

  #judge(cards: ReadonlySet<string> | null): void {
    if (cards) {
      for (const card of cards) this.#mark(card, this.#news.isUnread(card));
      return;
    }
    const unread = new Set(this.#news.unread());
    for (const card of this.#unread) if (!unread.has(card)) this.#unread.delete(card);
    for (const card of unread) this.#unread.add(card);
  }

  #mark(card: string, unread: boolean): void {
    if (unread) this.#unread.add(card);
    else this.#unread.delete(card);
  }

  readonly #wrote = ({ local, changed }: Y.Transaction): void => {
    if (!local || changed.size === 0) return;
    this.#noting ??= this.#parts.clock.after(NOTED_AFTER, () => this.#note());
  };

  #note(): void {
    if (!this.#noting) return;
    this.#noting.dispose();
    this.#noting = null;
    const { doc } = this.#parts.handle;
    const end = Y.getState(doc.store, doc.clientID);
    // Before the board was left once all of it is to count as seen, by then with what was written.
    if (end === 0 || this.#isFirst || !this.#read.writable) return;
    this.#read.write((personal, origin) => markOwn(personal, doc.clientID, end, origin));
  }
}

// What others wrote in the cards of a board that is followed, beyond what its member has seen. Who has seen what is in read-cards.ts; it writes nothing.
import type * as Y from 'yjs';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { SeenOfBoard } from '../personal/read-cards.ts';
import { writtenIn, writtenSince, type Written } from './card-writing.ts';
import { MOVED } from './moves.ts';
import { BEAT, CAME, WENT } from './whereabouts.ts';

/** Where a card stands among its neighbours, and whether it was removed, says nothing of the card (DD4). */
const SILENT = new Set(['order', 'removed']);
const TOUCHED = 'touched';

/** Follows one board's document from what was seen of it on. */
export class CardNews implements Disposable {
  readonly #doc: Y.Doc;
  readonly #me: string;
  readonly #changed = new Emitter<ReadonlySet<string> | null>();
  /** By card: how far each client's writing in it goes, of what is beyond the state that it began with. */
  readonly #written = new Map<string, Map<number, number>>();
  /** Clients that are this member's own, as far as is known. */
  readonly #mine = new Set<number>();
  #seen: SeenOfBoard | null = null;
  #began = false;

  /** @param me the member id. */
  constructor(doc: Y.Doc, me: string) {
    this.#doc = doc;
    this.#me = me;
    doc.on('afterTransaction', this.#after);
  }

  /** Fires with the cards for which isUnread() may have become different; null: any. */
  readonly onChange = this.#changed.event;

  /** What its member has seen, as it is known now; null where they never left the board: then nothing is news. */
  see(seen: SeenOfBoard | null): void {
    this.#seen = seen;
    if (seen && !this.#began) {
      this.#began = true;
      for (const written of writtenSince(this.#doc, seen.board)) this.#take(written);
    }
    this.#changed.fire(null);
  }

  /** Somebody else wrote in it since its member looked. */
  isUnread(card: string): boolean {
    const { board, cards } = this.#seen ?? {};
    if (!board) return false;
    const seen = cards?.get(card);
    for (const [client, end] of this.#written.get(card) ?? []) {
      if (this.#mine.has(client)) continue;
      if (end > (board.get(client) ?? 0) && end > (seen?.get(client) ?? 0)) return true;
    }
    return false;
  }

  /** The cards that isUnread() is true of; some of them may show nowhere. */
  unread(): readonly string[] {
    return [...this.#written.keys()].filter((card) => this.isUnread(card));
  }

  /** How far what is written in a card goes: what is seen by whoever looks at it now. */
  clocksOf(card: string): ReadonlyMap<number, number> {
    return this.#written.get(card) ?? new Map<number, number>();
  }

  /** Whether a client is its member's own, as far as what was looked at says so. */
  isMine(client: number): boolean {
    return this.#mine.has(client);
  }

  dispose(): void {
    this.#doc.off('afterTransaction', this.#after);
    this.#changed.clear();
  }

  readonly #after = (transaction: Y.Transaction): void => {
    const { beforeState, afterState, local, doc } = transaction;
    if (local) this.#mine.add(doc.clientID);
    if (!this.#began) return;
    const cards = new Set<string>();
    for (const [client, end] of afterState) {
      const start = Math.max(beforeState.get(client) ?? 0, this.#seen?.board.get(client) ?? 0);
      if (start >= end) continue;
      for (const written of writtenIn(doc, client, { start, end })) if (this.#take(written)) cards.add(written.card);
    }
    if (cards.size > 0) this.#changed.fire(cards);
  };

  #take(written: Written): boolean {
    const { card, item } = written;
    const { client, clock } = item.id;
    if (this.#isSaidByMe(written)) this.#mine.add(client);
    if (!isOthersNews(written, this.#me)) return false;
    const ends = this.#written.get(card) ?? new Map<number, number>();
    this.#written.set(card, ends);
    ends.set(client, Math.max(clock + item.length, ends.get(client) ?? 0));
    return true;
  }

  /** A client is one person's: whoever says that I made a card, or moved it, is another window of mine, or a command of my computer. */
  #isSaidByMe({ going, key, item }: Written): boolean {
    if (key === MOVED + this.#me) return true;
    if (item.deleted) return false;
    // What came from another board says who made it there, and not who brings it.
    if (key === 'createdBy') return going === '' && valueOf(item) === this.#me;
    return key === CAME && authorOf(item) === this.#me;
  }
}

/** Whether it says something of its card to a member who did not write it. */
export function isOthersNews({ key, item }: Written, me: string): boolean {
  if (SILENT.has(key) || key.startsWith(WENT) || key.startsWith(BEAT)) return false;
  // Of words in the card's own document the newest are told of; by whom the earlier ones were nobody knows any more.
  return key !== TOUCHED || !(item.deleted || authorOf(item) === me);
}

function valueOf({ content }: Y.Item): unknown {
  return (content.getContent() as unknown[])[0];
}

function authorOf(item: Y.Item): unknown {
  const value = valueOf(item);
  return typeof value === 'object' && value !== null && 'by' in value ? value.by : null;
}

// Where the cards of a board stood and when, as far as the board itself says: each member's latest move of a card (BD10), when it was made,
// completed, archived or removed. What was moved again by the same person is not known any more. It writes nothing.
import * as Y from 'yjs';
import { cardsOf } from '../document/roots.ts';
import type { Card } from './card.ts';
import { movesOf } from './moves.ts';
import type { Board } from './read.ts';

export interface Stay {
  /** Null where no column is known. */
  readonly column: string | null;
  /** Since when, in milliseconds since the epoch. */
  readonly from: number;
}

export interface CardPast {
  readonly id: string;
  readonly title: string;
  /** Or when it came from another board. */
  readonly createdAt: number;
  /** At least one, the first from when the card was made or came from another board; no two behind one another in one column. */
  readonly stays: readonly Stay[];
  readonly completedAt: number | null;
  readonly archivedAt: number | null;
  /** Or when it went to another board. */
  readonly removedAt: number | null;
}

/** Every card that can be read, archived and removed ones too. */
export function readPast(doc: Y.Doc, board: Board): readonly CardPast[] {
  const lists = [
    ...board.columns.map(({ cards }) => cards),
    board.unsorted,
    board.restored,
    board.archived,
    board.removed,
  ];
  const here = lists.flatMap((cards) => cards.map((card) => pastOf(doc, card, null)));
  // What went to another board was here until then.
  const gone = board.elsewhere.flatMap(({ card, to, taken }) => (to === null ? [] : [pastOf(doc, card, taken.at)]));
  return [...here, ...gone];
}

function pastOf(doc: Y.Doc, card: Card, goneAt: number | null): CardPast {
  const { id, title, archivedAt, completed, removal, place } = card;
  const begun = place.came?.at ?? card.createdAt;
  return {
    id,
    title,
    createdAt: begun,
    stays: staysOf(doc, card, begun),
    completedAt: completed?.at ?? null,
    archivedAt,
    removedAt: removal.kind === 'removed' ? removal.at : goneAt,
  };
}

function staysOf(doc: Y.Doc, { place, column }: Card, begun: number): readonly Stay[] {
  const stored = cardsOf(doc).get(place.key);
  const moves = stored instanceof Y.Map ? movesOf(stored as Y.Map<unknown>).toSorted((a, b) => a.at - b.at) : [];
  const stays: Stay[] = [{ column: moves[0] ? moves[0].from : column, from: begun }];
  for (const [at, move] of moves.entries()) {
    // Where it stands now is sure, whatever the last move that is known says.
    const to = at === moves.length - 1 ? column : move.to;
    if (stays.at(-1)?.column !== to) stays.push({ column: to, from: Math.max(move.at, begun) });
  }
  return stays;
}

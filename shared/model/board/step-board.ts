// A board that was read, after some of its cards became different: without looking at the others, or null where that does not do. Pure; what it gives is what readBoard() gives.
import { compareSiblings } from '../document/order.ts';
import type { Card, Links } from './card.ts';
import { standingOf, type Board } from './read.ts';

/** One map of a card as it is read by itself, without what other cards say of it. */
export interface CardStep {
  readonly before: Card;
  readonly after: Card;
}

type Lists = Map<string, readonly Card[]>;
const COLUMN = 'column/';

/**
 * Lists without a changed card stay the same arrays, and their columns the same objects.
 * @param steps of cards of which the board has one map each. Null where one left or came, or links something else: then others change with it.
 */
export function stepBoard(board: Board, steps: readonly CardStep[]): Board | null {
  const lists: Lists = new Map([
    ['unsorted', board.unsorted],
    ['restored', board.restored],
    ['archived', board.archived],
    ['removed', board.removed],
    ...board.columns.map(({ id, cards }): [string, readonly Card[]] => [COLUMN + id, cards]),
  ]);
  for (const { before, after } of steps) {
    if (before.id !== after.id || before.place.left || after.place.left) return null;
    if (!areSame(before.links, after.links)) return null;
    const from = listOf(before, lists);
    const cards = lists.get(from) ?? [];
    const at = cards.findIndex((card) => card.id === before.id);
    const shown = cards[at];
    if (!shown) return null;
    lists.set(from, cards.toSpliced(at, 1));
    const to = listOf(after, lists);
    // What others say of it stays as it was.
    const now = shown.links === before.links ? after : { ...after, links: shown.links };
    lists.set(to, inserted(lists.get(to) ?? [], now));
  }
  return {
    ...board,
    columns: board.columns.map((column) => {
      const cards = lists.get(COLUMN + column.id) ?? [];
      return cards === column.cards ? column : { ...column, cards };
    }),
    unsorted: lists.get('unsorted') ?? [],
    restored: lists.get('restored') ?? [],
    archived: lists.get('archived') ?? [],
    removed: lists.get('removed') ?? [],
  };
}

function listOf(card: Card, lists: Lists): string {
  const standing = standingOf(card);
  if (standing !== 'listed') return standing;
  const column = COLUMN + (card.column ?? '');
  // The id of a column is never empty.
  return lists.has(column) ? column : 'unsorted';
}

function inserted(cards: readonly Card[], card: Card): readonly Card[] {
  let [from, to] = [0, cards.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = cards[middle];
    if (other && compareSiblings(other, card) < 0) from = middle + 1;
    else to = middle;
  }
  return cards.toSpliced(from, 0, card);
}

function areSame(a: Links, b: Links): boolean {
  return (Object.keys(a) as (keyof Links)[]).every(
    (kind) => a[kind].length === b[kind].length && a[kind].every((id, at) => id === b[kind][at]),
  );
}

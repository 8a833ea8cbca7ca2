// Where the arrows go in a list of groups of cards: past the border of a group, past folded and empty ones. Pure.
import type { Direction } from '../arrange.ts';

export interface Group<T> {
  readonly id: string;
  readonly cards: readonly T[];
}

/** Up and down: the card beside it; left and right: the first card of the group before or behind. Null where there is none. */
export function beside<T extends { readonly id: string }>(
  groups: readonly Group<T>[],
  id: string,
  direction: Direction,
): T | null {
  const full = groups.filter(({ cards }) => cards.length > 0);
  const at = full.findIndex(({ cards }) => cards.some((card) => card.id === id));
  const here = full[at];
  if (!here) return null;
  if (direction === 'left') return full[at - 1]?.cards[0] ?? null;
  if (direction === 'right') return full[at + 1]?.cards[0] ?? null;
  const next = here.cards.findIndex((card) => card.id === id) + (direction === 'down' ? 1 : -1);
  if (next < 0) return full[at - 1]?.cards.at(-1) ?? null;
  return here.cards[next] ?? full[at + 1]?.cards[0] ?? null;
}

/** The first or last card of the group in which it stands. */
export function endOf<T extends { readonly id: string }>(
  groups: readonly Group<T>[],
  id: string,
  last: boolean,
): T | null {
  const here = groups.find(({ cards }) => cards.some((card) => card.id === id));
  return here?.cards.at(last ? -1 : 0) ?? null;
}

// Swimlanes: in which one lane a card stands, and what putting it into another writes (docs/documents.md, BD14). A lane is nothing stored.
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import type * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { isOrderKey } from '../document/order.ts';
import { sayAssigned } from './assigned.ts';
import { LABEL, MEMBER, PRIORITIES, put, type Card } from './card.ts';
import type { LaneKind } from './look.ts';
import type { Board } from './read.ts';
import { write, type Doing } from './stored.ts';

/** A member id, a label's id or a priority; null is the lane "None". */
export type LaneValue = string | null;
export interface Lane {
  readonly by: LaneKind;
  readonly value: LaneValue;
}

/** The one lane of a card: its first person, its first label, its priority. */
export function laneOf(card: Card, by: LaneKind): LaneValue {
  if (by === 'person') return card.members[0] ?? null;
  if (by === 'label') return card.labels[0] ?? null;
  return card.priority;
}

/** The lanes that the cards in columns need, "None" last: labels and priorities in their own order, people by id. */
export function lanesOf(board: Board, by: LaneKind): readonly LaneValue[] {
  const cards = board.columns.flatMap((column) => column.cards);
  const used = new Set(cards.map((card) => laneOf(card, by)));
  if (by === 'label') return [...board.labels.map((label) => label.id).filter((id) => used.has(id)), null];
  if (by === 'priority') return [...PRIORITIES.filter((one) => used.has(one)), null];
  return [...[...used].filter((one) => one !== null).sort(), null];
}

/** Puts a stored card into a lane. Whoever is put on it so is told by `doing` who did it. The first person or label gives way to the lane's; "None" takes all away. The caller owns the transaction. */
export function writeLane(card: Y.Map<unknown>, { by, value }: Lane, labels: ReadonlySet<string>, doing: Doing): void {
  if (by === 'priority') {
    write(card, 'priority', PRIORITIES.find((one) => one === value) ?? null);
    return;
  }
  const prefix = by === 'person' ? MEMBER : LABEL;
  // A label that the board does not have is no lane; it stays on the card.
  const there = tokensOn(card, prefix).filter((id) => by === 'person' || labels.has(id));
  if (there[0] === (value ?? undefined)) return;
  for (const id of value === null ? there : there.slice(0, 1)) {
    card.delete(prefix + id);
    if (by === 'person') sayAssigned(card, id, null);
  }
  if (by === 'person' && value !== null && !card.has(prefix + value)) sayAssigned(card, value, doing);
  if (value !== null) putFirst(card, prefix, value, there.slice(1));
}

/** Refuses a lane that is none. */
export function checkLane({ by, value }: Lane, labels: ReadonlySet<string>): void {
  const known = value === null || by === 'person' || (by === 'label' ? labels.has(value) : isPriority(value));
  if (!known)
    throw new AppError('not-found', 'This lane is not on the board any more. Nothing was changed; choose another.');
}

function isPriority(value: string): boolean {
  return (PRIORITIES as readonly string[]).includes(value);
}

/** The ids with this prefix on a stored card, in their order. */
export function tokensOn(card: Y.Map<unknown>, prefix: string): readonly string[] {
  const found = [...card.entries()].filter(([key]) => key.startsWith(prefix));
  return put(found.map(([key, value]) => [key.slice(prefix.length), value] as const));
}

/** Puts a token in front of those that are there; where one of them has no key that holds, they all get new ones. */
function putFirst(card: Y.Map<unknown>, prefix: string, value: string, there: readonly string[]): void {
  const rest = there.filter((id) => id !== value);
  const keys = rest.map((id) => card.get(prefix + id));
  const first = keys[0];
  const before = keys.every(isOrderKey) ? keyBetween(null, first === undefined ? null : String(first)) : null;
  if (before !== null) card.set(prefix + value, before);
  else
    generateNKeysBetween(null, null, rest.length + 1).forEach((key, at) =>
      card.set(prefix + (rest[at - 1] ?? value), key),
    );
}

/** A key behind all that are there. */
export function keyBehind(card: Y.Map<unknown>, prefix: string): string {
  const last = tokensOn(card, prefix)
    .map((id) => card.get(prefix + id))
    .filter(isOrderKey)
    .at(-1);
  return keyBetween(last ?? null, null) ?? generateKeyBetween(null, null);
}

/** Null at the very ends of the alphabet, where there is no room. */
function keyBetween(lower: string | null, upper: string | null): string | null {
  try {
    return generateKeyBetween(lower, upper);
  } catch {
    return null;
  }
}

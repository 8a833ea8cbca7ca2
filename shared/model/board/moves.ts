// Who moved a card where (docs/documents.md, BD10): each member's latest move, and those that nobody who moved it had seen. Where the
// card stands is not decided here.
import type * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import { isDocumentId, readTime } from '../document/meta.ts';
import type { Doing } from './stored.ts';

export interface Move extends Doing {
  /** Columns; `from` is null where the card had none. */
  readonly from: string | null;
  readonly to: string;
}

/** People moved the card to different columns, each without knowing of the other. */
export interface Contested {
  /** The move that stands. */
  readonly kept: Move;
  /** Those that were made as well, in the order of their members. */
  readonly others: readonly Move[];
}

export interface StoredMove extends Move {
  readonly id: string;
  /** The move of each member that whoever made this one knew. */
  readonly knew: ReadonlyMap<string, string>;
}

export const MOVED = 'moved/';
/** Members who moved one card: more than these are not looked at. */
const MOST = 64;

/** Total: what is no move is none. `values`: what stands under each member. */
export function readMoves(values: readonly (readonly [member: string, value: unknown])[]): readonly StoredMove[] {
  const sorted = values.length > 1 ? values.toSorted(([a], [b]) => (a < b ? -1 : 1)) : values;
  return sorted.slice(0, MOST).flatMap(([member, value]) => readMove(member, value) ?? []);
}

function readMove(by: string, value: unknown): StoredMove | null {
  if (!isDocumentId(by) || typeof value !== 'object' || value === null) return null;
  const { id, at, from, to, knew } = value as Record<string, unknown>;
  if (!isDocumentId(id) || !isDocumentId(to)) return null;
  const known = new Map<string, string>();
  for (const pair of Array.isArray(knew) ? (knew as unknown[]).slice(0, MOST) : []) {
    const [member, move]: unknown[] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (isDocumentId(member) && isDocumentId(move)) known.set(member, move);
  }
  return { id, by, at: readTime(at) ?? 0, from: isDocumentId(from) ? from : null, to, knew: known };
}

/** Null where one move, or none, is the newest, where all newest went to one column, and where none of them is where the card stands. */
export function contestedOf(moves: readonly StoredMove[], column: string | null): Contested | null {
  if (moves.length < 2) return null;
  const newest = moves.filter((one) => !moves.some((other) => other !== one && other.knew.get(one.by) === one.id));
  const kept = newest.findLast((one) => one.to === column);
  const others = newest.filter((one) => one.to !== column);
  return kept && others.length > 0 ? { kept: plain(kept), others: others.map(plain) } : null;
}

/** Since when the card stands in its column, as far as a move says so; null where none does. */
export function enteredAt(moves: readonly StoredMove[], column: string | null): number | null {
  const times = moves.filter((one) => one.to === column).map((one) => one.at);
  return times.length > 0 ? times.reduce((latest, one) => Math.max(latest, one)) : null;
}

function plain({ by, at, from, to }: StoredMove): Move {
  return { by, at, from, to };
}

/** Writes the member's move, which knows all that is known here. The caller owns the transaction. */
export function writeMove(card: Y.Map<unknown>, doing: Doing, from: string | null, to: string): void {
  const knew = movesOf(card).map((one): [string, string] => [one.by, one.id]);
  card.set(MOVED + doing.by, { id: randomId(), at: doing.at, from, to, knew });
}

/** What stands on a card, read by itself. */
export function movesOf(card: Y.Map<unknown>): readonly StoredMove[] {
  const values = [...card.entries()].filter(([key]) => key.startsWith(MOVED));
  return readMoves(values.map(([key, value]) => [key.slice(MOVED.length), value] as const));
}

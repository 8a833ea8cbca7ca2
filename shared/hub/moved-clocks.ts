// Where structs went that were taken out of a room. What one client wrote may have gone in several steps, later words before
// earlier ones: each step is a piece, and what comes again goes where it went first. Pure.
import * as Y from 'yjs';

/** Where the structs of one client went: clock `cut + n` became clock `n` of `fresh`. */
export interface Moved {
  readonly cut: number;
  readonly fresh: number;
}

/** By client, in rising order: a piece reaches from its cut to the next one. */
export type Moves<Piece extends Moved = Moved> = ReadonlyMap<number, readonly Piece[]>;

/** From which clock on the client's structs went anywhere. */
export function cutOf(moves: Moves, client: number): number {
  return moves.get(client)?.[0]?.cut ?? Infinity;
}

/** The piece that holds this clock. */
export function pieceAt<Piece extends Moved>(pieces: readonly Piece[], clock: number): Piece | undefined {
  return pieces.findLast(({ cut }) => cut <= clock);
}

/** The id under which a struct is found that went away, or null when it stayed. */
export function movedId(moves: Moves, { client, clock }: Y.ID): Y.ID | null {
  const piece = pieceAt(moves.get(client) ?? [], clock);
  return piece ? Y.createID(piece.fresh, clock - piece.cut) : null;
}

/** The pieces with one more when they do not reach down to this clock. */
export function reachingTo(pieces: readonly Moved[], clock: number, freshClient: () => number): readonly Moved[] {
  if (pieceAt(pieces, clock)) return pieces;
  return [{ cut: clock, fresh: freshClient() }, ...pieces];
}

/** All pieces of all; of two with the same cut the later in order counts. */
export function joinedMoves<Piece extends Moved>(all: Iterable<Moves<Piece>>): Map<number, readonly Piece[]> {
  const joined = new Map<number, readonly Piece[]>();
  for (const moves of all) {
    for (const [client, pieces] of moves) {
      const others = (joined.get(client) ?? []).filter(({ cut }) => !pieces.some((piece) => piece.cut === cut));
      joined.set(
        client,
        [...others, ...pieces].sort((a, b) => a.cut - b.cut),
      );
    }
  }
  return joined;
}

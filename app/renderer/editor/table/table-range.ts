// A selection of cells, as places in the grid. It knows no elements.

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** From the cell where it began to the one where it ends, both included. */
export interface CellRange {
  readonly anchor: Place;
  readonly head: Place;
}

export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export function boxOf({ anchor, head }: CellRange): Box {
  return {
    top: Math.min(anchor.row, head.row),
    left: Math.min(anchor.column, head.column),
    bottom: Math.max(anchor.row, head.row),
    right: Math.max(anchor.column, head.column),
  };
}

export function isInside(box: Box, { row, column }: Place): boolean {
  return row >= box.top && row <= box.bottom && column >= box.left && column <= box.right;
}

export function placesIn({ top, left, bottom, right }: Box): Place[] {
  const places: Place[] = [];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) places.push({ row, column });
  }
  return places;
}

/** The next or the previous cell in reading order; null beyond the ends. */
export function stepInReading(place: Place, by: 1 | -1, rows: number, columns: number): Place | null {
  const index = place.row * columns + place.column + by;
  if (index < 0 || index >= rows * columns) return null;
  return { row: Math.floor(index / columns), column: index % columns };
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The neighbour, or null beyond the edge. */
export function neighbour({ row, column }: Place, direction: Direction, rows: number, columns: number): Place | null {
  const next = {
    row: row + (direction === 'down' ? 1 : direction === 'up' ? -1 : 0),
    column: column + (direction === 'right' ? 1 : direction === 'left' ? -1 : 0),
  };
  return next.row < 0 || next.row >= rows || next.column < 0 || next.column >= columns ? null : next;
}

/** Where a row or column that is number `from` goes when it is dropped at a border: behind which one it stands then. */
export function dropBehind(from: number, border: number): { readonly behind: number | null } | null {
  if (border === from || border === from + 1) return null;
  const before = border - 1;
  return { behind: before < 0 ? null : before };
}

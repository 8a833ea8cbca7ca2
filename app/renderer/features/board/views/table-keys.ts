// Where the keys go in the table while no cell is being edited. Pure: places in, a place out. Row -1 is the head.

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Rows that a page of keys passes. */
const PAGE = 10;

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Null: the key does not go anywhere in a table. The same place where it goes no further. */
export function placeAfter(pressed: Pressed, { row, column }: Place, rows: number, columns: number): Place | null {
  const mod = pressed.ctrlKey || pressed.metaKey;
  if (pressed.altKey || pressed.shiftKey) return null;
  const at = (to: number, across: number): Place => ({
    row: Math.max(-1, Math.min(rows - 1, to)),
    column: Math.max(0, Math.min(columns - 1, across)),
  });
  if (pressed.key === 'Home') return at(mod ? 0 : row, 0);
  if (pressed.key === 'End') return at(mod ? rows - 1 : row, columns - 1);
  if (mod) return null;
  switch (pressed.key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'PageUp':
      return at(row < 0 ? row : Math.max(0, row - PAGE), column);
    case 'PageDown':
      return at(row + PAGE, column);
    default:
      return null;
  }
}

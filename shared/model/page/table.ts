// How large tables are read and drawn, and what a new one is. What one says is in block.ts.
import type { NewTable } from './block.ts';

/** CSS pixels; other widths that a peer wrote are read as the nearest of these. */
export const COLUMN_WIDTH = Object.freeze({ least: 48, most: 1200, usual: 160 });

/** How much of a table is read; what lies beyond is counted. */
export interface TableLimits {
  readonly columns: number;
  /** Rows x columns. */
  readonly cells: number;
}

/** What a window draws: more would make it slow, and nobody reads it. */
export const DRAWN: TableLimits = Object.freeze({ columns: 100, cells: 10_000 });
/** What an import makes a table of, and an export, a search and `doc show` read. */
export const WHOLE: TableLimits = Object.freeze({ columns: 1_000, cells: 200_000 });

/** What a new table is: three columns, a head and two rows. */
export const EMPTY_TABLE: NewTable = Object.freeze({ header: true, columns: [{}, {}, {}], rows: [[], [], []] });

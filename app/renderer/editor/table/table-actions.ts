// What can be done to the table that is shown: model commands as steps of the page's one undo history, and words about them.
import type { Alignment, NewInline } from '../../../../shared/model/page/block.ts';
import {
  addLines,
  alignColumns,
  clearCells,
  fillCells,
  keepLine,
  moveLine,
  removeLines,
  setColumnWidth,
  setTableHeader,
  type LineKind,
} from '../../../../shared/model/page/table-commands.ts';
import { COLUMN_WIDTH } from '../../../../shared/model/page/table.ts';
import type { Table } from '../../../../shared/model/page/table-read.ts';
import type { PageBinding } from '../binding/page-binding.ts';
import { boxOf, placesIn, type CellRange, type Place } from './table-range.ts';
import type { TableWatch } from './table-watch.ts';

export interface ActionSurroundings {
  readonly page: PageBinding;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly member: string;
  /** To a screen reader. */
  readonly say: (words: string) => void;
}

const WIDTH_STEP = 24;

export class TableActions {
  readonly #watch: TableWatch;
  readonly #around: ActionSurroundings;

  constructor(watch: TableWatch, around: ActionSurroundings) {
    this.#watch = watch;
    this.#around = around;
  }

  /** Adds a row or column beside a place. Answers its number. */
  add(kind: LineKind, at: number, side: 'before' | 'after'): number {
    const lines = this.#lines(kind);
    const behind = side === 'after' ? at : at - 1;
    this.#do(`${name(kind)} added`, (marker, origin) =>
      addLines(marker, kind, { after: behind < 0 ? null : lines[behind]?.id }, origin),
    );
    return behind + 1;
  }

  /** Moves a row or column behind another one, or to the start (null). Answers its new number, or null when it stays. */
  move(kind: LineKind, from: number, behind: number | null): number | null {
    const lines = this.#lines(kind);
    const line = lines[from];
    const after = behind === null ? null : lines[behind];
    if (!line || after === undefined || after === line) return null;
    const to = behind === null ? 0 : behind < from ? behind + 1 : behind;
    this.#do(`${name(kind)} moved, position ${String(to + 1)} of ${String(lines.length)}`, (marker, origin) =>
      moveLine(marker, kind, line.id, after?.id ?? null, origin),
    );
    return to;
  }

  /** Removes rows or columns; false when nothing would be left. */
  remove(kind: LineKind, from: number, to: number): boolean {
    const lines = this.#lines(kind);
    const ids = lines.slice(from, to + 1).map(({ id }) => id);
    if (ids.length >= lines.length) {
      this.#around.say(`A table keeps one ${kind}`);
      return false;
    }
    const removing = { at: this.#around.now(), by: this.#around.member };
    const words = ids.length === 1 ? `${name(kind)} removed` : `${String(ids.length)} ${kind}s removed`;
    this.#do(words, (marker, origin) => removeLines(marker, kind, ids, removing, origin));
    return true;
  }

  keep(kind: LineKind, id: string): void {
    this.#do(`${name(kind)} kept`, (marker, origin) => keepLine(marker, kind, id, origin));
  }

  removeAgain(kind: LineKind, id: string): void {
    const at = this.#lines(kind).findIndex((line) => line.id === id);
    if (at >= 0) this.remove(kind, at, at);
  }

  align(range: CellRange, align: Alignment | null): void {
    const { left, right } = boxOf(range);
    const ids = this.#table.columns.slice(left, right + 1).map(({ id }) => id);
    this.#do(align ? `Aligned ${align}` : 'No alignment', (marker, origin) => alignColumns(marker, ids, align, origin));
  }

  /** @param width CSS pixels; null fits the column to its words. */
  setWidth(column: number, width: number | null): void {
    const id = this.#table.columns[column]?.id;
    if (id === undefined) return;
    const fit = width === null ? null : Math.min(COLUMN_WIDTH.most, Math.max(COLUMN_WIDTH.least, Math.round(width)));
    this.#do(fit === null ? 'Width fits the words' : `Width ${String(fit)}`, (marker, origin) =>
      setColumnWidth(marker, id, fit, origin),
    );
  }

  /** @param shown how wide the column is on the screen. */
  widen(column: number, shown: number, by: 1 | -1): void {
    this.setWidth(column, (this.#table.columns[column]?.width ?? shown) + by * WIDTH_STEP);
  }

  setHeader(header: boolean): void {
    this.#do(header ? 'The first row is the header' : 'No header row', (marker, origin) =>
      setTableHeader(marker, header, origin),
    );
  }

  fill(at: Place, grid: readonly (readonly (readonly NewInline[])[])[]): void {
    const row = this.#table.rows[at.row]?.id;
    const column = this.#table.columns[at.column]?.id;
    if (row === undefined || column === undefined) return;
    this.#do(`${String(grid.length)} rows pasted`, (marker, origin) =>
      fillCells(marker, { row, column, grid }, origin),
    );
  }

  clear(range: CellRange): void {
    const { rows, columns } = this.#table;
    const cells = placesIn(boxOf(range)).flatMap((place) => {
      const row = rows[place.row]?.id;
      const column = columns[place.column]?.id;
      return row === undefined || column === undefined ? [] : [{ row, column }];
    });
    this.#do('Cells emptied', (marker, origin) => clearCells(marker, cells, origin));
  }

  get #table(): Table {
    return this.#watch.table;
  }

  #lines(kind: LineKind): Table['rows'] {
    return kind === 'row' ? this.#table.rows : this.#table.columns;
  }

  /** One undo step of its own. */
  #do(words: string, command: (marker: TableWatch['marker'], origin: object) => void): void {
    const { page, say } = this.#around;
    page.stopCapturing();
    page.change(() => command(this.#watch.marker, page.origin));
    page.stopCapturing();
    say(words);
  }
}

function name(kind: LineKind): string {
  return kind === 'row' ? 'Row' : 'Column';
}

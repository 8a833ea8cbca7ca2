// A table as everybody sees it, read from its marker: total on anything a peer wrote, iterative, bounded. It writes nothing.
import * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { compareSiblings, isOrderKey } from '../document/order.ts';
import { holdsUnseen, readMark, type RemovalMark } from '../document/removal.ts';
import { ALIGNMENTS, type Alignment } from './block.ts';
import { COLUMN_WIDTH, DRAWN, WHOLE, type TableLimits } from './table.ts';

/** Why a row or column is there although somebody took it away; words that they had not seen stand in it. */
export type Returned = { readonly at: number; readonly by: string | null } | null;

interface Line {
  readonly id: string;
  readonly order: string;
  readonly returned: Returned;
}
export type Row = Line;
export interface Column extends Line {
  readonly align: Alignment | null;
  readonly width: number | null;
}

/** One of the texts of a cell, by its key in `cells`. */
export interface CellText {
  readonly key: string;
  readonly text: Y.Text;
}

export interface Table {
  readonly header: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Rows and columns beyond the limits. */
  readonly beyond: { readonly rows: number; readonly columns: number };
  /** The texts of one cell in their order, without the empty ones that stand beside another; none where the cell is missing. */
  texts(row: string, column: string): readonly CellText[];
}

/** More texts than this in one cell, or lost rows and columns than this, come from no honest writer. */
const MOST_TEXTS = 64;
const MOST_LOST = 200;
const NO_TEXTS: readonly CellText[] = Object.freeze([]);

/** Where a text belongs: `<row>/<column>/<random>`, three ids. */
export function cellPlace(key: string): { readonly row: string; readonly column: string } | null {
  const parts = key.split('/', 4);
  const [row, column, random] = parts;
  return parts.length === 3 && isDocumentId(row) && isDocumentId(column) && isDocumentId(random)
    ? { row, column }
    : null;
}

/** The map of a table's rows, columns or cells; null when a peer put something else there. */
export function tablePart(marker: Y.Map<unknown>, name: 'rows' | 'columns' | 'cells'): Y.Map<unknown> | null {
  const part = marker.get(name);
  return part instanceof Y.Map ? (part as Y.Map<unknown>) : null;
}

export function readTable(marker: Y.Map<unknown>, limits: TableLimits = DRAWN): Table {
  const rows = new Lines(tablePart(marker, 'rows'));
  const columns = new Lines(tablePart(marker, 'columns'));
  const cells = tablePart(marker, 'cells');
  for (const [key, text] of textsOf(cells)) {
    const place = cellPlace(key);
    if (!place) continue;
    rows.meet(place.row, text);
    columns.meet(place.column, text);
  }
  const allColumns = columns.shown();
  const shownColumns = allColumns.slice(0, limits.columns).map((line): Column => {
    const stored = columns.stored(line.id);
    return { ...line, align: readAlign(stored?.get('align')), width: readWidth(stored?.get('width')) };
  });
  const allRows = rows.shown();
  const shownRows = allRows.slice(0, Math.floor(limits.cells / Math.max(1, shownColumns.length)));
  const texts = collect(cells, shownRows, shownColumns);
  return {
    header: marker.get('header') === true,
    columns: shownColumns,
    rows: shownRows,
    beyond: { rows: allRows.length - shownRows.length, columns: allColumns.length - shownColumns.length },
    texts: (row, column) => texts.get(row)?.get(column) ?? NO_TEXTS,
  };
}

/** The texts of one cell, read without the rest of the table. */
export function readCell(marker: Y.Map<unknown>, row: string, column: string): readonly CellText[] {
  const found: CellText[] = [];
  for (const [key, text] of textsOf(tablePart(marker, 'cells'))) {
    if (key.startsWith(`${row}/${column}/`) && cellPlace(key)) found.push({ key, text });
  }
  return inOrder(found);
}

/** All texts of a row or of a column, be it shown or not. */
export function textsOfLine(marker: Y.Map<unknown>, kind: 'row' | 'column', id: string): Y.Text[] {
  const found: Y.Text[] = [];
  for (const [key, text] of textsOf(tablePart(marker, 'cells'))) {
    if (cellPlace(key)?.[kind] === id) found.push(text);
  }
  return found;
}

/** The entries and texts of rows and columns that are removed: what a copy leaves behind, because it has no such removal. */
export function removedParts(marker: Y.Map<unknown>): Set<unknown> {
  const table = readTable(marker, WHOLE);
  const shown = new Set([...table.rows, ...table.columns].map(({ id }) => id));
  const parts = new Set<unknown>();
  for (const name of ['rows', 'columns'] as const) {
    for (const [id, entry] of tablePart(marker, name)?.entries() ?? []) if (!shown.has(id)) parts.add(entry);
  }
  for (const [key, text] of textsOf(tablePart(marker, 'cells'))) {
    const place = cellPlace(key);
    if (!place || !shown.has(place.row) || !shown.has(place.column)) parts.add(text);
  }
  return parts;
}

function* textsOf(cells: Y.Map<unknown> | null): Iterable<[string, Y.Text]> {
  if (!cells) return;
  for (const [key, text] of cells.entries()) if (text instanceof Y.Text) yield [key, text];
}

/** Rows or columns in the making: which are removed, which came back, which are named by words alone. */
class Lines {
  readonly #stored = new Map<string, Y.Map<unknown>>();
  readonly #marks = new Map<string, RemovalMark>();
  readonly #returned = new Set<string>();
  readonly #lost = new Set<string>();

  constructor(part: Y.Map<unknown> | null) {
    if (!part) return;
    for (const [id, entry] of part.entries()) {
      if (!isDocumentId(id) || !(entry instanceof Y.Map)) continue;
      const stored = entry as Y.Map<unknown>;
      this.#stored.set(id, stored);
      const mark = readMark(stored);
      if (mark) this.#marks.set(id, mark);
    }
  }

  stored(id: string): Y.Map<unknown> | undefined {
    return this.#stored.get(id);
  }

  /** A text of the line: it brings a removed one back, or makes one known that has no entry. */
  meet(id: string, text: Y.Text): void {
    const mark = this.#marks.get(id);
    if (mark) {
      if (!this.#returned.has(id) && holdsUnseen(mark, text)) this.#returned.add(id);
    } else if (!this.#stored.has(id) && text.length > 0 && this.#lost.size < MOST_LOST) this.#lost.add(id);
  }

  /** In their order; those without an entry stand behind all others. */
  shown(): Line[] {
    const lines: Line[] = [];
    for (const [id, stored] of this.#stored) {
      const mark = this.#marks.get(id);
      if (mark && !this.#returned.has(id)) continue;
      const order = stored.get('order');
      lines.push({
        id,
        order: isOrderKey(order) ? order : '',
        returned: mark ? { at: mark.at, by: mark.by } : null,
      });
    }
    lines.sort(compareSiblings);
    const lost = [...this.#lost].sort().map((id) => ({ id, order: '', returned: { at: 0, by: null } }));
    return [...lines, ...lost];
  }
}

function collect(
  cells: Y.Map<unknown> | null,
  rows: readonly Row[],
  columns: readonly Column[],
): Map<string, Map<string, readonly CellText[]>> {
  const drawn = new Set(columns.map(({ id }) => id));
  const found = new Map(rows.map(({ id }) => [id, new Map<string, CellText[]>()]));
  for (const [key, text] of textsOf(cells)) {
    const place = cellPlace(key);
    const row = place && found.get(place.row);
    if (!row || !drawn.has(place.column)) continue;
    const there = row.get(place.column);
    if (there) there.push({ key, text });
    else row.set(place.column, [{ key, text }]);
  }
  const ordered = new Map<string, Map<string, readonly CellText[]>>();
  for (const [id, row] of found) {
    ordered.set(id, new Map([...row].map(([column, texts]) => [column, inOrder(texts)])));
  }
  return ordered;
}

/** By key, the same everywhere. Of several texts the empty ones are left out, but never all of them. */
function inOrder(texts: readonly CellText[]): readonly CellText[] {
  if (texts.length < 2) return texts;
  const sorted = [...texts].sort((a, b) => (a.key < b.key ? -1 : 1));
  const filled = sorted.filter(({ text }) => text.length > 0);
  return filled.length > 0 ? filled.slice(0, MOST_TEXTS) : sorted.slice(0, 1);
}

function readAlign(value: unknown): Alignment | null {
  return ALIGNMENTS.find((align) => align === value) ?? null;
}

function readWidth(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.round(Math.min(COLUMN_WIDTH.most, Math.max(COLUMN_WIDTH.least, value)));
}

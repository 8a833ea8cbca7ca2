// What can be done to a table: one transaction with an origin each. No command reads a clock or writes what is already so;
// typing in a cell is the editor binding's.
import type * as Y from 'yjs';
import { AppError } from '../../base/app-error.ts';
import { randomId } from '../../base/random-id.ts';
import { placeAt, type Ordered } from '../document/order.ts';
import { markRemoved, unmarkRemoved } from '../document/removal.ts';
import type { Alignment, NewInline } from './block.ts';
import { WHOLE } from './table.ts';
import { readCell, readTable, tablePart, textsOfLine, type Table } from './table-read.ts';
import { appendContent, cellKey, newColumn, newRow, newText } from './table-write.ts';

/** A row or column: they are added, moved and removed alike. */
export type LineKind = 'row' | 'column';
/** Behind a row or column, at the start (null), or at the end (undefined, and when that one is not there any more). */
export type After = string | null | undefined;

/** Who removes, and when. */
export interface Removing {
  readonly at: number;
  readonly by: string;
}

/** Adds rows or columns with the cells that are known here. Answers their ids, in order. */
export function addLines(
  marker: Y.Map<unknown>,
  kind: LineKind,
  { after, count = 1 }: { readonly after?: After; readonly count?: number },
  origin: unknown = null,
): string[] {
  const ids = Array.from({ length: count }, () => randomId());
  transact(marker, origin, () => {
    const table = readTable(marker, WHOLE);
    const [lines, others] = kind === 'row' ? [table.rows, table.columns] : [table.columns, table.rows];
    const known = [...lines];
    const stored = partOf(marker, kind);
    const cells = part(marker, 'cells');
    let at = after;
    for (const id of ids) {
      const order = place(marker, kind, known, at);
      known.splice(indexBehind(known, at), 0, { id, order, returned: null } as (typeof known)[number]);
      stored.set(id, kind === 'row' ? newRow(order) : newColumn(order));
      for (const other of others) {
        cells.set(kind === 'row' ? cellKey(id, other.id) : cellKey(other.id, id), newText([]));
      }
      at = id;
    }
  });
  return ids;
}

export function moveLine(
  marker: Y.Map<unknown>,
  kind: LineKind,
  id: string,
  after: After,
  origin: unknown = null,
): void {
  transact(marker, origin, () => {
    const table = readTable(marker, WHOLE);
    const others = (kind === 'row' ? table.rows : table.columns).filter((line) => line.id !== id);
    write(entry(marker, kind, id), 'order', place(marker, kind, others, after));
  });
}

/** Removes rows or columns with the words that stand in them now. The last row and the last column stay. */
export function removeLines(
  marker: Y.Map<unknown>,
  kind: LineKind,
  ids: readonly string[],
  removing: Removing,
  origin: unknown = null,
): void {
  transact(marker, origin, () => {
    const table = readTable(marker, WHOLE);
    const going = new Set(ids);
    const lines = kind === 'row' ? table.rows : table.columns;
    if (lines.every((line) => going.has(line.id))) {
      throw new AppError('not-allowed', `A table keeps one ${kind}. Nothing was changed; delete the whole table.`);
    }
    for (const id of going) {
      markRemoved(entry(marker, kind, id), removing.at, removing.by, textsOfLine(marker, kind, id));
    }
  });
}

/** Keeps a row or column that words brought back, or shows a removed one again. */
export function keepLine(marker: Y.Map<unknown>, kind: LineKind, id: string, origin: unknown = null): void {
  transact(marker, origin, () => {
    const known = partOf(marker, kind).has(id);
    const stored = entry(marker, kind, id);
    // One without an entry gets its place where it is seen: at the end.
    if (!known) write(stored, 'order', place(marker, kind, othersOf(marker, kind, id), undefined));
    else unmarkRemoved(stored);
  });
}

export function alignColumns(
  marker: Y.Map<unknown>,
  ids: readonly string[],
  align: Alignment | null,
  origin: unknown = null,
): void {
  transact(marker, origin, () => {
    for (const id of ids) write(entry(marker, 'column', id), 'align', align);
  });
}

/** @param width CSS pixels, or null for as wide as its words need. */
export function setColumnWidth(marker: Y.Map<unknown>, id: string, width: number | null, origin: unknown = null): void {
  transact(marker, origin, () =>
    write(entry(marker, 'column', id), 'width', width === null ? null : Math.round(width)),
  );
}

/** Whether the first row is the head of the columns. */
export function setTableHeader(marker: Y.Map<unknown>, header: boolean, origin: unknown = null): void {
  transact(marker, origin, () => write(marker, 'header', header ? true : null));
}

/** The text to type into: the cell's first one, made now where the cell is missing. Must run in a transaction. */
export function ownText(marker: Y.Map<unknown>, row: string, column: string): Y.Text {
  const [first] = readCell(marker, row, column);
  if (first) return first.text;
  const text = newText([]);
  part(marker, 'cells').set(cellKey(row, column), text);
  return text;
}

/** What a place gets from elsewhere: a grid of cells whose first one goes to `row` and `column`. */
export interface Filling {
  readonly row: string;
  readonly column: string;
  readonly grid: readonly (readonly (readonly NewInline[])[])[];
}

/** Puts contents into cells in place of what they hold; rows and columns that are missing are added at the end. */
export function fillCells(marker: Y.Map<unknown>, { row, column, grid }: Filling, origin: unknown = null): void {
  transact(marker, origin, () => {
    const width = Math.max(0, ...grid.map((cells) => cells.length));
    const start = readTable(marker, WHOLE);
    const top = start.rows.findIndex(({ id }) => id === row);
    const left = start.columns.findIndex(({ id }) => id === column);
    if (top < 0 || left < 0) throw gone('cell');
    addLines(marker, 'row', { count: Math.max(0, top + grid.length - start.rows.length) });
    addLines(marker, 'column', { count: Math.max(0, left + width - start.columns.length) });
    const table = readTable(marker, WHOLE);
    for (const [down, cells] of grid.entries()) {
      for (const [across, runs] of cells.entries()) {
        const at = table.rows[top + down];
        const under = table.columns[left + across];
        if (at && under) replace(marker, table, at.id, under.id, runs);
      }
    }
  });
}

/** Empties cells. */
export function clearCells(
  marker: Y.Map<unknown>,
  cells: readonly { readonly row: string; readonly column: string }[],
  origin: unknown = null,
): void {
  transact(marker, origin, () => {
    const table = readTable(marker, WHOLE);
    for (const { row, column } of cells) replace(marker, table, row, column, []);
  });
}

/** Ticks a box in a cell, or unticks it. */
export function setChecked(box: Y.Map<unknown>, checked: boolean, origin: unknown = null): void {
  transact(box, origin, () => {
    if ((box.get('checked') === true) !== checked) box.set('checked', checked);
  });
}

function replace(
  marker: Y.Map<unknown>,
  table: Table,
  row: string,
  column: string,
  content: readonly NewInline[],
): void {
  const texts = table.texts(row, column);
  for (const { text } of texts) if (text.length > 0) text.delete(0, text.length);
  if (content.length > 0) appendContent(texts[0]?.text ?? ownText(marker, row, column), content);
}

function transact(type: Y.Map<unknown>, origin: unknown, run: () => void): void {
  if (!type.doc) throw gone('table');
  type.doc.transact(run, origin);
}

function part(marker: Y.Map<unknown>, name: 'rows' | 'columns' | 'cells'): Y.Map<unknown> {
  const found = tablePart(marker, name);
  if (found) return found;
  throw new AppError(
    'not-found',
    'Another program wrote this table in a way that cannot be edited. Nothing was changed.',
  );
}

function partOf(marker: Y.Map<unknown>, kind: LineKind): Y.Map<unknown> {
  return part(marker, kind === 'row' ? 'rows' : 'columns');
}

/** The entry of a row or column; one that is known by words alone gets it now. */
function entry(marker: Y.Map<unknown>, kind: LineKind, id: string): Y.Map<unknown> {
  const lines = partOf(marker, kind);
  const stored = lines.get(id);
  if (stored !== undefined && typeof stored === 'object' && stored !== null && 'set' in stored) {
    return stored as Y.Map<unknown>;
  }
  const table = readTable(marker, WHOLE);
  if (!(kind === 'row' ? table.rows : table.columns).some((line) => line.id === id)) throw gone(kind);
  const made = newRow('');
  lines.set(id, made);
  return made;
}

function othersOf(marker: Y.Map<unknown>, kind: LineKind, id: string): readonly Ordered[] {
  const table = readTable(marker, WHOLE);
  return (kind === 'row' ? table.rows : table.columns).filter((line) => line.id !== id);
}

/** The key for a place among rows or columns; those that shared one key get their own first. */
function place(marker: Y.Map<unknown>, kind: LineKind, siblings: readonly Ordered[], after: After): string {
  const { order, rekeyed } = placeAt(siblings, indexBehind(siblings, after));
  for (const sibling of rekeyed) write(entry(marker, kind, sibling.id), 'order', sibling.order);
  return order;
}

function indexBehind(siblings: readonly Ordered[], after: After): number {
  if (after === null) return 0;
  const found = siblings.findIndex(({ id }) => id === after);
  return found < 0 ? siblings.length : found + 1;
}

function write(stored: Y.Map<unknown>, key: string, value: unknown): void {
  if (value === null) {
    if (stored.has(key)) stored.delete(key);
  } else if (stored.get(key) !== value) stored.set(key, value);
}

function gone(what: LineKind | 'cell' | 'table'): AppError {
  return new AppError('not-found', `This ${what} is not on the page any more. Nothing was changed.`);
}

// Making a table's stored form: the maps of a new marker, new rows and columns, and what stands in a cell. Which ones, commands say.
import { generateNKeysBetween } from 'fractional-indexing';
import * as Y from 'yjs';
import { randomId } from '../../base/random-id.ts';
import type { ColumnContent, NewInline, NewTable } from './block.ts';
import { storedContent } from './stored-content.ts';

/** Puts a table into a marker that is in no document yet, all cells included. */
export function fillTable(marker: Y.Map<unknown>, table: NewTable): void {
  const columns = new Y.Map<unknown>();
  const rows = new Y.Map<unknown>();
  const cells = new Y.Map<unknown>();
  const width = Math.max(1, table.columns.length);
  const columnIds = Array.from({ length: width }, () => randomId());
  const columnKeys = generateNKeysBetween(null, null, width);
  for (const [at, id] of columnIds.entries()) columns.set(id, newColumn(columnKeys[at] ?? '', table.columns[at]));
  const count = Math.max(1, table.rows.length);
  const rowKeys = generateNKeysBetween(null, null, count);
  for (let at = 0; at < count; at += 1) {
    const row = randomId();
    rows.set(row, newRow(rowKeys[at] ?? ''));
    for (const [place, column] of columnIds.entries()) {
      cells.set(cellKey(row, column), newText(table.rows[at]?.[place] ?? []));
    }
  }
  if (table.header) marker.set('header', true);
  marker.set('columns', columns);
  marker.set('rows', rows);
  marker.set('cells', cells);
}

export function newRow(order: string): Y.Map<unknown> {
  const row = new Y.Map<unknown>();
  row.set('order', order);
  return row;
}

export function newColumn(order: string, given: Partial<ColumnContent> = {}): Y.Map<unknown> {
  const column = new Y.Map<unknown>();
  column.set('order', order);
  if (given.align) column.set('align', given.align);
  if (typeof given.width === 'number') column.set('width', given.width);
  return column;
}

/** A key that nobody else makes: two people who make one cell at the same time make two texts. */
export function cellKey(row: string, column: string): string {
  return `${row}/${column}/${randomId()}`;
}

/** A text that is in no document yet. */
export function newText(content: readonly NewInline[]): Y.Text {
  const text = new Y.Text();
  appendContent(text, content);
  return text;
}

/** Puts content behind all that a cell's text holds. */
export function appendContent(text: Y.Text, content: readonly NewInline[]): void {
  const delta = storedContent(content);
  const start = text.doc ? text.length : 0;
  if (delta.length > 0) text.applyDelta(start > 0 ? [{ retain: start }, ...delta] : delta);
}

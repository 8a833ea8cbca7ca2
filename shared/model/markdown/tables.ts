// Tables as GFM writes them, in both directions. What one cannot say is kept raw by whoever asked.
import type { Table, TableCell } from 'mdast';
import type { ColumnContent, NewInline, NewTable } from '../page/block.ts';
import { fits } from '../page/new-table.ts';
import type { InlineReading } from './read-inline.ts';

export type TableReading =
  { readonly ok: true; readonly table: NewTable } | { readonly ok: false; readonly reason: string };

/** GFM has a head in every table; an empty one over other rows is none. */
export function readTable(node: Table, readCell: (cell: TableCell) => InlineReading): TableReading {
  const width = node.children[0]?.children.length ?? 0;
  if (!fits(width, node.children.length)) return { ok: false, reason: 'table' };
  const rows: (readonly NewInline[])[][] = [];
  for (const row of node.children) {
    // A row with more cells than the head loses them in every other reader.
    if (row.children.length > width) return { ok: false, reason: 'table' };
    const cells: (readonly NewInline[])[] = [];
    for (const cell of row.children) {
      const reading = readCell(cell);
      if (!reading.ok) return reading;
      cells.push(reading.runs);
    }
    while (cells.length < width) cells.push([]);
    rows.push(cells);
  }
  const [head, ...body] = rows;
  const header = body.length === 0 || (head?.some((cell) => cell.length > 0) ?? false);
  const columns = Array.from({ length: width }, (_, at): ColumnContent => ({
    align: node.align?.[at] ?? null,
    width: null,
  }));
  return { ok: true, table: { header, columns, rows: header ? rows : body } };
}

/** A table as a tree to be printed; `cell` makes the content of one. */
export function tableNode(table: NewTable, cell: (content: readonly NewInline[]) => TableCell['children']): Table {
  const width = Math.max(1, table.columns.length);
  const rows = table.header && table.rows.length > 0 ? table.rows : [[], ...table.rows];
  return {
    type: 'table',
    align: Array.from({ length: width }, (_, at) => table.columns[at]?.align ?? null),
    children: rows.map((cells) => ({
      type: 'tableRow',
      children: Array.from({ length: width }, (_, at) => ({ type: 'tableCell', children: cell(cells[at] ?? []) })),
    })),
  };
}

// What the cells of a table say, as plain data: for reading, searching, copying and export. Drawing one is the editor's.
import type * as Y from 'yjs';
import type { Inline, TableContent } from './block.ts';
import { emptyFragment, NO_ATTRIBUTES, readItem, AttributeTable, type Fragment } from './fragments.ts';
import { readTable, type CellText, type Table } from './table-read.ts';
import { WHOLE, type TableLimits } from './table.ts';
import { contentOf } from './view-blocks.ts';

/** Between the texts of a cell that two people made at the same time. */
const BREAK: Inline = Object.freeze({ type: 'text', text: '\n', marks: {} });

/** All that a table says. Never throws, never writes. */
export function readTableContent(marker: Y.Map<unknown>, limits: TableLimits = WHOLE): TableContent {
  const table = readTable(marker, limits);
  return {
    header: table.header,
    columns: table.columns.map(({ align, width }) => ({ align, width })),
    rows: table.rows.map((row) => table.columns.map((column) => cellContent(table, row.id, column.id))),
  };
}

function cellContent(table: Table, row: string, column: string): readonly Inline[] {
  return textsContent(table.texts(row, column));
}

/** The texts of one cell as one run of content. */
export function textsContent(texts: readonly CellText[]): Inline[] {
  return texts.flatMap(({ text }, index) => (index === 0 ? textContent(text) : [BREAK, ...textContent(text)]));
}

/** One text of a cell. */
export function textContent(text: Y.Text): Inline[] {
  return contentOf([cellFragment(text)]);
}

/** A cell's text as one fragment: what would begin a block on a page is an unknown inline thing here. */
export function cellFragment(text: Y.Text, attributeTable = new AttributeTable()): Fragment {
  const fragment = emptyFragment(null, NO_ATTRIBUTES);
  let attributes = NO_ATTRIBUTES;
  for (let item = text._start; item !== null; item = item.right) {
    attributes = readItem(fragment, item, attributes, attributeTable);
  }
  return fragment;
}

/** The words of inline content; things that are no text count nothing. */
export function inlineText(content: readonly Inline[]): string {
  let text = '';
  for (const inline of content) if (inline.type === 'text') text += inline.text;
  return text;
}

/** The words of a table: a line a row, a tab between two cells. */
export function tableText(table: TableContent): string {
  return table.rows.map((row) => row.map((cell) => inlineText(cell).replace(/[\t\n]/g, ' ')).join('\t')).join('\n');
}

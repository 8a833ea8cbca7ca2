// A table that is to be written, read from whatever a clipboard or an importer gives. It touches no document.
import {
  ALIGNMENTS,
  type AtomBlock,
  type ColumnContent,
  type Marks,
  type NewAtom,
  type NewInline,
  type NewTable,
  type TableContent,
} from './block.ts';
import { readEmbed } from './embeds.ts';
import { COLUMN_WIDTH, DRAWN } from './table.ts';

const MARKS = ['bold', 'italic', 'code', 'strike', 'highlight'] as const;

/** Null for what is no table, or one too large to be drawn. Never throws. */
export function readNewTable(value: unknown): (NewTable & TableContent) | null {
  if (!isRecord(value) || !Array.isArray(value['columns']) || !Array.isArray(value['rows'])) return null;
  const columns = value['columns'] as unknown[];
  const rows = value['rows'] as unknown[];
  if (!fits(columns.length, rows.length)) return null;
  return {
    header: value['header'] === true,
    columns: columns.map(readColumn),
    rows: rows.map((row) =>
      (Array.isArray(row) ? (row as unknown[]) : [])
        .slice(0, columns.length)
        .map((cell) => (Array.isArray(cell) ? (cell as unknown[]) : []).flatMap((inline) => readInline(inline) ?? [])),
    ),
  };
}

/** Whether a table of that size becomes one: what is larger could be drawn in part only. */
export function fits(columns: number, rows: number): boolean {
  return columns > 0 && rows > 0 && columns <= DRAWN.columns && columns * rows <= DRAWN.cells;
}

/** An atom as it stands as one that can be written. */
export function writableAtom(block: AtomBlock): NewAtom {
  if (block.kind !== 'table') return block;
  const { table } = block.props;
  return { ...block, props: { table: table && writableTable(table) } };
}

/** What a table says as one that can be written: what this version does not know is left out. */
export function writableTable(table: TableContent): NewTable {
  return {
    ...table,
    rows: table.rows.map((row) =>
      row.map((cell) => cell.filter((inline): inline is NewInline => inline.type !== 'unknown')),
    ),
  };
}

function readColumn(value: unknown): ColumnContent {
  const { align, width } = isRecord(value) ? value : { align: null, width: null };
  return {
    align: ALIGNMENTS.find((known) => known === align) ?? null,
    width:
      typeof width === 'number' && width >= COLUMN_WIDTH.least && width <= COLUMN_WIDTH.most ? Math.round(width) : null,
  };
}

function readInline(value: unknown): NewInline | null {
  if (!isRecord(value)) return null;
  if (value['type'] === 'check') return { type: 'check', checked: value['checked'] === true };
  if (value['type'] !== 'text') return readEmbed(value);
  const { text, marks } = value;
  return typeof text === 'string' ? { type: 'text', text, marks: readMarks(marks) } : null;
}

function readMarks(value: unknown): Marks {
  if (!isRecord(value)) return {};
  const flags = Object.fromEntries(MARKS.filter((name) => value[name] === true).map((name) => [name, true as const]));
  return typeof value['link'] === 'string' ? { ...flags, link: value['link'] } : flags;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

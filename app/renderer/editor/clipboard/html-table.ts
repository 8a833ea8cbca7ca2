// A pasted table as cells: spans filled up, heads and alignments kept. What stands inside a cell is read by whoever asked.
import { ALIGNMENTS, type Alignment, type NewInline, type NewTable } from '../../../../shared/model/page/block.ts';

const MOST = { rows: 2_000, columns: 100 };

/** Null for a table without cells, and for one of a single cell, which only lays something out. */
export function tableFromHtml(table: Element, readCell: (cell: HTMLElement) => NewInline[]): NewTable | null {
  const rows: (readonly NewInline[])[][] = [];
  const aligns: (Alignment | null)[] = [];
  /** How many further rows a cell from above reaches down, by column. */
  const reaching: number[] = [];
  let header = false;
  const elements = [...table.querySelectorAll('tr')].filter((row) => row.closest('table') === table);
  for (const element of elements.slice(0, MOST.rows)) {
    const cells = [...element.children].filter((cell): cell is HTMLElement => /^T[DH]$/.test(cell.nodeName));
    if (cells.length === 0) continue;
    if (rows.length === 0) header = cells.every((cell) => cell.nodeName === 'TH') || element.closest('thead') !== null;
    const row: (readonly NewInline[])[] = [];
    const put = (content: readonly NewInline[]): void => {
      if (row.length < MOST.columns) row.push(content);
    };
    const skip = (): void => {
      for (let column = row.length; (reaching[column] ?? 0) > 0 && column < MOST.columns; column = row.length) {
        reaching[column] = (reaching[column] ?? 0) - 1;
        row.push([]);
      }
    };
    for (const cell of cells) {
      skip();
      const at = row.length;
      const across = spanOf(cell, 'colspan', MOST.columns);
      const down = spanOf(cell, 'rowspan', MOST.rows) - 1;
      aligns[at] ??= alignOf(cell);
      put(readCell(cell));
      for (let more = 1; more < across; more += 1) put([]);
      for (let column = at; column < Math.min(row.length, at + across); column += 1) reaching[column] = down;
    }
    skip();
    rows.push(row);
  }
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (rows.length * width < 2) return null;
  return { header, columns: Array.from({ length: width }, (_, at) => ({ align: aligns[at] ?? null })), rows };
}

function spanOf(cell: Element, name: string, most: number): number {
  const span = Number(cell.getAttribute(name) ?? 1);
  return Number.isInteger(span) ? Math.min(most, Math.max(1, span)) : 1;
}

/** Only what somebody chose: spreadsheets write on every cell what a number has by itself. */
function alignOf(cell: HTMLElement): Alignment | null {
  const named = cell.style.textAlign || cell.getAttribute('align') || '';
  const align = ALIGNMENTS.find((one) => one === named.toLowerCase()) ?? null;
  return align === 'left' ? null : align;
}

// A pasted table as the text of a Markdown table: tables are kept as raw blocks until the editor has them.

const MAX_ROWS = 2_000;
const MAX_COLUMNS = 100;

/** The table's cells as GFM text; '' for a table without cells. The first row is the head. */
export function markdownTable(table: Element): string {
  const rows = [...table.querySelectorAll('tr')]
    .filter((row) => row.closest('table') === table)
    .slice(0, MAX_ROWS)
    .map((row) => [...row.children].slice(0, MAX_COLUMNS).map(cellText))
    .filter((cells) => cells.length > 0);
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  const head = rows.at(0);
  if (!head || width === 0) return '';
  const line = (cells: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, column) => cells[column] ?? '').join(' | ')} |`;
  const rule = `| ${Array.from({ length: width }, () => '---').join(' | ')} |`;
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
}

function cellText(cell: Element): string {
  return cell.textContent.replace(/\s+/g, ' ').trim().replaceAll('\\', '\\\\').replaceAll('|', '\\|');
}

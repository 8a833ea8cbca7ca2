// Tables on a clipboard: cells as tab-separated text and as HTML, and such text read back. It touches no document.
import { DOMSerializer, Fragment } from 'prosemirror-model';
import type { Inline, NewInline, TableContent } from '../../../../shared/model/page/block.ts';
import { inlineText } from '../../../../shared/model/page/table-content.ts';
import { inlineNode } from '../binding/nodes.ts';
import { pageSchema } from '../schema.ts';

/** More than this is not taken from a clipboard as a table. */
const MOST = { rows: 2_000, columns: 100 };

/** Cells as spreadsheets give and take them: a cell with a tab, a line break or a quote stands in quotes. */
export function toTabs(rows: readonly (readonly (readonly Inline[])[])[]): string {
  const cell = (content: readonly Inline[]): string => {
    const text = inlineText(content);
    return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join('\t')).join('\n');
}

/** Cells in tab-separated text, or null for text that is no range: it must have a tab in each of its lines. */
export function fromTabs(text: string): NewInline[][][] | null {
  const clean = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  if (!clean.includes('\t')) return null;
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at <= clean.length;) {
    const quoted = clean.charAt(at) === '"' ? readQuoted(clean, at) : null;
    const end = quoted ? quoted.end : endOfCell(clean, at);
    row.push(quoted ? quoted.text : clean.slice(at, end));
    const sign = clean.charAt(end);
    at = end + 1;
    if (sign === '\t') continue;
    rows.push(row);
    row = [];
  }
  if (rows.length > MOST.rows) return null;
  const width = rows[0]?.length ?? 0;
  // Code is indented with tabs, too, but not with the same number of them in each line.
  if (width < 2 || width > MOST.columns || rows.some((cells) => cells.length !== width)) return null;
  return rows.map((cells) => cells.map((words) => (words === '' ? [] : [{ type: 'text', text: words, marks: {} }])));
}

function endOfCell(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '\t' && text.charAt(at) !== '\n') at += 1;
  return at;
}

/** A cell in quotes that ends where a cell ends; anything else that begins with a quote is taken as it stands. */
function readQuoted(text: string, from: number): { readonly text: string; readonly end: number } | null {
  let words = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text.charAt(at) !== '"') words += text.charAt(at);
    else if (text.charAt(at + 1) === '"') {
      words += '"';
      at += 1;
    } else {
      const end = at + 1;
      return end === text.length || text.charAt(end) === '\t' || text.charAt(end) === '\n'
        ? { text: words, end }
        : null;
    }
  }
  return null;
}

const serializer = DOMSerializer.fromSchema(pageSchema);

/** The table as an element that other programs understand. */
export function tableElement(table: TableContent, doc: Document): HTMLElement {
  const element = doc.createElement('table');
  const body = doc.createElement('tbody');
  element.append(body);
  for (const [number, cells] of table.rows.entries()) {
    const row = doc.createElement('tr');
    for (const [at, content] of cells.entries()) {
      const cell = doc.createElement(table.header && number === 0 ? 'th' : 'td');
      const align = table.columns[at]?.align;
      if (align) cell.style.textAlign = align;
      serializer.serializeFragment(Fragment.fromArray(content.map(inlineNode)), { document: doc }, cell);
      for (const text of lineBreaks(cell)) text.replaceWith(...withBreaks(text, doc));
      row.append(cell);
    }
    body.append(row);
  }
  return element;
}

function lineBreaks(cell: HTMLElement): Text[] {
  const found: Text[] = [];
  const walker = cell.ownerDocument.createTreeWalker(cell, 4);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Text && node.data.includes('\n')) found.push(node);
  }
  return found;
}

function withBreaks(text: Text, doc: Document): (string | HTMLElement)[] {
  return text.data.split('\n').flatMap((part, index) => (index === 0 ? [part] : [doc.createElement('br'), part]));
}

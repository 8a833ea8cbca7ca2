// Finding words in the cells of the tables on the screen: their texts in reading order, where a match is painted, and putting
// other words in its place. What is looked for, and which match is the current one, the page's finder knows.
import type * as Y from 'yjs';
import { LEAF, type CellMatch } from '../matches.ts';
import type { PageBinding } from '../binding/page-binding.ts';
import type { ShownTable } from './table-surroundings.ts';

/** One text of a cell as it is searched; an inline thing is one `LEAF`. */
export interface SearchedCell {
  readonly row: string;
  readonly column: string;
  readonly part: number;
  readonly text: Y.Text;
  readonly words: string;
}

export class TableFinding {
  readonly #views: ReadonlyMap<string, ShownTable>;
  readonly #page: PageBinding;

  constructor(views: ReadonlyMap<string, ShownTable>, page: PageBinding) {
    this.#views = views;
    this.#page = page;
  }

  /** The texts of a table, row by row; none for one that is not on the screen. */
  *cells(table: string): Generator<SearchedCell> {
    const shown = this.#views.get(table)?.table;
    if (!shown) return;
    for (const row of shown.rows) {
      for (const column of shown.columns) {
        for (const [part, { text }] of shown.texts(row.id, column.id).entries()) {
          if (text.length > 0) yield { row: row.id, column: column.id, part, text, words: wordsOf(text) };
        }
      }
    }
  }

  /** Where a match stands on the screen, or null. */
  range({ table, row, column, part, start, end }: CellMatch): Range | null {
    const cell = this.#views.get(table)?.grid.element(row, column);
    const element = cell?.querySelectorAll('.cell-text')[part];
    return element ? rangeIn(element, start, end) : null;
  }

  /** Brings the cell into sight within its table and puts the caret at the match. */
  enter(match: CellMatch): void {
    const shown = this.#views.get(match.table);
    const place = shown && {
      row: shown.table.rows.findIndex(({ id }) => id === match.row),
      column: shown.table.columns.findIndex(({ id }) => id === match.column),
    };
    if (!place || place.row < 0 || place.column < 0) return;
    const box = this.range(match)?.getBoundingClientRect();
    shown.enter(place, box ? { left: box.left + 1, top: box.top + box.height / 2 } : 'start', match.part);
  }

  /** Puts words in the place of matches, from the last to the first, so that each is where it was found. */
  replace(matches: readonly CellMatch[], words: string): void {
    this.#page.change(() => {
      for (const { text, start, end } of matches.toReversed()) {
        // The words take the marks of the last letter that they replace.
        text.insert(end, words);
        text.delete(start, end - start);
      }
    });
  }
}

function wordsOf(text: Y.Text): string {
  const delta = text.toDelta() as readonly { readonly insert: unknown }[];
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : LEAF)).join('');
}

/** A range of a cell's element: carets of others count nothing, an inline thing one. */
export function rangeIn(element: Element, start: number, end: number): Range | null {
  const range = document.createRange();
  let left = 0;
  let begun = false;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_ALL, (node) => {
    if (!(node instanceof HTMLElement)) return NodeFilter.FILTER_ACCEPT;
    const isCaret = node.classList.contains('remote-caret');
    if (!isCaret && node.contentEditable === 'false') left += 1;
    return isCaret || node.contentEditable === 'false' ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue;
    const after = left + node.length;
    if (!begun && start < after) {
      range.setStart(node, start - left);
      begun = true;
    }
    if (begun && end <= after) {
      range.setEnd(node, end - left);
      return range;
    }
    left = after;
  }
  return null;
}

// Where a text stands in a page, across marks, block by block, and in the cells of tables; blocks that did not change are not
// searched again. It changes nothing.
import type { Node } from 'prosemirror-model';
import type * as Y from 'yjs';

export interface Match {
  readonly from: number;
  readonly to: number;
  /** Index of the block. */
  readonly block: number;
  /** Where in a table; `from` and `to` are the table's then. */
  readonly cell: CellMatch | null;
}

/** A match in one text of a cell, by ids; `start` and `end` are places in the text. */
export interface CellMatch {
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly part: number;
  readonly text: Y.Text;
  readonly start: number;
  readonly end: number;
}

/** The texts of a table's cells in reading order. */
export type CellsOf = (
  table: string,
) => Iterable<Omit<CellMatch, 'table' | 'start' | 'end'> & { readonly words: string }>;

/** What stands for an inline thing in a text: nobody looks for it. */
export const LEAF = '\ufffc';

/** One search; it may be asked again for each version of the page. */
export class Search {
  readonly #pattern: RegExp | null;
  readonly #cells: CellsOf;
  readonly #found = new WeakMap<Node, readonly (readonly [from: number, to: number])[]>();

  constructor(query: string, matchCase: boolean, cells: CellsOf = () => []) {
    this.#cells = cells;
    const wanted = query.replaceAll(LEAF, '');
    this.#pattern = wanted === '' ? null : new RegExp(escaped(wanted), matchCase ? 'gu' : 'giu');
  }

  /** All matches in the order of the page. */
  in(doc: Node): Match[] {
    const matches: Match[] = [];
    if (!this.#pattern) return matches;
    doc.forEach((node, pos, block) => {
      if (node.type.name === 'table') matches.push(...this.#inTable(node, pos, block));
      if (!node.isTextblock || node.content.size === 0) return;
      for (const [from, to] of this.#inBlock(node)) {
        matches.push({ from: pos + 1 + from, to: pos + 1 + to, block, cell: null });
      }
    });
    return matches;
  }

  *#inTable(node: Node, pos: number, block: number): Generator<Match> {
    const table = String(node.attrs['id']);
    for (const { words, ...cell } of this.#cells(table)) {
      for (const [start, end] of this.#inText(words)) {
        yield { from: pos, to: pos + node.nodeSize, block, cell: { ...cell, table, start, end } };
      }
    }
  }

  #inBlock(node: Node): readonly (readonly [number, number])[] {
    const known = this.#found.get(node);
    if (known) return known;
    const found = this.#inText(node.textBetween(0, node.content.size, undefined, LEAF));
    this.#found.set(node, found);
    return found;
  }

  #inText(text: string): readonly (readonly [from: number, to: number])[] {
    if (!this.#pattern) return [];
    return [...text.matchAll(this.#pattern)].map((match) => [match.index, match.index + match[0].length] as const);
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The index of the first match that does not begin before a position; the first one where none follows; -1 for none at all. */
export function matchFrom(matches: readonly Match[], position: number): number {
  if (matches.length === 0) return -1;
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle]?.from ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low === matches.length ? 0 : low;
}

/**
 * In a list that was read anew, the index of the match that was the current one, number `index` of the list before: in a cell
 * by its text, else by its position. What stood before it still does, so that the next one has its number when it is gone.
 */
export function sameMatch(matches: readonly Match[], position: number, cell: CellMatch | null, index: number): number {
  if (!cell) return matchFrom(matches, position);
  const same = matches.findIndex((match) => match.cell?.text === cell.text && match.cell.start >= cell.start);
  if (same >= 0) return same;
  return matches.length === 0 ? -1 : index % matches.length;
}

/** The matches in a run of blocks. */
export function matchesInBlocks(matches: readonly Match[], first: number, last: number): Match[] {
  const start = lowerBound(matches, first);
  const found: Match[] = [];
  for (let index = start; index < matches.length; index++) {
    const match = matches[index];
    if (!match || match.block > last) break;
    found.push(match);
  }
  return found;
}

function lowerBound(matches: readonly Match[], block: number): number {
  let low = 0;
  let high = matches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((matches[middle]?.block ?? 0) < block) low = middle + 1;
    else high = middle;
  }
  return low;
}

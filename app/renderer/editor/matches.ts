// Where a text stands in a page, across marks, block by block; what did not change is not searched again. It changes nothing.
import type { Node } from 'prosemirror-model';

export interface Match {
  readonly from: number;
  readonly to: number;
  /** Index of the block. */
  readonly block: number;
}

/** What stands for an inline thing in a block's text: nobody looks for it. */
const LEAF = '\ufffc';

/** One search; it may be asked again for each version of the page. */
export class Search {
  readonly #pattern: RegExp | null;
  readonly #found = new WeakMap<Node, readonly (readonly [from: number, to: number])[]>();

  constructor(query: string, matchCase: boolean) {
    const wanted = query.replaceAll(LEAF, '');
    this.#pattern = wanted === '' ? null : new RegExp(escaped(wanted), matchCase ? 'gu' : 'giu');
  }

  /** All matches in the order of the page. */
  in(doc: Node): Match[] {
    const matches: Match[] = [];
    if (!this.#pattern) return matches;
    doc.forEach((node, pos, block) => {
      if (!node.isTextblock || node.content.size === 0) return;
      for (const [from, to] of this.#inBlock(node)) matches.push({ from: pos + 1 + from, to: pos + 1 + to, block });
    });
    return matches;
  }

  #inBlock(node: Node): readonly (readonly [number, number])[] {
    const known = this.#found.get(node);
    if (known) return known;
    const text = node.textBetween(0, node.content.size, undefined, LEAF);
    const found = this.#pattern
      ? [...text.matchAll(this.#pattern)].map((match) => [match.index, match.index + match[0].length] as const)
      : [];
    this.#found.set(node, found);
    return found;
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

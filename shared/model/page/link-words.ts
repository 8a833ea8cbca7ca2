// Making words that stand in a block a link, and nothing else: refused when other words stand there by now.
import type * as Y from 'yjs';
import { readFragments, runLength, type Fragment } from './fragments.ts';
import { viewBlocks } from './view-blocks.ts';
import { viewOrder } from './view-order.ts';

/** Words of one block, by UTF-16 units of its content; each inline thing counts as one. */
export interface WordsInBlock {
  readonly block: string;
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

interface Stretch {
  readonly index: number;
  readonly length: number;
}

/**
 * Gives the words the address. `changed`: the block is gone, other words stand there, or they are a link or code by now; then
 * nothing is written. The caller owns the transaction.
 */
export function linkWords(body: Y.Text, place: WordsInBlock, url: string): 'linked' | 'changed' {
  const stretches = stretchesOf(body, place);
  if (!stretches) return 'changed';
  for (const { index, length } of stretches) body.format(index, length, { link: url });
  return 'linked';
}

/** Where the words stand in the text, in pieces where the block is in several; null when they are not there as told. */
function stretchesOf(body: Y.Text, { block, from, to, words }: WordsInBlock): readonly Stretch[] | null {
  const fragments = readFragments(body);
  const view = viewBlocks(viewOrder(body, fragments).order).find(({ id }) => id === block);
  if (!view || view.type !== 'text' || to <= from) return null;
  const starts = startsOf(fragments);
  const stretches: Stretch[] = [];
  let there = '';
  let at = 0;
  for (const fragment of view.fragments) {
    let index = starts.get(fragment) ?? 0;
    for (const run of fragment.runs) {
      const length = runLength(run);
      const [first, last] = [Math.max(from, at), Math.min(to, at + length)];
      if (first < last) {
        if (typeof run.insert !== 'string' || run.attributes['link'] || run.attributes['code'] === true) return null;
        there += run.insert.slice(first - at, last - at);
        stretches.push({ index: index + first - at, length: last - first });
      }
      index += length;
      at += length;
    }
  }
  return there === words ? stretches : null;
}

/** The index in the text at which the content of each fragment begins. */
function startsOf(fragments: readonly Fragment[]): ReadonlyMap<Fragment, number> {
  const starts = new Map<Fragment, number>();
  let index = 0;
  for (const fragment of fragments) {
    if (fragment.marker) index += 1;
    starts.set(fragment, index);
    index += fragment.length;
  }
  return starts;
}

// Reading a page's body as blocks and as plain text: total on anything a peer may have written, and without a write.
import type * as Y from 'yjs';
import { askText, isAskKind, readAsk } from './ask.ts';
import type { Block } from './block.ts';
import { readFragments } from './fragments.ts';
import { readTableContent, tableText } from './table-content.ts';
import { blockOf, viewBlocks, type ViewBlock } from './view-blocks.ts';
import { viewOrder } from './view-order.ts';

/** The blocks of a page in the order people see; an untouched page has none. Never throws, never writes. */
export function readBlocks(body: Y.Text): Block[] {
  return viewBlocks(viewOrder(body, readFragments(body)).order).map(wholeBlock);
}

/** The stored marker of a block in view, for what lies inside it; null when it is not there or has none of its own. */
export function blockMarker(body: Y.Text, id: string): Y.Map<unknown> | null {
  const found = viewBlocks(viewOrder(body, readFragments(body)).order).find((block) => block.id === id);
  return found && !found.virtual ? (found.fragments[0]?.marker ?? null) : null;
}

/** One block with what its marker holds inside: the cells of a table, what a poll asks. */
export function wholeBlock(view: ViewBlock): Block {
  const block = blockOf(view);
  const marker = view.fragments[0]?.marker;
  if (block.type !== 'atom' || !marker) return block;
  if (block.kind === 'table') return { ...block, props: { table: readTableContent(marker) } };
  return block.kind === 'poll' || block.kind === 'done' ? { ...block, props: { ask: readAsk(marker) } } : block;
}

/** The text of one block without marks; '' for a divider. Of a table a line a row, a tab between cells; of a poll a line a choice. */
export function blockText(block: Block): string {
  if (block.type === 'atom') {
    if (block.kind === 'table') return block.props.table ? tableText(block.props.table) : '';
    return (block.kind === 'poll' || block.kind === 'done') && block.props.ask ? askText(block.props.ask) : '';
  }
  if (block.type === 'unknown') return block.text;
  let text = '';
  for (const inline of block.content) if (inline.type === 'text') text += inline.text;
  return text;
}

/** The text of blocks, one line break between two of them. */
export function plainText(blocks: readonly Block[]): string {
  return blocks
    .filter((block) => block.type !== 'atom' || block.kind === 'table' || isAskKind(block.kind))
    .map(blockText)
    .join('\n');
}

/** How many words the blocks hold, by the rules of Unicode (so Chinese and Japanese count too). */
export function wordCount(blocks: readonly Block[]): number {
  let count = 0;
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  for (const block of blocks) {
    for (const segment of segmenter.segment(blockText(block))) if (segment.isWordLike) count += 1;
  }
  return count;
}

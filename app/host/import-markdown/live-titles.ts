// Turns links whose words only name the page that they lead to into page embeds, whose title follows a renaming; other words stay the author's.
import type { NewBlock, NewInline } from '../../../shared/model/page/block.ts';
import { readPageLink } from '../../../shared/model/page/page-link.ts';
import { isId } from '../../../shared/model/page/embeds.ts';

/** @param isPlain whether words only name a page of the import. */
export function withLiveTitles(
  blocks: readonly NewBlock[],
  isPlain: (page: string, words: string) => boolean,
): readonly NewBlock[] {
  return blocks.map((block) => {
    if (block.type !== 'text' || block.kind === 'raw' || block.kind === 'code') return block;
    if (!block.content.some((inline) => inline.type === 'text' && inline.marks.link?.startsWith('page:'))) return block;
    return { ...block, content: block.content.map((inline) => liveTitle(inline, isPlain)) };
  });
}

function liveTitle(inline: NewInline, isPlain: (page: string, words: string) => boolean): NewInline {
  // Other marks would be lost on an embed.
  if (inline.type !== 'text' || Object.keys(inline.marks).length !== 1 || inline.marks.link === undefined)
    return inline;
  const address = readPageLink(inline.marks.link);
  if (!address || !isPlain(address.page, inline.text)) return inline;
  if (address.anchor === '') return { type: 'page', page: address.page };
  // A block is named by its id; a heading's words are none, and stay a link.
  return isId(address.anchor) ? { type: 'page', page: address.page, block: address.anchor } : inline;
}

// Deleting whole blocks and text of blocks in the stored form. Which ones, the editor's steps say; what ends of a cut join is not here.
import type { Fragment } from '../../../../shared/model/page/fragments.ts';
import { isCheckBox } from '../../../../shared/model/page/check-box.ts';
import { readEmbed } from '../../../../shared/model/page/embeds.ts';
import type { ViewBlock } from '../../../../shared/model/page/view-blocks.ts';
import type { ContentMap } from './content-map.ts';
import type { Mirror } from './mirror.ts';
import { Parts } from './ranges.ts';
import { handOverPlace } from './slots.ts';

/** Deletes blocks with their text, all in one walk. One of an unknown kind stays: answers whether none did. */
export function removeBlocks(mirror: Mirror, content: ContentMap, blocks: readonly ViewBlock[]): boolean {
  const parts = new Parts();
  const going = new Set<Fragment>();
  let allGone = true;
  for (const block of blocks) {
    if (block.type === 'unknown') {
      if (block.fragments.length > 0) allGone = false;
      continue;
    }
    if (block.type === 'text') takeText(content, parts, block, 0, Infinity);
    for (const fragment of block.virtual ? block.fragments.slice(1) : block.fragments) going.add(fragment);
  }
  if (going.size === 0 && parts.ranges.size === 0) return allGone;
  // Where blocks stand that stay, the place goes to another first; one by one, because each may change the next one's heir.
  const { places } = mirror.order;
  const held: Fragment[] = [];
  for (const fragment of going) {
    if (places.get(fragment)?.some((other) => !going.has(other))) held.push(fragment);
    else parts.markers.add(fragment);
  }
  mirror.deleteParts(parts);
  for (const fragment of held) {
    handOverPlace(mirror, fragment);
    mirror.deleteMarker(fragment);
  }
  return allGone;
}

/** Adds the text between two offsets of a block to what will be deleted. */
export function takeText(content: ContentMap, parts: Parts, block: ViewBlock, from: number, to: number): void {
  // What cannot be rendered is kept: here inline things; they no longer count for the editor.
  const low = from - (content.pairAt(block, from) ? 1 : 0);
  const high = to + (content.pairAt(block, to) ? 1 : 0);
  for (const { fragment, offset, length, run } of content.pieces(block, low, high)) {
    if (typeof run.insert === 'string' || readEmbed(run.insert) || isCheckBox(run.insert))
      parts.add(fragment, offset, length);
    else content.keep(run);
  }
}

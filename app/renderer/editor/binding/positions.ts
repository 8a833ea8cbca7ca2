// Positions of the editor as indexes of the Y.Text and back, and indexes through a Y transaction. It reads only.
import type { Node } from 'prosemirror-model';
import * as Y from 'yjs';
import type { Fragment } from '../../../../shared/model/page/fragments.ts';
import type { Mirror } from './mirror.ts';
import { newItems } from './reread.ts';

/** The index of the Y.Text for a position of the document that shows the mirror's blocks. */
export function indexOf(mirror: Mirror, doc: Node, position: number): number {
  const place = doc.resolve(Math.min(Math.max(position, 0), doc.content.size));
  const block = mirror.blocks[Math.min(place.index(0), mirror.blocks.length - 1)];
  const head = block?.fragments[0];
  if (!block || !head) return 0;
  if (place.depth === 0) return mirror.contentStart(head);
  let left = place.parentOffset;
  for (const fragment of block.fragments) {
    if (left <= fragment.length) return mirror.contentStart(fragment) + left;
    left -= fragment.length;
  }
  return mirror.contentStart(head);
}

/** The position for an index; what stands in no text goes to the block that holds it, or to the start. */
export function positionOf(mirror: Mirror, doc: Node, index: number): number {
  const { fragment, offset } = mirror.at(index);
  const number = blockNumber(mirror, fragment);
  const block = mirror.blocks[number];
  if (!block) return doc.firstChild?.inlineContent ? 1 : 0;
  let at = 0;
  for (let before = 0; before < number; before += 1) at += doc.child(before).nodeSize;
  if (block.type !== 'text') return at;
  for (const other of block.fragments) {
    if (other === fragment) break;
    at += other.length;
  }
  return at + 1 + Math.max(0, offset);
}

/** The number of the block that shows a fragment's content, or -1. */
export function blockNumber(mirror: Mirror, fragment: Fragment): number {
  const blocks = mirror.blocks;
  for (let number = 0; number < blocks.length; number += 1) {
    const block = blocks[number];
    if (!block?.fragments.includes(fragment)) continue;
    const next = blocks[number + 1];
    return block.type === 'atom' && next?.fragments.includes(fragment) ? number + 1 : number;
  }
  return -1;
}

/**
 * Where indexes from before a transaction are after it. An index stays behind the character on its left; when that is gone,
 * behind the nearest one that is left.
 */
export function mapIndexes(body: Y.Text, transaction: Y.Transaction, indexes: readonly number[]): number[] {
  const result = indexes.map(() => 0);
  const isNew = newItems(transaction);
  let before = 0;
  let after = 0;
  for (let item = body._start; item !== null; item = item.right) {
    if (!item.countable && !item.deleted) continue;
    const wasThere = !isNew(item) && (!item.deleted || Y.isDeleted(transaction.deleteSet, item.id)) && wasCounted(item);
    if (wasThere) {
      for (const [number, index] of indexes.entries()) {
        if (index > before) result[number] = after + (item.deleted ? 0 : Math.min(index - before, item.length));
      }
      before += item.length;
    }
    if (!item.deleted) after += item.length;
  }
  return result;
}

/** Formats have a length but no place; a deleted one keeps its content until garbage is collected. */
function wasCounted(item: Y.Item): boolean {
  return !(item.content instanceof Y.ContentFormat);
}

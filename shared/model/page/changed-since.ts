// Which blocks of a page hold something that a state vector does not know: what others brought since somebody looked. It writes nothing.
import * as Y from 'yjs';
import { markerOf, readFragments } from './fragments.ts';
import { viewBlocks } from './view-blocks.ts';
import { viewOrder } from './view-order.ts';

/**
 * Ids of blocks in view order. What was only deleted leaves nothing to tell by, and is not among them.
 * @param seen clocks by client. @param own clients whose writing counts as seen.
 */
export function changedSince(
  body: Y.Text,
  seen: ReadonlyMap<number, number>,
  own: ReadonlySet<number>,
): readonly string[] {
  const isNew = ({ id, length }: Y.Item): boolean =>
    id.clock + length > (seen.get(id.client) ?? 0) && !own.has(id.client);
  const changed = new Set<Y.Map<unknown> | null>();
  let marker: Y.Map<unknown> | null = null;
  for (let item = body._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    marker = markerOf(item) ?? marker;
    if (isNew(item) || (item.content instanceof Y.ContentType && holdsNew(item.content.type, isNew)))
      changed.add(marker);
  }
  if (changed.size === 0) return [];
  return viewBlocks(viewOrder(body, readFragments(body)).order)
    .filter(({ fragments }) => fragments.some((fragment) => changed.has(fragment.marker)))
    .map(({ id }) => id);
}

/** Attributes, cells and what stands in them; iterative, for a peer may have nested them deep. */
function holdsNew(type: Y.AbstractType<unknown>, isNew: (item: Y.Item) => boolean): boolean {
  const types = [type];
  for (let next = types.pop(); next; next = types.pop()) {
    const items: Y.Item[] = [...next._map.values()];
    for (let item = next._start; item !== null; item = item.right) items.push(item);
    for (const item of items) {
      if (item.deleted) continue;
      if (isNew(item)) return true;
      if (item.content instanceof Y.ContentType) types.push(item.content.type);
    }
  }
  return false;
}

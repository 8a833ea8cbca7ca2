// The command that brings a page back to what it was. The past is a document of its own; what stands in both keeps its items.
import * as Y from 'yjs';
import { bodyOf, titleOf } from '../document/roots.ts';
import { itemOf, readFragments, type Fragment } from './fragments.ts';
import { isMarker } from './marker.ts';
import { restoreText } from './restore-content.ts';
import { shownContent } from './shown-content.ts';
import { viewBlocks } from './view-blocks.ts';
import { viewOrder } from './view-order.ts';

/**
 * Makes title and text what they are in `past` (a past state of the same document). One transaction; where nothing differs,
 * nothing is written. Blocks keep their ids; what is there in both keeps its items, so that what others type meanwhile stays.
 */
export function restorePage(doc: Y.Doc, past: Y.Doc, origin: unknown): void {
  doc.transact(() => {
    // Words that were written again are other items than those of the past: what is shown decides whether anything is to be done.
    if (titleOf(doc).toString() !== titleOf(past).toString()) restoreText(titleOf(doc), titleOf(past));
    const [body, was] = [bodyOf(doc), bodyOf(past)];
    if (all(body) === all(was)) return;
    const born = new Map<Y.Item, unknown>();
    restoreText(body, was, (item, type) => born.set(item, type));
    restoreSlots(body, was, born);
  }, origin);
}

function all(body: Y.Text): string {
  return viewBlocks(viewOrder(body, readFragments(body)).order)
    .map(shownContent)
    .join('\n');
}

/** Fragments stand again where they stood: what their slots named may be another item now. */
function restoreSlots(body: Y.Text, past: Y.Text, born: ReadonlyMap<Y.Item, unknown>): void {
  const now = new Map<string, Y.Map<unknown>>();
  for (let item = body._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentType)) continue;
    const type: unknown = item.content.type;
    if (isMarker(type)) now.set(nameOf(item), type);
  }
  const present = (fragment: Fragment | null): Y.Map<unknown> | null => {
    const item = fragment?.marker && itemOf(fragment.marker);
    if (!item) return null;
    const reborn = born.get(item);
    return reborn instanceof Y.Map ? reborn : (now.get(nameOf(item)) ?? null);
  };
  const fragments = readFragments(past);
  const { placeOf } = viewOrder(past, fragments);
  for (const fragment of fragments) {
    const marker = present(fragment);
    const was = fragment.marker;
    if (!marker || !was) continue;
    const place = placeOf.get(fragment);
    const anchor = place ? present(place) : null;
    const item = anchor && itemOf(anchor);
    const slot = fragment.props?.slot;
    if (slot && place !== undefined && (place === null || item)) {
      const after = item ? [item.id.client, item.id.clock] : null;
      put(marker, 'slot', { after, key: slot.key });
    } else if (was.has('slot')) put(marker, 'slot', was.get('slot'));
    else if (marker.has('slot')) marker.delete('slot');
  }
}

function put(marker: Y.Map<unknown>, key: string, value: unknown): void {
  if (JSON.stringify(marker.get(key)) !== JSON.stringify(value)) marker.set(key, value);
}

function nameOf(item: Y.Item): string {
  return `${String(item.id.client)}.${String(item.id.clock)}`;
}

// View order: physical order with moved fragments taken out and put behind the place that their slot names. It writes nothing.
import * as Y from 'yjs';
import { itemOf, type Fragment } from './fragments.ts';
import type { Slot } from './marker.ts';

/** A physical place: behind the fragment that holds the marker, or (null) the start of the page. */
export type Place = Fragment | null;

export interface ViewOrder {
  /** All fragments but an empty first one. */
  readonly order: readonly Fragment[];
  /** The moved fragments of each place that has any, in their order. */
  readonly places: ReadonlyMap<Place, readonly Fragment[]>;
  /** The place of each moved fragment. */
  readonly placeOf: ReadonlyMap<Fragment, Place>;
}

const NOTHING_MOVED = { places: new Map<Place, Fragment[]>(), placeOf: new Map<Fragment, Place>() };

/**
 * The order in which fragments are seen. A slot names an item, never another slot, so there are no cycles: a fragment stands
 * behind the *physical* place of the anchor, wherever the anchor itself is seen. Of a deleted anchor the nearest live marker
 * to its left counts (tombstones keep their order on every replica). A slot whose anchor is not known here is not heeded.
 */
export function viewOrder(body: Y.Text, fragments: readonly Fragment[]): ViewOrder {
  if (!fragments.some((fragment) => fragment.props?.slot)) return { order: physical(fragments), ...NOTHING_MOVED };
  const placeOf = resolvePlaces(body, fragments);
  const places = new Map<Place, Fragment[]>();
  for (const [fragment, place] of placeOf) {
    const there = places.get(place);
    if (there) there.push(fragment);
    else places.set(place, [fragment]);
  }
  for (const there of places.values()) there.sort(compareMoved);
  const order: Fragment[] = [];
  for (const fragment of fragments) {
    if (fragment.marker === null) {
      if (fragment.length > 0) order.push(fragment);
      order.push(...(places.get(null) ?? []));
      continue;
    }
    if (!placeOf.has(fragment)) order.push(fragment);
    const there = places.get(fragment);
    if (there) for (const moved of there) order.push(moved);
  }
  return { order, places, placeOf };
}

function physical(fragments: readonly Fragment[]): readonly Fragment[] {
  return fragments[0]?.length === 0 ? fragments.slice(1) : fragments;
}

function resolvePlaces(body: Y.Text, fragments: readonly Fragment[]): Map<Fragment, Place> {
  const holder = new Map<Y.Item, Fragment>();
  for (const fragment of fragments) {
    const item = fragment.marker && itemOf(fragment.marker);
    if (item) holder.set(item, fragment);
  }
  const placeOf = new Map<Fragment, Place>();
  const waiting = new Map<Y.Item, Fragment[]>();
  for (const fragment of fragments) {
    const slot = fragment.props?.slot;
    if (!slot) continue;
    if (slot.after === null) {
      placeOf.set(fragment, null);
      continue;
    }
    const item = findItem(body, slot.after);
    if (!item) continue;
    const place = holder.get(item);
    if (place) {
      placeOf.set(fragment, place);
    } else {
      const others = waiting.get(item);
      if (others) others.push(fragment);
      else waiting.set(item, [fragment]);
    }
  }
  if (waiting.size === 0) return placeOf;
  let nearest: Place = null;
  for (let item = body._start; item !== null; item = item.right) {
    nearest = holder.get(item) ?? nearest;
    for (const fragment of waiting.get(item) ?? []) placeOf.set(fragment, nearest);
  }
  return placeOf;
}

/** The item of the body that covers an id (tombstones are merged, so it may begin earlier), or null. */
function findItem(body: Y.Text, [client, clock]: NonNullable<Slot['after']>): Y.Item | null {
  const store = body.doc?.store;
  if (!store || clock >= Y.getState(store, client)) return null;
  const item: unknown = Y.getItem(store, Y.createID(client, clock));
  return item instanceof Y.Item && item.parent === body && item.parentSub === null ? item : null;
}

function compareMoved(a: Fragment, b: Fragment): number {
  return (
    compareText(a.props?.slot?.key ?? '', b.props?.slot?.key ?? '') ||
    compareText(a.props?.id ?? '', b.props?.id ?? '') ||
    compareItems(a, b)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareItems(a: Fragment, b: Fragment): number {
  const left = a.marker && itemOf(a.marker)?.id;
  const right = b.marker && itemOf(b.marker)?.id;
  if (!left || !right) return 0;
  return left.client - right.client || left.clock - right.clock;
}

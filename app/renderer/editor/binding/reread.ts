// Reading again what a Y transaction touched. It walks all items (a list has no other way) but builds only changed fragments.
import * as Y from 'yjs';
import {
  emptyFragment,
  markerOf,
  NO_ATTRIBUTES,
  readItem,
  sameAttributes,
  type Attributes,
  type AttributeTable,
  type Fragment,
} from '../../../../shared/model/page/fragments.ts';
import { readMarker } from '../../../../shared/model/page/marker.ts';

/** Keys of a marker that decide about order and about which blocks there are. */
export const STRUCTURAL: ReadonlySet<string | null> = new Set(['id', 'kind', 'slot', 'flow']);

export interface RereadChange {
  readonly fragments: readonly Fragment[];
  /** Fragments (the same objects as before) whose content or props were replaced. */
  readonly touched: readonly Fragment[];
  /** Whether fragments came, went, or changed in a way that may move blocks. */
  readonly structural: boolean;
}

/** What a transaction did to the fragments, or null when all of them must be read. Must be called while it is observed. */
export function rereadChange(
  body: Y.Text,
  before: readonly Fragment[],
  transaction: Y.Transaction,
  table: AttributeTable,
): RereadChange | null {
  const known = new Map<Y.Map<unknown> | null, Fragment>();
  const touched: Fragment[] = [];
  let structural = false;
  const changed: [unknown, ReadonlySet<string | null>][] = [...transaction.changed];
  const keysOf = new Map(changed);
  const markers = new Set(
    changed.filter(([type]) => type instanceof Y.Map && type.parent === body).map(([type]) => type),
  );
  for (const fragment of before) {
    known.set(fragment.marker, fragment);
    if (!fragment.marker || !markers.delete(fragment.marker)) continue;
    // A marker that is one no longer is found by the walk, as a fragment that ends elsewhere.
    if (typeof fragment.marker.get('kind') !== 'string') return null;
    fragment.props = readMarker(fragment.marker);
    touched.push(fragment);
    const keys = keysOf.get(fragment.marker);
    if (keys && [...keys].some((key) => STRUCTURAL.has(key))) structural = true;
  }
  // An inline map that changed may have become a marker, with nothing new in the text itself.
  const isNew = newItems(transaction);
  for (const type of markers) {
    const item = type instanceof Y.Map ? type._item : null;
    if (item && !item.deleted && !isNew(item)) return null;
  }
  if (!changed.some(([type]) => type === body)) return { fragments: before, touched, structural };

  const fragments: Fragment[] = [];
  let attributes = NO_ATTRIBUTES;
  let marker: Y.Map<unknown> | null = null;
  let start: Y.Item | null = body._start;
  let startAttributes: Attributes = NO_ATTRIBUTES;
  let dirty = false;
  const scratch = emptyFragment(null, NO_ATTRIBUTES);
  const close = (end: Y.Item | null): void => {
    const old = known.get(marker);
    if (old && !dirty && sameAttributes(old.markerAttributes, startAttributes)) {
      fragments.push(old);
      return;
    }
    const built = emptyFragment(marker, startAttributes);
    let inside = startAttributes;
    for (let item = start; item !== null && item !== end; item = item.right) {
      inside = readItem(built, item, inside, table);
    }
    if (old && sameAttributes(old.markerAttributes, startAttributes)) {
      old.runs = built.runs;
      old.length = built.length;
      touched.push(old);
      fragments.push(old);
    } else {
      structural = true;
      fragments.push(built);
    }
  };
  for (let item: Y.Item | null = body._start; item !== null; item = item.right) {
    const found = markerOf(item);
    const fresh = isNew(item);
    if (found) {
      dirty ||= fresh;
      close(item);
      marker = found;
      start = item.right;
      startAttributes = attributes;
      dirty = false;
    } else {
      dirty ||= fresh || (item.deleted && Y.isDeleted(transaction.deleteSet, item.id));
      if (!item.deleted && item.content instanceof Y.ContentFormat) {
        attributes = readItem(scratch, item, attributes, table);
      }
    }
  }
  close(null);
  return { fragments, touched, structural: structural || !sameOrder(before, fragments) };
}

/** Tells items that a transaction added. */
export function newItems(transaction: Y.Transaction): (item: Y.Item) => boolean {
  let client = -1;
  let clock = 0;
  return (item) => {
    if (item.id.client !== client) {
      client = item.id.client;
      clock = transaction.beforeState.get(client) ?? 0;
    }
    return item.id.clock >= clock;
  };
}

function sameOrder(a: readonly Fragment[], b: readonly Fragment[]): boolean {
  return a.length === b.length && a.every((fragment, index) => fragment === b[index]);
}

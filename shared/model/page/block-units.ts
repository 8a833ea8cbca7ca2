// The content of fragments unit by unit, each with the id of its item: who wrote it, and whether it is there elsewhere, is told by that. It writes nothing.
import type * as Y from 'yjs';
import { AttributeTable, emptyFragment, markerOf, NO_ATTRIBUTES, readItem, type Attributes } from './fragments.ts';

/** A UTF-16 unit of text, or one inline thing. */
export interface Unit {
  readonly client: number;
  readonly clock: number;
  readonly insert: string | object;
  readonly attributes: Attributes;
  /** In its body. */
  readonly index: number;
}

export function unitName({ client, clock }: Pick<Unit, 'client' | 'clock'>): string {
  return `${String(client)}.${String(clock)}`;
}

/** By marker (null: what stands before the first), for the markers that are asked for, in one walk. */
export function unitsOf(
  body: Y.Text,
  wanted: ReadonlySet<Y.Map<unknown> | null>,
): ReadonlyMap<Y.Map<unknown> | null, readonly Unit[]> {
  const found = new Map<Y.Map<unknown> | null, Unit[]>([...wanted].map((marker) => [marker, []]));
  const table = new AttributeTable();
  let attributes = NO_ATTRIBUTES;
  let units = found.get(null);
  let index = 0;
  for (let item = body._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const marker = markerOf(item);
    if (marker) units = found.get(marker);
    else {
      const one = emptyFragment(null, NO_ATTRIBUTES);
      attributes = readItem(one, item, attributes, table);
      const { client, clock } = item.id;
      let offset = 0;
      for (const run of units ? one.runs : []) {
        for (const insert of typeof run.insert === 'string' ? run.insert.split('') : [run.insert]) {
          units?.push({ client, clock: clock + offset, insert, attributes, index: index + offset });
          offset += 1;
        }
      }
    }
    if (item.countable) index += item.length;
  }
  return found;
}

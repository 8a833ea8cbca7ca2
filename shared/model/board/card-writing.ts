// Which cards of a board hold what was written between two states of its document, by looking at what was written and not at the board. It judges nobody.
import * as Y from 'yjs';
import { cardsOf } from '../document/roots.ts';
import { cardOfKey } from './whereabouts.ts';

/** A piece of a card: the key of the card that it stands under, and what Yjs says of it. '' for a map of the card itself. */
export interface Written {
  readonly card: string;
  /** By which going the map of the card came that it stands in; '' for the one that was made here. */
  readonly going: string;
  readonly key: string;
  readonly item: Y.Item;
}

/**
 * Everything that was written in cards from these clocks on, also what was overwritten or deleted since, as far as Yjs still knows where
 * it stood. It costs what was written, not what the board holds.
 * @param from by client; a client that is not in it counts from its first clock.
 */
export function* writtenSince(doc: Y.Doc, from: ReadonlyMap<number, number>): Iterable<Written> {
  for (const client of doc.store.clients.keys()) {
    yield* writtenIn(doc, client, { start: from.get(client) ?? 0, end: Infinity });
  }
}

/** The same for one client's clocks. */
export function* writtenIn(
  doc: Y.Doc,
  client: number,
  { start, end }: { readonly start: number; readonly end: number },
): Iterable<Written> {
  const structs = doc.store.clients.get(client) ?? [];
  const last = structs.at(-1);
  if (!last || last.id.clock + last.length <= start) return;
  const cards: unknown = cardsOf(doc);
  for (let at = Y.findIndexSS(structs, start); at < structs.length; at += 1) {
    const struct = structs[at];
    if (!struct || struct.id.clock >= end) return;
    // What was collected says nothing of its place any more.
    if (!(struct instanceof Y.Item)) continue;
    const place = placeOf(struct, cards);
    if (place) yield { ...place, item: struct };
  }
}

/** Up through the parents: cards are not deep, and Yjs integrates nothing without its parent. */
function placeOf(written: Y.Item, cards: unknown): Omit<Written, 'item'> | null {
  let key = '';
  let item: Y.Item | null = written;
  while (item) {
    const parent: unknown = item.parent;
    if (parent === cards) {
      const map = cardOfKey(item.parentSub ?? '');
      return map && { ...map, key };
    }
    key = item.parentSub ?? '';
    item = parent instanceof Y.AbstractType ? (parent as Y.AbstractType<unknown>)._item : null;
  }
  return null;
}

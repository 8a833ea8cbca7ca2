// Removing a card, a column or a post as an edit: a mark that stops counting when something newer stands in what it removed.
// Nothing is taken out of the document here, so that nobody's words go with another's deletion.
import * as Y from 'yjs';
import { isDocumentId, readTime } from './meta.ts';

export type Removal =
  | { readonly kind: 'none' }
  /** Removed, and whoever did it had seen everything that stands in it. */
  | { readonly kind: 'removed'; readonly at: number; readonly by: string | null }
  /** Somebody edited it without knowing of the removal, or after it: it is shown again, with a note. */
  | { readonly kind: 'overtaken'; readonly at: number; readonly by: string | null };

const MARK = 'removed';
const NONE: Removal = Object.freeze({ kind: 'none' });
/** A key that others write when they put something beside it; that says nothing about the thing itself. */
const ORDER = 'order';

/**
 * Marks it as removed. What stands in it now is noted, so that readers can tell what came later.
 * @param texts where the thing is only a place for texts that lie elsewhere (a row of a table): these instead of itself.
 */
export function markRemoved(thing: Y.Map<unknown>, at: number, by: string, texts?: Iterable<Y.Text>): void {
  thing.set(MARK, { at, by, seen: [...(texts ? textEnds(texts) : contents(thing))] });
}

/** Takes the mark away, whether it counted or not. Answers whether there was one. */
export function unmarkRemoved(thing: Y.Map<unknown>): boolean {
  if (!thing.has(MARK)) return false;
  thing.delete(MARK);
  return true;
}

/** Total: a mark of another form is none. */
export function readRemoval(thing: Y.Map<unknown>): Removal {
  const mark = readMark(thing);
  return mark ? removalOf(mark, isOvertaken(mark, contents(thing))) : NONE;
}

/** A mark as it is stored: who removed, and how far they had seen each client's writing. */
export interface RemovalMark {
  readonly at: number;
  readonly by: string | null;
  readonly seen: ReadonlyMap<unknown, unknown>;
}

/** The mark on a thing, or null when there is none that can be read. */
export function readMark(thing: Y.Map<unknown>): RemovalMark | null {
  const mark = thing.get(MARK);
  if (typeof mark !== 'object' || mark === null || !('seen' in mark)) return null;
  const { at, by, seen } = mark as { at?: unknown; by?: unknown; seen?: unknown };
  if (!Array.isArray(seen)) return null;
  const known = new Map<unknown, unknown>();
  for (const pair of seen as unknown[]) if (Array.isArray(pair)) known.set(pair[0], pair[1]);
  return { at: readTime(at) ?? 0, by: isDocumentId(by) ? by : null, seen: known };
}

export function removalOf({ at, by }: RemovalMark, overtaken: boolean): Removal {
  return { kind: overtaken ? 'overtaken' : 'removed', at, by };
}

/** How far each client's writing goes: one past the clock of its newest item. As it is stored; readers take what is of the form. */
export type Seen = readonly (readonly [client: number, end: number])[];

/** What stands in a thing now, its own mark and place not counted. */
export function contentsOf(thing: Y.Map<unknown>): ReadonlyMap<number, number> {
  return contents(thing);
}

/** Keys under which something stands that is not within `seen`; also the mark of a removal that is not. What was taken away without another value shows nowhere. */
export function unseenKeys(thing: Y.Map<unknown>, seen: Seen): readonly string[] {
  return [...thing.keys()].filter((key) => !isSeen(thing, key, seen));
}

/** Whether all that stands under a key of a thing, in texts and maps in it too, is within `seen`. */
export function isSeen(thing: Y.Map<unknown>, key: string, seen: Seen): boolean {
  const known = new Map<unknown, unknown>(seen);
  const newest = (thing as unknown as Y.AbstractType<unknown>)._map.get(key);
  const waiting = newest ? [newest] : [];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (item.deleted) continue;
    const until = known.get(item.id.client);
    if (typeof until !== 'number' || until < item.id.clock + item.length) return false;
    if (!(item.content instanceof Y.ContentType)) continue;
    const type = item.content.type as Y.AbstractType<unknown>;
    waiting.push(...type._map.values());
    for (let inside = type._start; inside !== null; inside = inside.right) waiting.push(inside);
  }
  return true;
}

/** Whether a text holds what whoever set the mark had not seen. */
export function holdsUnseen(mark: RemovalMark, text: Y.Text): boolean {
  return isOvertaken(mark, textEnds([text]));
}

function isOvertaken(mark: RemovalMark, ends: ReadonlyMap<number, number>): boolean {
  for (const [client, end] of ends) {
    const until = mark.seen.get(client);
    if (typeof until !== 'number' || until < end) return true;
  }
  return false;
}

/** How far each client's writing in texts goes, of what is still there: typing and deleting it again brings nothing back. */
function textEnds(texts: Iterable<Y.Text>): Map<number, number> {
  const ends = new Map<number, number>();
  const take = ({ id, length }: Y.Item): void => {
    const end = id.clock + length;
    if (end > (ends.get(id.client) ?? 0)) ends.set(id.client, end);
  };
  for (const text of texts) {
    for (let item = text._start; item !== null; item = item.right) {
      if (item.deleted) continue;
      take(item);
      if (!(item.content instanceof Y.ContentType)) continue;
      // A box that was ticked: what its keys were set to.
      for (const value of (item.content.type as Y.AbstractType<unknown>)._map.values()) if (!value.deleted) take(value);
    }
  }
  return ends;
}

/**
 * How far each client's writing in it goes: one past the clock of its newest item. Values that were overwritten count too
 * (they are to the left of the newest of their key): of two edits of one field only one is seen, and both were made.
 */
function contents(thing: Y.Map<unknown>): Map<number, number> {
  const ends = new Map<number, number>();
  const whole: unknown = thing;
  const types = [whole as Y.AbstractType<unknown>];
  const look = (item: Y.Item): void => {
    const end = item.id.clock + item.length;
    if (end > (ends.get(item.id.client) ?? 0)) ends.set(item.id.client, end);
    if (item.content instanceof Y.ContentType) types.push(item.content.type as Y.AbstractType<unknown>);
  };
  for (let type = types.pop(); type !== undefined; type = types.pop()) {
    for (const [key, newest] of type._map) {
      if (type === whole && (key === MARK || key === ORDER)) continue;
      for (let item: Y.Item | null = newest; item !== null; item = item.left) look(item);
    }
    for (let item = type._start; item !== null; item = item.right) look(item);
  }
  return ends;
}

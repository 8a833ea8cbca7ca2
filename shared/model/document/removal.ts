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

/** Marks it as removed. What stands in it now is noted, so that readers can tell what came later. */
export function markRemoved(thing: Y.Map<unknown>, at: number, by: string): void {
  thing.set(MARK, { at, by, seen: [...contents(thing)] });
}

/** Takes the mark away, whether it counted or not. Answers whether there was one. */
export function unmarkRemoved(thing: Y.Map<unknown>): boolean {
  if (!thing.has(MARK)) return false;
  thing.delete(MARK);
  return true;
}

/** Total: a mark of another form is none. */
export function readRemoval(thing: Y.Map<unknown>): Removal {
  const mark = thing.get(MARK);
  if (typeof mark !== 'object' || mark === null || !('seen' in mark)) return NONE;
  const { at, by, seen } = mark as { at?: unknown; by?: unknown; seen?: unknown };
  if (!Array.isArray(seen)) return NONE;
  const known = new Map<unknown, unknown>();
  for (const pair of seen as unknown[]) if (Array.isArray(pair)) known.set(pair[0], pair[1]);
  let overtaken = false;
  for (const [client, end] of contents(thing)) {
    const until = known.get(client);
    if (typeof until !== 'number' || until < end) overtaken = true;
  }
  return {
    kind: overtaken ? 'overtaken' : 'removed',
    at: readTime(at) ?? 0,
    by: isDocumentId(by) ? by : null,
  };
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

// What an undo may not take along: the texts inside markers, and a table or a poll in which others have written. It undoes nothing itself.
import * as Y from 'yjs';
import { isMarker } from './marker.ts';

/**
 * For an undo manager's `deleteFilter` (TB10, PG14). The text of a cell, a question or a choice is never deleted, because somebody
 * may be typing in it at this moment: an undo takes the row, column or choice away, and words that arrive later bring a row or
 * column back. A table or a poll stays when words of others stand in it, and so does a choice.
 */
export function mayBeUndone(item: Y.Item): boolean {
  const type: unknown = item.content instanceof Y.ContentType ? item.content.type : null;
  if (type instanceof Y.Text) return false;
  if (isChoice(item, type) && holdsOthers(type.get('text'), item.id.client)) return false;
  const marker: unknown = MADE_WITH_IT.has(item.parentSub) ? item.parent : type;
  return !isMarker(marker) || !marker._item || !holdsOthersWords(marker, marker._item.id.client);
}

/** Keys of a marker that nobody sets again. */
const MADE_WITH_IT: ReadonlySet<string | null> = new Set(['id', 'kind', 'columns', 'rows', 'cells', 'choices']);

function isChoice(item: Y.Item, type: unknown): type is Y.Map<unknown> {
  const within = item.parent instanceof Y.Map ? (item.parent as Y.Map<unknown>)._item : null;
  return type instanceof Y.Map && within?.parentSub === 'choices' && isMarker(within.parent);
}

function holdsOthersWords(marker: Y.Map<unknown>, client: number): boolean {
  const [cells, choices] = [marker.get('cells'), marker.get('choices')];
  if (holdsOthers(marker.get('text'), client)) return true;
  if (cells instanceof Y.Map) for (const text of cells.values()) if (holdsOthers(text, client)) return true;
  if (!(choices instanceof Y.Map)) return false;
  for (const choice of choices.values()) {
    if (choice instanceof Y.Map && holdsOthers(choice.get('text'), client)) return true;
  }
  return false;
}

function holdsOthers(text: unknown, client: number): boolean {
  if (!(text instanceof Y.Text)) return false;
  for (let item = text._start; item !== null; item = item.right) {
    if (!item.deleted && item.countable && item.id.client !== client) return true;
  }
  return false;
}

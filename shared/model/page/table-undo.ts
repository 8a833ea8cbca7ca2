// What an undo may not take along: the texts of cells, and a table in which others have written. It undoes nothing itself.
import * as Y from 'yjs';
import { isMarker } from './marker.ts';

/**
 * For an undo manager's `deleteFilter` (TB10). The text of a cell is never deleted, because somebody may be typing in it at
 * this moment: an undo takes the row or column away, and words that arrive later bring it back. A table stays when words of
 * others stand in it.
 */
export function mayBeUndone(item: Y.Item): boolean {
  const type: unknown = item.content instanceof Y.ContentType ? item.content.type : null;
  if (type instanceof Y.Text) return false;
  const marker: unknown = MADE_WITH_IT.has(item.parentSub) ? item.parent : type;
  return !isMarker(marker) || !marker._item || !holdsOthersWords(marker, marker._item.id.client);
}

/** Keys of a table's marker that nobody sets again. */
const MADE_WITH_IT: ReadonlySet<string | null> = new Set(['id', 'kind', 'columns', 'rows', 'cells']);

function holdsOthersWords(marker: Y.Map<unknown>, client: number): boolean {
  const cells = marker.get('cells');
  if (!(cells instanceof Y.Map)) return false;
  for (const text of cells.values()) {
    if (!(text instanceof Y.Text)) continue;
    for (let item = text._start; item !== null; item = item.right) {
      if (!item.deleted && item.countable && item.id.client !== client) return true;
    }
  }
  return false;
}

// What an undo of Yjs leaves out: entries of maps that somebody else set meanwhile, though theirs does not stand either. It decides no other part of an undo.
import * as Y from 'yjs';

/** A step that was undone or redone: what it had written and taken away. */
export type UndoneStep = Pick<Y.UndoManager['undoStack'][number], 'insertions' | 'deletions'>;

/**
 * Rule BI25. To be called in the transaction of the undo. Yjs does not set an entry again behind somebody else's, to overwrite
 * nobody: but where ours stood beyond theirs, or theirs came to a block that was deleted, then nothing is left of the entry, and
 * a marker without its kind is none. Such an entry gets what it had before the step.
 */
export function bringBackEntries(transaction: Y.Transaction, step: UndoneStep, scope: Y.UndoManager['scope']): void {
  const lost = new Map<Y.Map<unknown>, Map<string, unknown>>();
  Y.iterateDeletedStructs(transaction, step.deletions, (item) => {
    if (!(item instanceof Y.Item) || item.parentSub === null || item.redone !== null) return;
    // What came and went within the step is not what was there before it.
    if (!item.deleted || !(item.content instanceof Y.ContentAny) || Y.isDeleted(step.insertions, item.id)) return;
    if (!scope.some((type) => type instanceof Y.AbstractType && Y.isParentOf(type, item))) return;
    const map = standing(item.parent, transaction.doc);
    if (!map || map.has(item.parentSub)) return;
    const entries = lost.get(map) ?? new Map<string, unknown>();
    lost.set(map, entries.set(item.parentSub, item.content.arr.at(-1)));
  });
  for (const [map, entries] of lost) for (const [key, value] of entries) map.set(key, value);
}

/** The map itself, or what stands for it since an undo brought it back; null where it is gone. */
function standing(type: Y.Item['parent'], doc: Y.Doc): Y.Map<unknown> | null {
  if (!(type instanceof Y.Map)) return null;
  let item = type._item;
  while (item?.deleted) item = item.redone && Y.getItem(doc.store, item.redone);
  if (!item) return type._item === null ? (type as Y.Map<unknown>) : null;
  const now: unknown = item.content instanceof Y.ContentType ? item.content.type : null;
  return now instanceof Y.Map ? now : null;
}

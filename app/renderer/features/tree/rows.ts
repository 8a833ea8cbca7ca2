// The rows of a space's tree as they stand on the screen, and where a row may go. Pure.
import { wouldCycle, type Tree } from '../../../../shared/model/document/tree.ts';
import type { DocEntry } from '../../../contract/entities.ts';

export interface TreeRowData {
  readonly entry: DocEntry;
  /** 1 at the top, as aria-level counts. */
  readonly level: number;
  readonly hasChildren: boolean;
  readonly open: boolean;
  /** Its parent as it is shown, which may differ from the one that is written. */
  readonly parent: string | null;
  /** Its place among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
}

/** Rows in the order of the screen: children only of rows that are open. Iterative: a tree may be deep. */
export function visibleRows(tree: Tree<DocEntry>, isOpen: (id: string) => boolean): readonly TreeRowData[] {
  const rows: TreeRowData[] = [];
  const stack: {
    readonly list: readonly DocEntry[];
    readonly parent: string | null;
    readonly level: number;
    at: number;
  }[] = [{ list: tree.get(null) ?? [], parent: null, level: 1, at: 0 }];
  for (;;) {
    const top = stack.at(-1);
    if (!top) return rows;
    const entry = top.list[top.at];
    top.at += 1;
    if (!entry) {
      stack.pop();
      continue;
    }
    const children = tree.get(entry.id) ?? [];
    const open = children.length > 0 && isOpen(entry.id);
    rows.push({
      entry,
      level: top.level,
      hasChildren: children.length > 0,
      open,
      parent: top.parent,
      position: top.at,
      siblings: top.list.length,
    });
    if (open) stack.push({ list: children, parent: entry.id, level: top.level + 1, at: 0 });
  }
}

/** A place in the tree: below `parent`, behind `after` (null: first). */
export interface Place {
  readonly parent: string | null;
  readonly after: string | null;
}

export type Move = 'up' | 'down' | 'in' | 'out';

function shownParent(tree: Tree<DocEntry>, id: string): string | null | undefined {
  for (const [parent, list] of tree) if (list.some((entry) => entry.id === id)) return parent;
  return undefined;
}

/** Where a key moves a page, or null where it cannot go further. */
export function placeOfMove(tree: Tree<DocEntry>, id: string, move: Move): Place | null {
  const parent = shownParent(tree, id);
  if (parent === undefined) return null;
  const siblings = tree.get(parent) ?? [];
  const at = siblings.findIndex((entry) => entry.id === id);
  const before = siblings[at - 1];
  switch (move) {
    case 'up':
      return before ? { parent, after: siblings[at - 2]?.id ?? null } : null;
    case 'down': {
      const next = siblings[at + 1];
      return next ? { parent, after: next.id } : null;
    }
    case 'in':
      return before ? { parent: before.id, after: (tree.get(before.id) ?? []).at(-1)?.id ?? null } : null;
    case 'out': {
      if (parent === null) return null;
      const above = shownParent(tree, parent);
      return above === undefined ? null : { parent: above, after: parent };
    }
  }
}

export type DropEdge = 'above' | 'inside' | 'below';

/** Which part of a row the pointer is over: its upper quarter, its lower quarter, or between. */
export function dropEdge(rect: { readonly top: number; readonly height: number }, y: number): DropEdge {
  const part = (y - rect.top) / rect.height;
  return part < 0.25 ? 'above' : part > 0.75 ? 'below' : 'inside';
}

/** Where a drop puts a page, or null where that would make a cycle or change nothing. */
export function placeOfDrop(
  tree: Tree<DocEntry>,
  documents: ReadonlyMap<string, DocEntry>,
  dragged: string,
  target: string,
  edge: DropEdge,
): Place | null {
  if (dragged === target) return null;
  const parent = shownParent(tree, target);
  if (parent === undefined) return null;
  const siblings = (tree.get(parent) ?? []).filter((entry) => entry.id !== dragged);
  const at = siblings.findIndex((entry) => entry.id === target);
  const place: Place =
    edge === 'inside'
      ? { parent: target, after: (tree.get(target) ?? []).filter((entry) => entry.id !== dragged).at(-1)?.id ?? null }
      : { parent, after: edge === 'above' ? (siblings[at - 1]?.id ?? null) : target };
  return wouldCycle(documents, dragged, place.parent) ? null : place;
}

// The tree of a space's documents out of their own parents and keys (docs/documents.md, DD3). Pure, iterative, total.
import type { DocumentKind } from './meta.ts';
import { compareSiblings, placeAt, type Placement } from './order.ts';

/** What a document says about its place. */
export interface TreeItem {
  readonly id: string;
  readonly parent: string | null;
  readonly order: string;
  readonly archived: boolean;
}

/** Kinds that stand in the tree of a space: the rest belongs to one of those, or has lists of its own. */
export function isInTree({ kind }: { readonly kind: DocumentKind }): boolean {
  return kind === 'page' || kind === 'board';
}

/** The children of each document in order; the top is under null. Every item stands in it exactly once. */
export type Tree<T extends TreeItem> = ReadonlyMap<string | null, readonly T[]>;

/** The parent that counts: null where the one written is unknown here, archived (while the item is not), or itself. */
function writtenParent<T extends TreeItem>(items: ReadonlyMap<string, T>, item: T): string | null {
  if (item.parent === null || item.parent === item.id) return null;
  const parent = items.get(item.parent);
  if (!parent || (parent.archived && !item.archived)) return null;
  return parent.id;
}

/** The ids at which a cycle is cut: of each cycle the smallest, so that every computer cuts the same one. */
function cutLoose(parents: ReadonlyMap<string, string | null>): ReadonlySet<string> {
  const cut = new Set<string>();
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const path: string[] = [];
    const onPath = new Map<string, number>();
    let at: string | null = start;
    while (at !== null && !done.has(at) && !onPath.has(at)) {
      onPath.set(at, path.length);
      path.push(at);
      at = parents.get(at) ?? null;
    }
    const entry = at === null ? undefined : onPath.get(at);
    if (entry !== undefined) cut.add(path.slice(entry).reduce((least, id) => (id < least ? id : least)));
    for (const id of path) done.add(id);
  }
  return cut;
}

/** DD3 for all items of one space. Items of the same id: the last one counts. */
export function buildTree<T extends TreeItem>(items: Iterable<T>): Tree<T> {
  const byId = new Map<string, T>();
  for (const item of items) byId.set(item.id, item);
  const parents = new Map<string, string | null>();
  for (const item of byId.values()) parents.set(item.id, writtenParent(byId, item));
  const cut = cutLoose(parents);
  const children = new Map<string | null, T[]>();
  for (const item of byId.values()) {
    const parent = cut.has(item.id) ? null : (parents.get(item.id) ?? null);
    const list = children.get(parent);
    if (list) list.push(item);
    else children.set(parent, [item]);
  }
  for (const list of children.values()) list.sort(compareSiblings);
  return children;
}

/** The item and everything below it, parents before children. */
export function subtree<T extends TreeItem>(tree: Tree<T>, root: T): readonly T[] {
  const found: T[] = [root];
  for (let at = 0; at < found.length; at++) {
    const item = found[at];
    if (item) found.push(...(tree.get(item.id) ?? []));
  }
  return found;
}

/** Whether putting `id` below `parent` would make a cycle in the tree as it stands. */
export function wouldCycle(items: ReadonlyMap<string, TreeItem>, id: string, parent: string | null): boolean {
  const seen = new Set<string>();
  for (let at = parent; at !== null && !seen.has(at); at = items.get(at)?.parent ?? null) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}

/**
 * The key for a place below `parent`: behind the sibling `after`, at the start (null), or at the end (undefined; also
 * when `after` is not there any more). `moving` is left out of its siblings.
 */
export function placeInTree<T extends TreeItem>(
  tree: Tree<T>,
  parent: string | null,
  after: string | null | undefined,
  moving?: string,
): Placement {
  const siblings = (tree.get(parent) ?? []).filter((item) => item.id !== moving);
  if (after === null) return placeAt(siblings, 0);
  const found = after === undefined ? -1 : siblings.findIndex((item) => item.id === after);
  return placeAt(siblings, found < 0 ? siblings.length : found + 1);
}

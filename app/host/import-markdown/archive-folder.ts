// The folders in which an export keeps archived pages are no pages: what is in them goes back to where it stood. Pure.
import { ARCHIVE_FOLDER } from '../export-markdown/export-plan.ts';
import { baseOf, type FolderNode } from './folder-tree.ts';

/** When it was archived, and below which file (null: at the top) it stood. */
export interface ArchivedPlace {
  readonly at: number;
  readonly below: string | null;
}

/**
 * Nodes without those of such folders: one without a page of its own, in which every file directly below is known as archived.
 * `archived` is by path. A file that stood below one that is not there stands where its folder stands.
 */
export function withoutArchiveFolders(
  nodes: readonly FolderNode[],
  archived: ReadonlyMap<string, ArchivedPlace>,
): readonly FolderNode[] {
  const inside = new Map<FolderNode, FolderNode[]>();
  for (const node of nodes) {
    const list = node.parent && inside.get(node.parent);
    if (list) list.push(node);
    else if (node.parent) inside.set(node.parent, [node]);
  }
  const gone = new Set(
    nodes.filter(
      (node) =>
        node.file === null &&
        baseOf(node.folder ?? '') === ARCHIVE_FOLDER &&
        (inside.get(node) ?? []).every(({ file }) => file !== null && archived.has(file)),
    ),
  );
  if (gone.size === 0) return nodes;
  const byFile = new Map(nodes.flatMap((node) => (node.file === null ? [] : [[node.file, node] as const])));
  // The new nodes know one another: first all of them, then who stands below whom.
  const renewed = new Map<FolderNode, { -readonly [Key in keyof FolderNode]: FolderNode[Key] }>(
    nodes.filter((node) => !gone.has(node)).map((node) => [node, { ...node }]),
  );
  for (const [node, fresh] of renewed) {
    let { parent } = node;
    if (parent && gone.has(parent)) {
      const below = node.file === null ? null : (archived.get(node.file)?.below ?? null);
      parent = (below === null ? undefined : byFile.get(below)) ?? parent.parent;
    }
    fresh.parent = parent === null ? null : (renewed.get(parent) ?? null);
  }
  return [...renewed.values()];
}

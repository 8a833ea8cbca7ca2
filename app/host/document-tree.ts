// The tree of entries for the command line, which knows entries but not the model.
import { buildTree, type Tree } from '../../shared/model/document/tree.ts';
import type { DocEntry } from '../contract/entities.ts';

export function documentTree(entries: Iterable<DocEntry>): Tree<DocEntry> {
  return buildTree(entries);
}

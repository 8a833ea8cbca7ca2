// Questions that commands ask about the flat run of blocks in an editor document; it changes nothing.
import type { Node } from 'prosemirror-model';
import type { EditorState } from 'prosemirror-state';

/** A top-level node with where it stands. */
export interface PlacedBlock {
  readonly node: Node;
  /** Position before the node. */
  readonly pos: number;
  /** Index among the document's children. */
  readonly index: number;
}

const LIST_KINDS: ReadonlySet<string> = new Set(['bullet', 'ordered', 'check']);
const VERBATIM_KINDS: ReadonlySet<string> = new Set(['code', 'raw']);

/** Whether Enter in the block continues a list. */
export function isListItem(node: Node): boolean {
  return isText(node) && LIST_KINDS.has(kindOf(node));
}

/** Whether the block's text is kept letter by letter: no shortcuts, no marks, Enter is a line break. */
export function isVerbatim(node: Node): boolean {
  return isText(node) && VERBATIM_KINDS.has(kindOf(node));
}

/** Whether the node is a block with editable text. */
export function isText(node: Node): boolean {
  return node.isTextblock;
}

/** The block's kind; a node without one (a divider) is named after its type. */
export function kindOf(node: Node): string {
  const kind: unknown = node.attrs.kind;
  return typeof kind === 'string' ? kind : node.type.name;
}

export function indentOf(node: Node): number {
  const indent: unknown = node.attrs.indent;
  return typeof indent === 'number' ? indent : 0;
}

export function idOf(node: Node): string {
  const id: unknown = node.attrs.id;
  return typeof id === 'string' ? id : '';
}

/** The top-level node around or directly behind `pos`; null at the document's end. */
export function blockAt(doc: Node, pos: number): PlacedBlock | null {
  const $pos = doc.resolve(pos);
  const index = $pos.index(0);
  const node = doc.maybeChild(index);
  return node ? { node, pos: $pos.posAtIndex(index, 0), index } : null;
}

/** The child with this index. */
export function blockAtIndex(doc: Node, index: number): PlacedBlock | null {
  const node = doc.maybeChild(index);
  return node ? { node, pos: doc.resolve(0).posAtIndex(index, 0), index } : null;
}

/** The text block that holds the caret, when the selection is one caret in text. */
export function blockAtCaret(state: EditorState): PlacedBlock | null {
  const { empty, $from } = state.selection;
  return empty && $from.depth === 1 && $from.parent.isTextblock ? blockAt(state.doc, $from.before(1)) : null;
}

/** The top-level nodes that the selection touches. */
export function selectedBlocks(state: EditorState): PlacedBlock[] {
  const { $from, $to, from, to } = state.selection;
  const first = $from.index(0);
  // A selection that ends before a node does not touch it, one that ends inside a node does.
  const last = $to.depth === 0 && to > from ? $to.index(0) - 1 : $to.index(0);
  const found: PlacedBlock[] = [];
  let pos = $from.posAtIndex(first, 0);
  for (let index = first; index <= last; index++) {
    const node = state.doc.maybeChild(index);
    if (!node) break;
    found.push({ node, pos, index });
    pos += node.nodeSize;
  }
  return found;
}

/** The index behind the block at `index` and its children: the following blocks of greater indent. */
export function subtreeEnd(doc: Node, index: number): number {
  const indent = indentOf(doc.child(index));
  let end = index + 1;
  while (end < doc.childCount && indentOf(doc.child(end)) > indent) end++;
  return end;
}

/** The selected blocks together with the children of the last of them. */
export function selectedSubtree(state: EditorState): PlacedBlock[] {
  const found = selectedBlocks(state);
  const last = found.at(-1);
  if (!last) return found;
  // Children of any selected block count; those of an earlier one can reach beyond the last one.
  let end = last.index + 1;
  for (const block of found) end = Math.max(end, subtreeEnd(state.doc, block.index));
  let pos = last.pos + last.node.nodeSize;
  for (let index = last.index + 1; index < end; index++) {
    const node = state.doc.child(index);
    found.push({ node, pos, index });
    pos += node.nodeSize;
  }
  return found;
}

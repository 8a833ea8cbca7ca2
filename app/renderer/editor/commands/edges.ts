// Backspace at a block's start and Delete at its end: lose the kind, then the indent, then join with the neighbour.
import { NodeSelection, TextSelection, type Command, type EditorState, type Transaction } from 'prosemirror-state';
import { blockAtCaret, blockAtIndex, indentOf, isText, kindOf, type PlacedBlock } from '../blocks.ts';
import { retype } from './kinds.ts';

/** Backspace with the caret at a block's very start; `onLeaveTop` runs where nothing stands before it. */
export function backspaceAtStart(onLeaveTop: () => void): Command {
  return (state, dispatch) => {
    const block = blockAtCaret(state);
    if (!block || state.selection.$from.parentOffset > 0) return false;
    const tr = backspaceStep(state, block);
    if (tr) dispatch?.(tr.scrollIntoView());
    else if (dispatch) onLeaveTop();
    return true;
  };
}

function backspaceStep(state: EditorState, block: PlacedBlock): Transaction | null {
  const { tr } = state;
  if (kindOf(block.node) !== 'paragraph') {
    retype(tr, block, { kind: 'paragraph' });
    return tr;
  }
  if (indentOf(block.node) > 0) return tr.setNodeAttribute(block.pos, 'indent', indentOf(block.node) - 1);
  const above = blockAtIndex(state.doc, block.index - 1);
  return above ? joinInto(tr, above, block, above) : null;
}

/** Delete with the caret at a block's very end. */
export const deleteAtEnd: Command = (state, dispatch) => {
  const block = blockAtCaret(state);
  if (!block || state.selection.$from.parentOffset < block.node.content.size) return false;
  const below = blockAtIndex(state.doc, block.index + 1);
  if (!below) return true;
  dispatch?.(joinInto(state.tr, block, below, below).scrollIntoView());
  return true;
};

/** Joins two text neighbours; a divider in the way goes, what this version cannot edit is selected and stays. */
function joinInto(tr: Transaction, first: PlacedBlock, second: PlacedBlock, other: PlacedBlock): Transaction {
  if (isText(first.node) && isText(second.node)) return tr.join(second.pos);
  if (other.node.type.name === 'divider') return tr.delete(other.pos, other.pos + other.node.nodeSize);
  return NodeSelection.isSelectable(other.node) ? tr.setSelection(NodeSelection.create(tr.doc, other.pos)) : tr;
}

/** Mod+A: the block's text first, the whole page the second time. */
export const selectAllTwice: Command = (state, dispatch) => {
  const { $from, $to, from, to } = state.selection;
  if ($from.depth !== 1 || !$from.sameParent($to) || !isText($from.parent)) return false;
  const start = $from.start(1);
  const end = $from.end(1);
  if (start === end || (from === start && to === end)) return false;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, start, end)));
  return true;
};

// Indenting and outdenting blocks together with their children, by attribute steps alone.
import { TextSelection, type Command } from 'prosemirror-state';
import { MAX_INDENT } from '../../../../shared/model/page/block.ts';
import { indentOf, isVerbatim, selectedBlocks, selectedSubtree } from '../blocks.ts';

/** Moves the selected blocks one level in: at most one level deeper than the block before them. */
export const indentBlocks: Command = (state, dispatch) => {
  const blocks = selectedSubtree(state);
  const first = blocks.at(0);
  if (!first || first.index === 0) return false;
  const above = indentOf(state.doc.child(first.index - 1));
  if (indentOf(first.node) > above) return false;
  if (blocks.some(({ node }) => indentOf(node) >= MAX_INDENT)) return false;
  if (dispatch) {
    const { tr } = state;
    for (const { node, pos } of blocks) tr.setNodeAttribute(pos, 'indent', indentOf(node) + 1);
    dispatch(tr);
  }
  return true;
};

/** Moves the selected blocks one level out; what stands at the margin stays there. */
export const outdentBlocks: Command = (state, dispatch) => {
  const blocks = selectedSubtree(state).filter(({ node }) => indentOf(node) > 0);
  if (blocks.length === 0) return false;
  if (dispatch) {
    const { tr } = state;
    for (const { node, pos } of blocks) tr.setNodeAttribute(pos, 'indent', indentOf(node) - 1);
    dispatch(tr);
  }
  return true;
};

/** Tab: two spaces inside one code block, else one level in. Always handled, so that focus stays in the text. */
export const tab: Command = (state, dispatch, view) => {
  const { $from, $to } = state.selection;
  if ($from.sameParent($to) && $from.depth === 1 && isVerbatim($from.parent)) {
    if (dispatch) {
      const tr = state.tr.insertText('  ');
      dispatch(tr.setSelection(TextSelection.create(tr.doc, state.selection.from + 2)).scrollIntoView());
    }
    return true;
  }
  indentBlocks(state, dispatch, view);
  return true;
};

/** Shift+Tab: one level out; in code that is not indented as a block, up to two spaces less at the line's start. */
export const shiftTab: Command = (state, dispatch, view) => {
  const block = selectedBlocks(state).at(0);
  const { $from, $to } = state.selection;
  if (block && $from.sameParent($to) && isVerbatim(block.node)) {
    const before = block.node.textBetween(0, $from.parentOffset, undefined, '\ufffc');
    const lineStart = before.lastIndexOf('\n') + 1;
    const spaces = /^ {1,2}/.exec(block.node.textBetween(lineStart, block.node.content.size, undefined, '\ufffc'));
    if (spaces) {
      const start = block.pos + 1 + lineStart;
      dispatch?.(state.tr.delete(start, start + spaces[0].length));
      return true;
    }
  }
  outdentBlocks(state, dispatch, view);
  return true;
};

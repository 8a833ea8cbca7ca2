// What Enter and Shift+Enter do. A split is one plain replace step; a change of kind is an attribute step.
import { Fragment, Slice } from 'prosemirror-model';
import { NodeSelection, Selection, TextSelection, type Command, type Transaction } from 'prosemirror-state';
import { MAX_INDENT } from '../../../../shared/model/page/block.ts';
import { blockAt, indentOf, isListItem, isText, isVerbatim, kindOf, subtreeEnd, type PlacedBlock } from '../blocks.ts';
import { isFolded } from '../folding.ts';
import { newTextBlock } from './new-blocks.ts';
import { retype } from './kinds.ts';

/** Enter: splits; leaves lists, quotes and code as people expect. */
export const enter: Command = (state, dispatch) => {
  if (state.selection instanceof NodeSelection) {
    if (dispatch) {
      const at = state.selection.to;
      const tr = state.tr.insert(at, newTextBlock(state.schema, { indent: indentOf(state.selection.node) }));
      dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
    }
    return true;
  }
  const { tr } = state;
  if (!state.selection.empty) tr.deleteSelection();
  const { $from } = tr.selection;
  if ($from.depth !== 1 || !isText($from.parent)) return false;
  const block = blockAt(tr.doc, $from.before(1));
  if (!block) return false;
  if (dispatch) dispatch(enterIn(tr, block, $from.parentOffset, isFolded(state, block.node)).scrollIntoView());
  return true;
};

function enterIn(tr: Transaction, block: PlacedBlock, offset: number, folded: boolean): Transaction {
  if (isVerbatim(block.node)) return enterInVerbatim(tr, block, offset);
  const size = block.node.content.size;
  if (size === 0 && kindOf(block.node) !== 'heading') {
    if (indentOf(block.node) > 0) return tr.setNodeAttribute(block.pos, 'indent', indentOf(block.node) - 1);
    if (kindOf(block.node) !== 'paragraph') {
      retype(tr, block, { kind: 'paragraph' });
      return tr;
    }
  }
  if (folded && kindOf(block.node) === 'toggle' && offset === size) return toggleBelow(tr, block);
  return split(tr, block, offset);
}

/** Another toggle behind a folded one and what it hides. */
function toggleBelow(tr: Transaction, block: PlacedBlock): Transaction {
  const at = tr.doc.resolve(0).posAtIndex(subtreeEnd(tr.doc, block.index), 0);
  tr.insert(at, newTextBlock(block.node.type.schema, { kind: 'toggle', indent: indentOf(block.node) }));
  return tr.setSelection(TextSelection.create(tr.doc, at + 1));
}

/** The kind of what stands below after a split. */
function continued(block: PlacedBlock): Record<string, unknown> {
  const kind = kindOf(block.node);
  // What is written behind an open toggle's head goes into it.
  if (kind === 'toggle') return { kind: 'paragraph', indent: Math.min(MAX_INDENT, indentOf(block.node) + 1) };
  const kept = isListItem(block.node) || kind === 'quote' || kind === 'callout';
  return { kind: kept ? kind : 'paragraph', indent: indentOf(block.node) };
}

function split(tr: Transaction, block: PlacedBlock, offset: number): Transaction {
  const schema = block.node.type.schema;
  const attributes = continued(block);
  if (offset === 0 && block.node.content.size > 0) {
    // The text keeps its block, so that its id and what others write in it stay together.
    const above = kindOf(block.node) === 'toggle' ? { kind: 'toggle', indent: indentOf(block.node) } : attributes;
    return tr.insert(block.pos, newTextBlock(schema, above));
  }
  const at = block.pos + 1 + offset;
  const below = newTextBlock(schema, attributes);
  const between = Fragment.fromArray([block.node.type.create(block.node.attrs), below]);
  tr.replace(at, at, new Slice(between, 1, 1));
  return tr.setSelection(TextSelection.create(tr.doc, at + 2));
}

function enterInVerbatim(tr: Transaction, block: PlacedBlock, offset: number): Transaction {
  const text = block.node.textBetween(0, block.node.content.size, undefined, '\ufffc');
  const end = block.pos + 1 + block.node.content.size;
  if (offset === text.length && text.endsWith('\n')) {
    tr.delete(end - 1, end);
    tr.insert(end, newTextBlock(block.node.type.schema, { indent: indentOf(block.node) }));
    return tr.setSelection(TextSelection.create(tr.doc, end + 1));
  }
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lead = /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
  return tr.insertText('\n' + lead);
}

/** Shift+Enter: a line break inside the block. */
export const lineBreak: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if ($from.depth !== 1 || !isText($from.parent) || !$from.sameParent($to)) return false;
  dispatch?.(state.tr.insertText('\n').scrollIntoView());
  return true;
};

/** The caret into an empty paragraph behind everything: the last block where it is one, else a new one. */
export const caretBelow: Command = (state, dispatch) => {
  const last = state.doc.lastChild;
  const end = state.doc.content.size;
  const empty = last && isText(last) && kindOf(last) === 'paragraph' && last.content.size === 0 && indentOf(last) === 0;
  if (dispatch) {
    const { tr } = state;
    if (!empty) tr.insert(end, newTextBlock(state.schema, {}));
    dispatch(tr.setSelection(Selection.atEnd(tr.doc)).scrollIntoView());
  }
  return true;
};

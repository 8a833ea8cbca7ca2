// Putting inline things and blocks without text into a page. What they show, and where their values come from, is not here.
import { Fragment } from 'prosemirror-model';
import { NodeSelection, TextSelection, type Command } from 'prosemirror-state';
import type { Embed, NewAtom } from '../../../../shared/model/page/block.ts';
import { tellAddedSpace } from '../added-space.ts';
import { embedOf, inlineNode } from '../binding/nodes.ts';
import { indentOf, isText, isVerbatim, selectedBlocks } from '../blocks.ts';
import { newAtom, newTextBlock } from './new-blocks.ts';

/** Puts an inline thing in the place of the selection; `space` puts one behind it, unless white space stands there. */
export function insertEmbed(embed: Embed, options: { readonly space?: boolean } = {}): Command {
  return (state, dispatch) => {
    const { $from, $to, from, to } = state.selection;
    if (!$from.parent.inlineContent || !$from.sameParent($to) || isVerbatim($from.parent)) return false;
    if (dispatch) {
      const behind = $to.parent.textBetween($to.parentOffset, $to.parent.content.size, undefined, '\ufffc');
      const space = options.space === true && !/^\s/.test(behind);
      const nodes = [inlineNode(embed), ...(space ? [state.schema.text(' ')] : [])];
      const tr = state.tr.replaceWith(from, to, nodes);
      const caret = from + Fragment.fromArray(nodes).size;
      if (space) tellAddedSpace(tr, caret);
      dispatch(tr.setSelection(TextSelection.create(tr.doc, caret)).scrollIntoView());
    }
    return true;
  };
}

/** The inline thing that is selected as a whole, or null. */
export function selectedEmbed(selection: unknown): Embed | null {
  return selection instanceof NodeSelection ? embedOf(selection.node) : null;
}

/** Puts blocks without text behind the selected block, or in the place of an empty paragraph; the last one is selected. */
export function insertAtoms(atoms: readonly NewAtom[]): Command {
  return (state, dispatch) => {
    const block = selectedBlocks(state).at(-1);
    if (!block || atoms.length === 0) return false;
    if (dispatch) {
      const { tr, schema } = state;
      const nodes = atoms.map((atom) => newAtom(schema, { ...atom, indent: indentOf(block.node) } as NewAtom));
      const empty = isText(block.node) && block.node.content.size === 0;
      const at = empty ? block.pos : block.pos + block.node.nodeSize;
      tr.insert(at, nodes);
      const end = at + Fragment.fromArray(nodes).size;
      // There is always a line to go on writing in.
      if (!tr.doc.nodeAt(end)) tr.insert(end, newTextBlock(schema, {}));
      dispatch(tr.setSelection(NodeSelection.create(tr.doc, end - 1)).scrollIntoView());
    }
    return true;
  };
}

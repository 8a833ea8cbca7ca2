// Moving blocks with their children by keyboard, and duplicating them. The move itself is carried out by the binding.
import { Fragment, type Node } from 'prosemirror-model';
import { MAX_INDENT } from '../../../../shared/model/page/block.ts';
import { TextSelection, type Command, type EditorState } from 'prosemirror-state';
import { pageBindingKey } from '../binding/page-binding.ts';
import { withInside } from '../copied-inside.ts';
import { indentOf, isText, selectedSubtree } from '../blocks.ts';
import { newTextBlock } from './new-blocks.ts';
import { randomId } from '../../../../shared/base/random-id.ts';

/** A run of blocks and the index (in the document before the move) in front of which it will stand. */
export interface MovePlan {
  readonly from: number;
  /** Index behind the last block that moves. */
  readonly to: number;
  readonly target: number;
  /** Levels that the blocks go further in; less than 0: out, so that none is deeper than one level below what then stands above it. */
  readonly indent: number;
}

/** Where the selected blocks and their children go, one place up or down among what stands around them. */
export function planMove(state: EditorState, direction: 'up' | 'down'): MovePlan | null {
  const blocks = selectedSubtree(state);
  const first = blocks.at(0);
  const last = blocks.at(-1);
  if (!first || !last) return null;
  const { doc } = state;
  const from = first.index;
  const to = last.index + 1;
  const indent = indentOf(first.node);
  const target = direction === 'up' ? targetAbove(doc, from, indent) : targetBelow(doc, to, indent);
  if (target === null) return null;
  const above = target === 0 ? null : doc.child(target - 1);
  const deepest = above ? indentOf(above) + 1 : 0;
  return { from, to, target, indent: Math.min(0, deepest - indent) };
}

function targetAbove(doc: Node, from: number, indent: number): number | null {
  if (from === 0) return null;
  let index = from - 1;
  while (index > 0 && indentOf(doc.child(index)) > indent) index--;
  return index;
}

function targetBelow(doc: Node, to: number, indent: number): number | null {
  if (to >= doc.childCount) return null;
  let index = to + 1;
  // Past a sibling with its children; of a shallower block only the block itself, whose first child one then is.
  if (indentOf(doc.child(to)) === indent) {
    while (index < doc.childCount && indentOf(doc.child(index)) > indent) index++;
  }
  return index;
}

/**
 * The plan for blocks that are dropped in front of the block at `target`, the first of them as near to level `wanted` as its new
 * neighbours let it. Null where that is where they stand, or inside of what moves.
 */
export function planDrop(doc: Node, from: number, to: number, target: number, wanted: number): MovePlan | null {
  if (target > from && target < to) return null;
  const indent = indentOf(doc.child(from));
  const above = target === to ? from - 1 : target - 1;
  const below = target === from ? to : target;
  const deepest = above < 0 ? 0 : Math.min(MAX_INDENT, indentOf(doc.child(above)) + 1);
  // What stands below must not become a child of what is dropped unless it was that much deeper anyway.
  const least = below < doc.childCount ? Math.min(deepest, indentOf(doc.child(below))) : 0;
  const level = Math.min(deepest, Math.max(least, wanted));
  const stays = target === from || target === to;
  if (stays && level === indent) return null;
  return { from, to, target, indent: level - indent };
}

/** Carries out a plan; false when it was not possible. */
export type MoveBlocks = (plan: MovePlan) => boolean;

/** Ctrl/Cmd+Shift+arrow: handled even at the page's edge, so that the browser does nothing else with the keys. */
export function moveBy(direction: 'up' | 'down', move: MoveBlocks): Command {
  return (state, dispatch) => {
    if (!dispatch) return true;
    const plan = planMove(state, direction);
    if (plan) move(plan);
    return true;
  };
}

/** Copies of the selected blocks and their children, behind them; the caret goes into the first copy. */
export const duplicateBlocks: Command = (state, dispatch) => {
  // What this version does not know cannot be copied: only its stored form is complete.
  const blocks = selectedSubtree(state).filter(({ node }) => node.type.name !== 'unknown');
  const last = selectedSubtree(state).at(-1);
  if (blocks.length === 0 || !last) return false;
  if (dispatch) {
    const at = last.pos + last.node.nodeSize;
    const binding = pageBindingKey.getState(state)?.binding;
    const copies = blocks.map(({ node }) =>
      isText(node)
        ? newTextBlock(state.schema, node.attrs, node.content)
        : node.type.create({ ...withInside(node, binding).attrs, id: randomId() }),
    );
    const tr = state.tr.insert(at, Fragment.fromArray(copies));
    if (isText(copies[0] ?? last.node)) tr.setSelection(TextSelection.create(tr.doc, at + 1));
    dispatch(tr.scrollIntoView());
  }
  return true;
};

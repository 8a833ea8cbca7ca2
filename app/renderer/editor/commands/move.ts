// Moving blocks with their children by keyboard, and duplicating them. The move itself is carried out by the binding.
import { Fragment, type Node } from 'prosemirror-model';
import { TextSelection, type Command, type EditorState } from 'prosemirror-state';
import { indentOf, isText, selectedSubtree } from '../blocks.ts';
import { newTextBlock } from './new-blocks.ts';
import { randomId } from '../../../../shared/base/random-id.ts';

/** A run of blocks and the index (in the document before the move) in front of which it will stand. */
export interface MovePlan {
  readonly from: number;
  /** Index behind the last block that moves. */
  readonly to: number;
  readonly target: number;
  /** How much the blocks move out so that none is deeper than one level below what then stands above it. */
  readonly outdent: number;
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
  return { from, to, target, outdent: Math.max(0, indent - deepest) };
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
    const copies = blocks.map(({ node }) =>
      isText(node)
        ? newTextBlock(state.schema, node.attrs, node.content)
        : node.type.create({ ...node.attrs, id: randomId() }),
    );
    const tr = state.tr.insert(at, Fragment.fromArray(copies));
    if (isText(copies[0] ?? last.node)) tr.setSelection(TextSelection.create(tr.doc, at + 1));
    dispatch(tr.scrollIntoView());
  }
  return true;
};

// Commands that say what a block is. They set attributes only: text that a colleague types meanwhile is never touched.
import { NodeSelection, TextSelection, type Command, type EditorState, type Transaction } from 'prosemirror-state';
import type { TextKind } from '../../../../shared/model/page/block.ts';
import { blockAtIndex, isText, kindOf, selectedBlocks, type PlacedBlock } from '../blocks.ts';
import { newDivider, newTextBlock } from './new-blocks.ts';

/** What a text block can be turned into; `level` counts for headings. */
export interface KindChoice {
  readonly kind: TextKind;
  readonly level?: number;
}

/** Writes the attribute steps that make `block` the chosen kind; what already fits gets no step. */
export function retype(tr: Transaction, block: PlacedBlock, choice: KindChoice): void {
  const wanted: Record<string, unknown> = {
    kind: choice.kind,
    level: choice.kind === 'heading' ? (choice.level ?? 1) : 1,
    checked: choice.kind === 'check' && kindOf(block.node) === 'check' ? Boolean(block.node.attrs.checked) : false,
    language: choice.kind === 'code' ? block.node.attrs.language : '',
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (block.node.attrs[name] !== value) tr.setNodeAttribute(block.pos, name, value);
  }
}

/** Makes every selected text block the chosen kind. */
export function setKind(choice: KindChoice): Command {
  return (state, dispatch) => {
    const blocks = selectedBlocks(state).filter(({ node }) => isText(node));
    if (blocks.length === 0) return false;
    if (dispatch) {
      const { tr } = state;
      for (const block of blocks) retype(tr, block, choice);
      dispatch(tr.scrollIntoView());
    }
    return true;
  };
}

/** The chosen kind, or back to a paragraph where every selected block is that already. */
export function toggleKind(choice: KindChoice): Command {
  return (state, dispatch, view) => {
    const blocks = selectedBlocks(state).filter(({ node }) => isText(node));
    const already = blocks.every(
      ({ node }) =>
        kindOf(node) === choice.kind && (choice.kind !== 'heading' || node.attrs.level === (choice.level ?? 1)),
    );
    return setKind(already ? { kind: 'paragraph' } : choice)(state, dispatch, view);
  };
}

/** Ticks or unticks the selected check items: all of them become what the first one becomes. */
export const toggleCheck: Command = (state, dispatch) => {
  const items = selectedBlocks(state).filter(({ node }) => kindOf(node) === 'check');
  const first = items.at(0);
  if (!first) return false;
  if (dispatch) {
    const { tr } = state;
    const checked = !first.node.attrs.checked;
    for (const item of items) {
      if (item.node.attrs.checked !== checked) tr.setNodeAttribute(item.pos, 'checked', checked);
    }
    dispatch(tr);
  }
  return true;
};

/** Ticks or unticks the check item at this position; for a click on its box. */
export function toggleCheckAt(pos: number): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(pos);
    if (!node || kindOf(node) !== 'check') return false;
    dispatch?.(state.tr.setNodeAttribute(pos, 'checked', !node.attrs.checked));
    return true;
  };
}

/** The language of the code block that holds the selection. */
export function setLanguage(language: string): Command {
  return (state, dispatch) => {
    const blocks = selectedBlocks(state).filter(({ node }) => kindOf(node) === 'code');
    if (blocks.length === 0) return false;
    if (dispatch) {
      const { tr } = state;
      for (const block of blocks) tr.setNodeAttribute(block.pos, 'language', language);
      dispatch(tr);
    }
    return true;
  };
}

/** A divider before an empty block, else behind the block; the caret stands in the text block behind it. */
export const insertDivider: Command = (state, dispatch) => {
  const block = selectedBlocks(state).at(-1);
  if (!block) return false;
  if (dispatch) dispatch(writeDivider(state, state.tr, block.index).scrollIntoView());
  return true;
};

/** Adds a divider to a transaction whose document has the block at `index`; also used by the `---` shortcut. */
export function writeDivider(state: EditorState, tr: Transaction, index: number): Transaction {
  const block = blockAtIndex(tr.doc, index);
  if (!block) return tr;
  const indent: unknown = block.node.attrs.indent;
  const divider = newDivider(state.schema, typeof indent === 'number' ? indent : 0);
  if (isText(block.node) && block.node.content.size === 0) {
    tr.insert(block.pos, divider);
    return tr.setSelection(TextSelection.create(tr.doc, block.pos + divider.nodeSize + 1));
  }
  const behind = block.pos + block.node.nodeSize;
  tr.insert(behind, divider);
  const next = tr.doc.nodeAt(behind + divider.nodeSize);
  if (!next || !isText(next)) tr.insert(behind + divider.nodeSize, newTextBlock(state.schema, {}));
  return tr.setSelection(TextSelection.create(tr.doc, behind + divider.nodeSize + 1));
}

/** Selects the text of the block with this index. */
export function selectText(index: number): Command {
  return (state, dispatch) => {
    const block = blockAtIndex(state.doc, index);
    if (!block || !isText(block.node)) return false;
    const end = block.pos + 1 + block.node.content.size;
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, block.pos + 1, end)));
    return true;
  };
}

/** The caret into the block with this index, or the block selected where it has no text. */
export function selectBlock(index: number): Command {
  return (state, dispatch) => {
    const block = blockAtIndex(state.doc, index);
    if (!block) return false;
    const { tr } = state;
    tr.setSelection(
      isText(block.node) ? TextSelection.create(tr.doc, block.pos + 1) : NodeSelection.create(tr.doc, block.pos),
    );
    dispatch?.(tr);
    return true;
  };
}

/** Deletes a run of blocks by index; a page that loses its last one shows an empty paragraph. */
export function deleteRun(from: number, to: number): Command {
  return (state, dispatch) => {
    const first = blockAtIndex(state.doc, from);
    const last = blockAtIndex(state.doc, to - 1);
    if (!first || !last) return false;
    dispatch?.(withoutBlocks(state, first, last));
    return true;
  };
}

/** Removes the selected blocks; a page that loses its last one shows an empty paragraph. */
export const deleteBlocks: Command = (state, dispatch) => {
  const blocks = selectedBlocks(state);
  const first = blocks.at(0);
  const last = blocks.at(-1);
  if (!first || !last) return false;
  dispatch?.(withoutBlocks(state, first, last));
  return true;
};

function withoutBlocks(state: EditorState, first: PlacedBlock, last: PlacedBlock): Transaction {
  const { tr } = state;
  const end = last.pos + last.node.nodeSize;
  if (first.pos === 0 && end === state.doc.content.size) {
    tr.replaceWith(0, end, newTextBlock(state.schema, {}));
    tr.setSelection(TextSelection.create(tr.doc, 1));
  } else {
    tr.delete(first.pos, end);
    const next = tr.doc.nodeAt(first.pos) ? first.pos : first.pos - 1;
    const $near = tr.doc.resolve(Math.min(next, tr.doc.content.size));
    const node = $near.nodeAfter;
    tr.setSelection(
      node && !isText(node) && NodeSelection.isSelectable(node)
        ? NodeSelection.create(tr.doc, $near.pos)
        : TextSelection.near($near, tr.doc.nodeAt(first.pos) ? 1 : -1),
    );
  }
  return tr.scrollIntoView();
}

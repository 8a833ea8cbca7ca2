// The plugin that folds what is below a toggle or a heading away. What is folded is this window's own and is never stored.
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey, TextSelection, type Command, type EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { idOf, indentOf, isText, kindOf, selectedBlocks } from './blocks.ts';

interface FoldingState {
  readonly folded: ReadonlySet<string>;
  /** For each hidden block, by index, the id of the block that hides it. */
  readonly hidden: ReadonlyMap<number, string>;
  readonly decorations: DecorationSet;
}

export const foldingKey = new PluginKey<FoldingState>('folding');
const NOTHING: FoldingState = { folded: new Set(), hidden: new Map(), decorations: DecorationSet.empty };

/** Whether something can be folded away below the block. */
export function isFoldable(node: Node): boolean {
  return isText(node) && (kindOf(node) === 'toggle' || kindOf(node) === 'heading');
}

/** Whether the block is folded in this window. */
export function isFolded(state: EditorState, node: Node): boolean {
  return foldingKey.getState(state)?.folded.has(idOf(node)) ?? false;
}

/** Whether a block stands below a folded one's head: a toggle's children, a heading's section. */
function isBelow(head: Node, node: Node): boolean {
  if (kindOf(head) === 'toggle') return indentOf(node) > indentOf(head);
  if (indentOf(node) < indentOf(head)) return false;
  return kindOf(node) !== 'heading' || Number(node.attrs['level']) > Number(head.attrs['level']);
}

/** The index behind everything that folding the block at `index` hides. */
export function foldEnd(doc: Node, index: number): number {
  const head = doc.child(index);
  let end = index + 1;
  while (end < doc.childCount && isBelow(head, doc.child(end))) end++;
  return end;
}

function read(doc: Node, folded: ReadonlySet<string>): FoldingState {
  if (folded.size === 0) return NOTHING;
  const hidden = new Map<number, string>();
  const found: Decoration[] = [];
  let head: Node | null = null;
  doc.forEach((node, pos, index) => {
    if (head && isBelow(head, node)) {
      hidden.set(index, idOf(head));
      found.push(Decoration.node(pos, pos + node.nodeSize, { class: 'folded-away' }));
      return;
    }
    head = isFoldable(node) && folded.has(idOf(node)) ? node : null;
    if (head) found.push(Decoration.node(pos, pos + node.nodeSize, { class: 'folded' }));
  });
  return { folded, hidden, decorations: DecorationSet.create(doc, found) };
}

/** Whether two versions of a page can differ in what is hidden; nodes that did not change are the same object. */
function sameFolds(before: Node, after: Node): boolean {
  if (before.childCount !== after.childCount) return false;
  for (let index = 0; index < after.childCount; index++) {
    const [a, b] = [before.child(index), after.child(index)];
    if (a !== b && (idOf(a) !== idOf(b) || !a.hasMarkup(b.type, b.attrs))) return false;
  }
  return true;
}

/** A caret that gets into hidden text, by whatever way, opens it. */
function hidersOf(state: EditorState): string[] {
  const hidden = foldingKey.getState(state)?.hidden;
  if (!hidden || hidden.size === 0) return [];
  const { $anchor, $head } = state.selection;
  return [$anchor, $head].flatMap(($pos) => hidden.get($pos.index(0)) ?? []);
}

export function foldingPlugin(): Plugin<FoldingState> {
  return new Plugin<FoldingState>({
    key: foldingKey,
    state: {
      init: () => NOTHING,
      apply(tr, value): FoldingState {
        const told = tr.getMeta(foldingKey) as ReadonlySet<string> | undefined;
        if (told) return read(tr.doc, told);
        if (!tr.docChanged || value.folded.size === 0) return value;
        if (sameFolds(tr.before, tr.doc)) return { ...value, decorations: value.decorations.map(tr.mapping, tr.doc) };
        return read(tr.doc, value.folded);
      },
    },
    appendTransaction(transactions, _before, state) {
      if (!transactions.some((tr) => tr.selectionSet || tr.docChanged)) return null;
      const hiders = hidersOf(state);
      if (hiders.length === 0) return null;
      const folded = new Set(foldingKey.getState(state)?.folded);
      for (const id of hiders) folded.delete(id);
      return state.tr.setMeta(foldingKey, folded).setMeta('addToHistory', false);
    },
    props: {
      decorations(state) {
        return foldingKey.getState(state)?.decorations;
      },
    },
  });
}

/** Folds the block at a position, or opens it; a caret that would be hidden goes to its end. */
export function toggleFoldAt(pos: number): Command {
  return (state, dispatch) => {
    const node = state.doc.nodeAt(pos);
    if (!node || !isFoldable(node)) return false;
    if (dispatch) {
      const folded = new Set(foldingKey.getState(state)?.folded);
      const { tr } = state;
      if (!folded.delete(idOf(node))) {
        folded.add(idOf(node));
        const index = state.doc.resolve(pos).index(0);
        const inside = (at: number): boolean => at > index && at < foldEnd(state.doc, index);
        const { $anchor, $head } = state.selection;
        if (inside($anchor.index(0)) || inside($head.index(0))) {
          tr.setSelection(TextSelection.create(tr.doc, pos + node.nodeSize - 1));
        }
      }
      dispatch(tr.setMeta(foldingKey, folded).setMeta('addToHistory', false));
    }
    return true;
  };
}

/** Folds or opens the toggle or heading that the caret is in. */
export const toggleFold: Command = (state, dispatch, view) => {
  const block = selectedBlocks(state).at(0);
  return block !== undefined && toggleFoldAt(block.pos)(state, dispatch, view);
};

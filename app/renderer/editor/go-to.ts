// Going to a place on the page: the caret stands there, it is in sight, and marked for a moment. It changes no text.
import { Plugin, PluginKey, Selection, type EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { findAnchor, type AnchorBlock } from '../../../shared/model/page/find-anchor.ts';
import { idOf, kindOf } from './blocks.ts';

const MARKED = 2_000;
const goToKey = new PluginKey<DecorationSet>('go-to');

/** Draws the mark; `goTo` sets it and the clock takes it away. */
export function goToPlugin(clock: Clock): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: goToKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, marked, _old, state) {
        const at = tr.getMeta(goToKey) as number | null | undefined;
        if (at === undefined) return marked.map(tr.mapping, tr.doc);
        const node = at === null ? null : state.doc.nodeAt(at);
        if (at === null || !node) return DecorationSet.empty;
        return DecorationSet.create(state.doc, [Decoration.node(at, at + node.nodeSize, { class: 'revealed' })]);
      },
    },
    props: { decorations: (state) => goToKey.getState(state) },
    view(view) {
      let timer: Disposable | null = null;
      return {
        update(_view, before) {
          const now = goToKey.getState(view.state);
          if (now === DecorationSet.empty || now === goToKey.getState(before) || timer) return;
          timer = clock.after(MARKED, () => {
            timer = null;
            view.dispatch(view.state.tr.setMeta(goToKey, null));
          });
        },
        destroy: () => timer?.dispose(),
      };
    },
  });
}

/** Goes to a block by its id, or to a heading by what it says; false when nothing on the page is meant, and then nothing moves. */
export function goTo(view: EditorView, anchor: string): boolean {
  const at = placeOf(view.state, anchor);
  if (at === null) return false;
  const { tr } = view.state;
  tr.setSelection(Selection.near(tr.doc.resolve(at + 1))).setMeta(goToKey, at);
  view.dispatch(tr.setMeta('addToHistory', false));
  view.focus();
  const element = view.nodeDOM(at);
  if (element instanceof HTMLElement) element.scrollIntoView({ block: 'center', behavior: 'instant' });
  return true;
}

function placeOf({ doc }: EditorState, anchor: string): number | null {
  const blocks: (AnchorBlock & { readonly at: number })[] = [];
  doc.forEach((node, at) => {
    const text = node.textBetween(0, node.content.size, undefined, '\ufffc');
    blocks.push({ id: idOf(node), isHeading: node.isTextblock && kindOf(node) === 'heading', text, at });
  });
  const id = findAnchor(blocks, anchor);
  return blocks.find((block) => block.id === id)?.at ?? null;
}

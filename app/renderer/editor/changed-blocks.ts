// Bars in the margin of blocks that others changed. Which ones, somebody else says; it draws them and moves them along.
import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { idOf } from './blocks.ts';

const key = new PluginKey<DecorationSet>('changed-blocks');

export function changedBlocksPlugin(): Plugin<DecorationSet> {
  return new Plugin({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, shown) {
        const ids = tr.getMeta(key) as ReadonlySet<string> | undefined;
        if (!ids) return shown === DecorationSet.empty ? shown : shown.map(tr.mapping, tr.doc);
        const bars: Decoration[] = [];
        tr.doc.forEach((node, pos) => {
          if (ids.has(idOf(node))) bars.push(Decoration.node(pos, pos + node.nodeSize, { class: 'changed-since' }));
        });
        return DecorationSet.create(tr.doc, bars);
      },
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

/** A transaction that shows bars at these blocks and at no others. */
export function showChanged(state: EditorState, ids: ReadonlySet<string>): Transaction {
  return state.tr.setMeta(key, ids).setMeta('addToHistory', false);
}

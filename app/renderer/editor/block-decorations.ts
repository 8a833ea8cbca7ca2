// The plugin that draws what is computed on blocks: numbers of ordered items, and the hint in an empty paragraph.
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { blockAtCaret, indentOf, kindOf } from './blocks.ts';
import { numberLabel, orderedNumbers, sameOutline } from './numbering.ts';

/** What an empty paragraph with the caret in it says. */
export const EMPTY_HINT = 'Write, or press / for blocks';

const numbersKey = new PluginKey<DecorationSet>('ordered-numbers');

function numberDecorations(doc: Node): DecorationSet {
  const numbers = orderedNumbers(doc);
  if (numbers.size === 0) return DecorationSet.empty;
  const found: Decoration[] = [];
  doc.forEach((node, offset, index) => {
    const number = numbers.get(index);
    if (number === undefined) return;
    found.push(Decoration.node(offset, offset + node.nodeSize, { 'data-number': numberLabel(number, indentOf(node)) }));
  });
  return DecorationSet.create(doc, found);
}

/** Numbers of ordered items as `data-number`, recomputed only when a kind, an indent or the run of blocks changed. */
export function orderedNumbersPlugin(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: numbersKey,
    state: {
      init: (_config, state) => numberDecorations(state.doc),
      apply(tr, value) {
        if (!tr.docChanged) return value;
        return sameOutline(tr.before, tr.doc) ? value.map(tr.mapping, tr.doc) : numberDecorations(tr.doc);
      },
    },
    props: {
      decorations(state) {
        return numbersKey.getState(state);
      },
    },
  });
}

/** The hint, in the empty paragraph that has the caret and nowhere else; CSS shows it only while the editor has focus. */
export function emptyHintPlugin(): Plugin {
  return new Plugin({
    props: {
      decorations(state) {
        const block = blockAtCaret(state);
        if (!block || block.node.content.size > 0 || kindOf(block.node) !== 'paragraph') return null;
        const hint = Decoration.node(block.pos, block.pos + block.node.nodeSize, { 'data-hint': EMPTY_HINT });
        return DecorationSet.create(state.doc, [hint]);
      },
    },
  });
}

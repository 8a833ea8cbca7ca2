// The plugin that colours code by its language. Colours are decorations: the text is never touched. Languages are loaded when a
// page has code in them; until then, and for those that nobody knows, code is plain.
import type { createLowlight } from 'lowlight';
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import type { Clock } from '../../../../shared/base/clock.ts';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { kindOf } from '../blocks.ts';
import { grammarOf, loadGrammar } from './languages.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Longer code stays plain: colouring it would be felt. */
const MOST = 40_000;
/** Code up to this is coloured at each key, longer code when the keys rest. */
const AT_ONCE = 3_000;
const REST_MS = 200;

const key = new PluginKey<DecorationSet>('code-highlighting');

/** What the plugin tells itself: languages arrived, or the keys rest. */
const AGAIN = 'again';

export function codeHighlighting(clock: Clock): Plugin<DecorationSet> {
  let lowlight: ReturnType<typeof createLowlight> | null = null;
  const known = new WeakMap<Node, readonly Token[]>();
  const wanted = new Set<string>();
  let view: EditorView | null = null;
  let resting: Disposable | null = null;

  const again = (): void => {
    if (view && !view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, AGAIN).setMeta('addToHistory', false));
  };

  const load = (grammar: string): void => {
    if (wanted.has(grammar)) return;
    wanted.add(grammar);
    void Promise.all([import('lowlight'), loadGrammar(grammar)]).then(
      ([library, definition]) => {
        if (!definition) return;
        lowlight ??= library.createLowlight();
        lowlight.register(grammar, definition);
        again();
      },
      // The file of this version is gone from the shell, as after an update under an open window: code stays plain.
      () => undefined,
    );
  };

  /** Null: not now, what is shown may stay. */
  const tokens = (node: Node, now: boolean): readonly Token[] | null => {
    const done = known.get(node);
    if (done) return done;
    const grammar = grammarOf(String(node.attrs['language']));
    if (grammar === null || node.content.size > MOST) return [];
    if (!lowlight?.registered(grammar)) {
      load(grammar);
      return [];
    }
    if (!now && node.content.size > AT_ONCE) {
      resting?.dispose();
      resting = clock.after(REST_MS, again);
      return null;
    }
    const text = node.textBetween(0, node.content.size, undefined, '\ufffc');
    const found = tokensOf(lowlight.highlight(grammar, text));
    known.set(node, found);
    return found;
  };

  const decorate = (set: DecorationSet, doc: Node, first: number, last: number, now: boolean): DecorationSet => {
    let result = set;
    let pos = 0;
    for (let index = 0; index <= last && index < doc.childCount; index++) {
      const node = doc.child(index);
      if (index >= first) {
        const isCode = node.isTextblock && kindOf(node) === 'code';
        const found = isCode ? tokens(node, now) : [];
        if (found) {
          const old = result.find(pos + 1, pos + node.nodeSize - 1);
          if (old.length > 0) result = result.remove(old);
          if (found.length > 0) {
            const start = pos + 1;
            result = result.add(
              doc,
              found.map(({ from, to, name }) => Decoration.inline(start + from, start + to, { class: name })),
            );
          }
        }
      }
      pos += node.nodeSize;
    }
    return result;
  };

  const next = (tr: Transaction, set: DecorationSet): DecorationSet => {
    if (tr.getMeta(key) === AGAIN) return decorate(set, tr.doc, 0, tr.doc.childCount - 1, true);
    if (!tr.docChanged) return set;
    const [first, last] = changedBlocks(tr.before, tr.doc);
    return decorate(set.map(tr.mapping, tr.doc), tr.doc, first, last, false);
  };

  return new Plugin<DecorationSet>({
    key,
    state: {
      init: (_config, { doc }) => decorate(DecorationSet.empty, doc, 0, doc.childCount - 1, true),
      apply: (tr, set) => next(tr, set),
    },
    props: {
      decorations: (state) => key.getState(state),
    },
    view(own) {
      view = own;
      return {
        destroy() {
          resting?.dispose();
          view = null;
        },
      };
    },
  });
}

/** The first and last block that differ between two versions; unchanged ones are the same objects. */
function changedBlocks(before: Node, after: Node): [first: number, last: number] {
  const least = Math.min(before.childCount, after.childCount);
  let first = 0;
  while (first < least && before.child(first) === after.child(first)) first += 1;
  let behind = 0;
  while (
    behind < least - first &&
    before.child(before.childCount - 1 - behind) === after.child(after.childCount - 1 - behind)
  ) {
    behind += 1;
  }
  return [first, after.childCount - 1 - behind];
}

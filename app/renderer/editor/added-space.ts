// The space that is added behind an inserted mention or day: a space typed right then stands for it. Who adds one is not here.
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state';
import type { EditingHistory } from './editing-history.ts';

/** Where the added space ends while nothing else has happened since, or null. */
type Added = number | null;
const key = new PluginKey<Added>('added-space');

/** Says of an insertion that it added the space before `end`. */
export function tellAddedSpace(tr: Transaction, end: number): Transaction {
  return tr.setMeta(key, { end });
}

/** What is typed after it is as without it, and so is undo: nothing is written for the space that was typed. */
export function addedSpace(history: EditingHistory): Plugin<Added> {
  return new Plugin<Added>({
    key,
    state: {
      init: () => null,
      apply(tr, added, _old, state): Added {
        const told = tr.getMeta(key) as { readonly end: Added } | undefined;
        if (told) return told.end;
        if (added === null || (tr.docChanged && !history.isRemote(tr))) return null;
        const end = tr.mapping.map(added);
        const { empty, head } = state.selection;
        return empty && head === end && state.doc.textBetween(end - 1, end) === ' ' ? end : null;
      },
    },
    props: {
      handleTextInput(view, from, to, text) {
        const end = key.getState(view.state) ?? null;
        // A browser may say that the same space came before the one that is there.
        if (end === null || view.composing || text !== ' ' || from !== to || (from !== end && from !== end - 1)) {
          return false;
        }
        view.dispatch(view.state.tr.setMeta(key, { end: null }));
        return true;
      },
    },
  });
}

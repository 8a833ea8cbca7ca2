// The plugin that runs Markdown shortcuts while somebody types, each as an undo step of its own. The rules are elsewhere.
import { Plugin, PluginKey, EditorState, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { blockAtCaret, kindOf } from './blocks.ts';
import { isLanguageName, shortcutAt } from './shortcut-rules.ts';
import type { EditingHistory } from './editing-history.ts';

/** `ran`: a shortcut was the last thing that happened here; `naming`: a fence was opened and its first line is typed. */
type ShortcutState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'ran'; readonly made: 'code' | 'divider' | 'other' }
  | { readonly phase: 'naming' };
const IDLE: ShortcutState = { phase: 'idle' };

const key = new PluginKey<ShortcutState>('markdown-shortcuts');

/**
 * Runs a shortcut at the end of `text` when it completes one: the literal characters go in first, then the change, so
 * that one undo (Mod+Z, or Backspace right after) brings exactly the characters back.
 */
function runAfterTyping(view: EditorView, history: EditingHistory): boolean {
  const tr = shortcutAt(view.state);
  if (!tr) return false;
  const more = tr.doc.childCount > view.state.doc.childCount;
  history.stopCapturing();
  view.dispatch(tr.scrollIntoView());
  history.stopCapturing();
  const block = blockAtCaret(view.state);
  const made = more ? 'divider' : block && kindOf(block.node) === 'code' ? 'code' : 'other';
  view.dispatch(view.state.tr.setMeta(key, { phase: 'ran', made } satisfies ShortcutState));
  return true;
}

/** Whether typing this text at the caret would complete a shortcut; asked on a state that is thrown away. */
function completes(state: EditorState, from: number, to: number, text: string): boolean {
  if (from !== to || !/[ *`~=-]$/.test(text)) return false;
  // A state of its own: the plugins of the real one would take the question for an edit.
  const probe = EditorState.create({ doc: state.doc, selection: state.selection });
  return shortcutAt(probe.apply(probe.tr.insertText(text, from, to))) !== null;
}

function nameLanguage(view: EditorView): boolean {
  const block = blockAtCaret(view.state);
  if (!block || kindOf(block.node) !== 'code') return false;
  const word = block.node.textContent;
  if (!isLanguageName(word) || view.state.selection.$from.parentOffset !== word.length) return false;
  const { tr } = view.state;
  tr.delete(block.pos + 1, block.pos + 1 + word.length);
  view.dispatch(tr.setNodeAttribute(block.pos, 'language', word));
  return true;
}

/** The shortcuts plugin. It must stand before the key bindings, as it takes Backspace right after a shortcut. */
export function markdownShortcuts(history: EditingHistory): Plugin<ShortcutState> {
  return new Plugin<ShortcutState>({
    key,
    state: {
      init: () => IDLE,
      apply(tr, value): ShortcutState {
        const told: unknown = tr.getMeta(key);
        if (told) return told as ShortcutState;
        if (value.phase === 'idle' || history.isRemote(tr)) return value;
        if (!tr.docChanged) return tr.selectionSet ? IDLE : value;
        const fence = value.phase === 'naming' || value.made === 'code';
        return fence && tr.doc.childCount === tr.before.childCount ? { phase: 'naming' } : IDLE;
      },
    },
    props: {
      handleTextInput(view, from, to, text) {
        const phase = key.getState(view.state);
        // "``` " and "--- " out of habit: the space after a shortcut that has already run is not text.
        if (phase?.phase === 'ran' && phase.made !== 'other' && text === ' ') {
          const next: ShortcutState = phase.made === 'code' ? { phase: 'naming' } : IDLE;
          view.dispatch(view.state.tr.setMeta(key, next));
          return true;
        }
        if (view.composing || !completes(view.state, from, to, text)) return false;
        view.dispatch(view.state.tr.insertText(text, from, to));
        return runAfterTyping(view, history);
      },
      handleKeyDown(view, event) {
        const phase = key.getState(view.state);
        if (!phase || phase.phase === 'idle') return false;
        if (event.ctrlKey || event.metaKey || event.altKey) {
          // Undo by key is on its way: a Backspace after it deletes again.
          if (event.key.length === 1) view.dispatch(view.state.tr.setMeta(key, IDLE));
          return false;
        }
        if (event.key === 'Backspace' && phase.phase === 'ran') {
          view.dispatch(view.state.tr.setMeta(key, IDLE));
          history.undo();
          return true;
        }
        if (event.key !== 'Enter' || event.shiftKey) return false;
        if (phase.phase === 'ran') {
          view.dispatch(view.state.tr.setMeta(key, IDLE));
          return phase.made !== 'other';
        }
        return nameLanguage(view);
      },
      handleDOMEvents: {
        compositionend(view) {
          // The editor reads the composed text after this event, so the rules look at it one turn later.
          queueMicrotask(() => {
            if (!view.isDestroyed && view.state.selection instanceof TextSelection && !view.composing) {
              runAfterTyping(view, history);
            }
          });
          return false;
        },
      },
    },
  });
}

// The plugin that follows "/query" while it is typed and runs what is chosen. It reports a state; the popup is not drawn here.
import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { isVerbatim } from './blocks.ts';
import type { EditingHistory } from './editing-history.ts';
import { filterSlashItems, SLASH_ITEMS, type SlashItem } from './slash-items.ts';

/** Where something stands in the window, in CSS pixels. */
export interface ViewportRect {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The open slash menu. */
export interface SlashMenu {
  readonly query: string;
  /** The slash, for placing the popup. */
  readonly rect: ViewportRect;
  readonly items: readonly SlashItem[];
  /** Index of the row that Enter takes. */
  readonly active: number;
  /** Runs an item: by Enter, or by a click on its row. */
  choose(index: number): void;
  /** Makes a row the active one: by the arrows, or by the pointer. */
  highlight(index: number): void;
}

type SlashState = { readonly open: false } | { readonly open: true; readonly from: number; readonly active: number };
type SlashMeta = { readonly type: 'open'; readonly from: number } | { readonly type: 'close' } | Activate;
interface Activate {
  readonly type: 'activate';
  readonly active: number;
}

const CLOSED: SlashState = { open: false };
const MAX_QUERY = 30;

export const slashKey = new PluginKey<SlashState>('slash-menu');

/** The text between the slash and the caret, or null when the caret has left it. */
function queryOf(state: EditorState, from: number): string | null {
  const { $from, empty, head } = state.selection;
  if (!empty || $from.depth !== 1 || from < $from.start(1) || head <= from) return null;
  if (isVerbatim($from.parent)) return null;
  const text = state.doc.textBetween(from, head, undefined, '\ufffc');
  if (!text.startsWith('/') || text.length > MAX_QUERY + 1 || text.includes('\n')) return null;
  return text.slice(1);
}

function next(tr: Transaction, value: SlashState, state: EditorState): SlashState {
  const told = tr.getMeta(slashKey) as SlashMeta | undefined;
  if (told?.type === 'close') return CLOSED;
  const from = told?.type === 'open' ? told.from : value.open ? tr.mapping.map(value.from, -1) : null;
  if (from === null) return CLOSED;
  const query = queryOf(state, from);
  if (query === null || filterSlashItems(SLASH_ITEMS, query).length === 0) return CLOSED;
  if (told?.type === 'activate') return { open: true, from, active: told.active };
  // What is typed on filters the list, so the first row is the one that Enter takes again.
  return { open: true, from, active: tr.docChanged || !value.open ? 0 : value.active };
}

/** Whether a slash typed here begins a menu: at the start of a word, in text that is not kept letter by letter. */
function opensAt(state: EditorState, from: number): boolean {
  const $from = state.doc.resolve(from);
  if ($from.depth !== 1 || isVerbatim($from.parent)) return false;
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 1), $from.parentOffset, undefined, '\ufffc');
  return before === '' || /\s/.test(before);
}

/** The slash menu's plugin; `onChange` hears every change of what is to be shown, and null when it closes. */
export function slashMenu(history: EditingHistory, onChange: (menu: SlashMenu | null) => void): Plugin<SlashState> {
  const tell = (view: EditorView, meta: SlashMeta): void => view.dispatch(view.state.tr.setMeta(slashKey, meta));

  const choose = (view: EditorView, index: number): void => {
    const value = slashKey.getState(view.state);
    if (!value?.open) return;
    const query = queryOf(view.state, value.from);
    const item = filterSlashItems(SLASH_ITEMS, query ?? '').at(index);
    if (query === null || !item) return;
    history.stopCapturing();
    view.dispatch(view.state.tr.delete(value.from, value.from + 1 + query.length).setMeta(slashKey, { type: 'close' }));
    item.run(view.state, view.dispatch, view);
    history.stopCapturing();
    view.focus();
  };

  const menuOf = (view: EditorView): SlashMenu | null => {
    const value = slashKey.getState(view.state);
    if (!value?.open) return null;
    const query = queryOf(view.state, value.from) ?? '';
    const items = filterSlashItems(SLASH_ITEMS, query);
    const { left, right, top, bottom } = view.coordsAtPos(value.from);
    return {
      query,
      rect: { left, right, top, bottom },
      items,
      active: Math.min(value.active, items.length - 1),
      choose: (index) => choose(view, index),
      highlight: (index) => tell(view, { type: 'activate', active: index }),
    };
  };

  return new Plugin<SlashState>({
    key: slashKey,
    state: {
      init: () => CLOSED,
      apply: (tr, value, _old, state) => next(tr, value, state),
    },
    props: {
      handleTextInput(view, from, to, text) {
        if (text !== '/' || view.composing || !opensAt(view.state, from)) return false;
        const tr = view.state.tr.insertText('/', from, to);
        view.dispatch(tr.setMeta(slashKey, { type: 'open', from } satisfies SlashMeta).scrollIntoView());
        return true;
      },
      handleKeyDown(view, event) {
        const menu = menuOf(view);
        if (!menu || view.composing || event.ctrlKey || event.metaKey || event.altKey) return false;
        const count = menu.items.length;
        switch (event.key) {
          case 'ArrowDown':
            menu.highlight((menu.active + 1) % count);
            return true;
          case 'ArrowUp':
            menu.highlight((menu.active + count - 1) % count);
            return true;
          case 'Enter':
          case 'Tab':
            if (event.shiftKey) return false;
            menu.choose(menu.active);
            return true;
          case 'Escape':
            tell(view, { type: 'close' });
            return true;
          default:
            return false;
        }
      },
      handleDOMEvents: {
        blur(view) {
          if (slashKey.getState(view.state)?.open) tell(view, { type: 'close' });
          return false;
        },
      },
    },
    view: () => ({
      update(view, before) {
        const was = slashKey.getState(before);
        const is = slashKey.getState(view.state);
        if (!is?.open) {
          if (was?.open) onChange(null);
        } else if (was !== is || before.doc !== view.state.doc) onChange(menuOf(view));
      },
      destroy: () => onChange(null),
    }),
  });
}

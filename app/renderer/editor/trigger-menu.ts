// The plugin behind every menu that a sign in the text opens: "/" for blocks, and what features add ("[[", "@"). It follows the
// query while it is typed and runs what is chosen; it reports a state, and the popup is not drawn here.
import { Plugin, PluginKey, type Command, type EditorState, type Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { isVerbatim } from './blocks.ts';
import type { EditingHistory } from './editing-history.ts';
import type { ViewportRect } from './viewport-rect.ts';

/** One row of a menu. */
export interface MenuItem {
  /** Unique in the menu. */
  readonly id: string;
  readonly title: string;
  /** Shown at the row's end: what can be typed instead, or where a page stands. */
  readonly hint: string;
  /** A Lucide icon's name, or a component that draws one. */
  readonly icon: unknown;
  /** Runs on the page without the sign and the query; with that it is one undo step. */
  readonly run: Command;
}

/** A sign, and what it offers. */
export interface TriggerSource {
  readonly name: string;
  readonly trigger: string;
  /** The menu's name for a screen reader. */
  readonly label: string;
  /** Opens inside a word, too. Default: only at the start of one. */
  readonly anywhere?: boolean;
  /** The longest query; default 30. */
  readonly longest?: number;
  /** The rows for a query, best first; without any the menu is not shown until there are some. Asked once a query. */
  items(query: string): readonly MenuItem[];
  /** Calls back when the rows of a query changed by themselves; while the menu is open. */
  watch?(changed: () => void): Disposable;
}

/** The menu that is shown. */
export interface TriggerMenu {
  readonly source: TriggerSource;
  readonly query: string;
  /** The sign, for placing the popup. */
  readonly rect: ViewportRect;
  readonly items: readonly MenuItem[];
  /** Index of the row that Enter takes. */
  readonly active: number;
  /** Runs an item: by Enter, or by a click on its row. */
  choose(index: number): void;
  /** Makes a row the active one: by the arrows, or by the pointer. */
  highlight(index: number): void;
}

/** Without items it waits, unseen: for rows that come, as the name of a person does, or for a slip that is taken back. */
interface OpenState {
  readonly open: true;
  readonly source: TriggerSource;
  readonly from: number;
  readonly query: string;
  readonly items: readonly MenuItem[];
  readonly active: number;
}
type MenuState = { readonly open: false } | OpenState;
type MenuMeta =
  | { readonly type: 'open'; readonly source: TriggerSource; readonly from: number }
  | { readonly type: 'close' }
  | { readonly type: 'refresh' }
  | { readonly type: 'activate'; readonly active: number };

const CLOSED: MenuState = { open: false };
const MAX_QUERY = 30;

export const triggerKey = new PluginKey<MenuState>('trigger-menu');

/** The text between the sign and the caret, or null when the caret has left it. */
function queryOf(state: EditorState, { trigger, longest = MAX_QUERY }: TriggerSource, from: number): string | null {
  const { $from, empty, head } = state.selection;
  if (!empty || $from.depth !== 1 || from < $from.start(1) || head < from + trigger.length) return null;
  if (isVerbatim($from.parent)) return null;
  const text = state.doc.textBetween(from, head, undefined, '\ufffc');
  if (!text.startsWith(trigger) || text.length > longest + trigger.length || /[\n\ufffc]/.test(text)) return null;
  return text.slice(trigger.length);
}

function next(tr: Transaction, value: MenuState, state: EditorState): MenuState {
  const told = tr.getMeta(triggerKey) as MenuMeta | undefined;
  if (told?.type === 'close') return CLOSED;
  const place = told?.type === 'open' ? told : value.open ? value : null;
  if (!place) return CLOSED;
  const { source } = place;
  const from = told?.type === 'open' ? told.from : tr.mapping.map(place.from, -1);
  const query = queryOf(state, source, from);
  if (query === null) return CLOSED;
  const same = value.open && value.source === source && value.query === query && told?.type !== 'refresh';
  const items = same ? value.items : source.items(query);
  if (told?.type === 'activate') return { open: true, source, from, query, items, active: told.active };
  // What is typed on filters the list, so the first row is the one that Enter takes again.
  const active = value.open && value.query === query ? Math.max(0, Math.min(value.active, items.length - 1)) : 0;
  return { open: true, source, from, query, items, active };
}

/** Where the sign begins that the typed text completes; null where none does or it may not open a menu there. */
function opensAt(state: EditorState, at: number, typed: string, source: TriggerSource): number | null {
  const { trigger } = source;
  if (typed !== trigger.slice(-1)) return null;
  const $at = state.doc.resolve(at);
  if ($at.depth !== 1 || !$at.parent.isTextblock || isVerbatim($at.parent)) return null;
  const lead = trigger.length - 1;
  const before = $at.parent.textBetween(
    Math.max(0, $at.parentOffset - lead - 1),
    $at.parentOffset,
    undefined,
    '\ufffc',
  );
  if (!before.endsWith(trigger.slice(0, -1))) return null;
  const around = before.slice(0, before.length - lead);
  return source.anywhere || around === '' || /\s/.test(around) ? at - lead : null;
}

/** The menus' plugin; `onChange` hears every change of what is to be shown, and null when it closes. */
export function triggerMenus(
  sources: readonly TriggerSource[],
  history: EditingHistory,
  onChange: (menu: TriggerMenu | null) => void,
): Plugin<MenuState> {
  const tell = (view: EditorView, meta: MenuMeta): void => view.dispatch(view.state.tr.setMeta(triggerKey, meta));

  const choose = (view: EditorView, index: number): void => {
    const value = triggerKey.getState(view.state);
    const item = value?.open ? value.items.at(index) : undefined;
    if (!value?.open || !item) return;
    const end = value.from + value.source.trigger.length + value.query.length;
    history.stopCapturing();
    view.dispatch(view.state.tr.delete(value.from, end).setMeta(triggerKey, { type: 'close' }));
    item.run(view.state, view.dispatch.bind(view), view);
    history.stopCapturing();
    view.focus();
  };

  const menuOf = (view: EditorView): TriggerMenu | null => {
    const value = triggerKey.getState(view.state);
    if (!value?.open || value.items.length === 0) return null;
    const { left, right, top, bottom } = view.coordsAtPos(value.from);
    const { source, query, items, active } = value;
    return {
      source,
      query,
      items,
      active,
      rect: { left, right, top, bottom },
      choose: (index) => choose(view, index),
      highlight: (index) => tell(view, { type: 'activate', active: index }),
    };
  };

  return new Plugin<MenuState>({
    key: triggerKey,
    state: {
      init: () => CLOSED,
      apply: (tr, value, _old, state) => next(tr, value, state),
    },
    props: {
      handleTextInput(view, from, to, text) {
        if (view.composing) return false;
        for (const source of sources) {
          const start = opensAt(view.state, from, text, source);
          if (start === null) continue;
          const meta: MenuMeta = { type: 'open', source, from: start };
          view.dispatch(view.state.tr.insertText(text, from, to).setMeta(triggerKey, meta).scrollIntoView());
          return true;
        }
        return false;
      },
      handleKeyDown(view, event) {
        const value = triggerKey.getState(view.state);
        if (!value?.open || view.composing || event.ctrlKey || event.metaKey || event.altKey) return false;
        const count = value.items.length;
        if (count === 0) {
          if (event.key === 'Escape') tell(view, { type: 'close' });
          return false;
        }
        switch (event.key) {
          case 'ArrowDown':
            tell(view, { type: 'activate', active: (value.active + 1) % count });
            return true;
          case 'ArrowUp':
            tell(view, { type: 'activate', active: (value.active + count - 1) % count });
            return true;
          case 'Enter':
          case 'Tab':
            if (event.shiftKey) return false;
            choose(view, value.active);
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
          if (triggerKey.getState(view.state)?.open) tell(view, { type: 'close' });
          return false;
        },
      },
    },
    view: () => {
      let watching: Disposable | null = null;
      let watched: TriggerSource | null = null;
      const watch = (view: EditorView, source: TriggerSource | null): void => {
        if (watched === source) return;
        watching?.dispose();
        watched = source;
        watching =
          source?.watch?.(() => {
            if (watched === source && !view.isDestroyed) tell(view, { type: 'refresh' });
          }) ?? null;
      };
      return {
        update(view, before) {
          const was = triggerKey.getState(before);
          const is = triggerKey.getState(view.state);
          watch(view, is?.open ? is.source : null);
          if (!is?.open) {
            if (was?.open) onChange(null);
          } else if (was !== is || before.doc !== view.state.doc) onChange(menuOf(view));
        },
        destroy() {
          watching?.dispose();
          onChange(null);
        },
      };
    },
  });
}

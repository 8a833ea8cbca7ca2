// The plugin that shows others' carets and selections and tells them one's own. Nothing here is stored.
import { Plugin, PluginKey, type EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import type { Awareness } from 'y-protocols/awareness';
import type { Clock } from '../../../shared/base/clock.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import { remoteCursors } from './cursor-state.ts';
import { hueOf } from './hue.ts';

export interface CursorOptions {
  readonly awareness: Awareness;
  readonly clock: Clock;
  /** The name to show for a member; comes from their profile, never from the frame. */
  readonly names: (member: string) => string;
  /** One's own selection in the true state, which the screen may lag behind. */
  readonly selection: () => { readonly anchor: number; readonly head: number };
  /** Whether the screen shows the true state, so that positions fit. */
  readonly settled: () => boolean;
  /** An editor position as relative position, plain JSON. */
  readonly toRelative: (pos: number) => unknown;
  /** The editor position that a relative one stands for now; null when it is not here (yet). Must not throw. */
  readonly fromRelative: (relative: unknown) => number | null;
}

interface ShownCursor {
  readonly member: string;
  readonly anchor: number;
  readonly head: number;
  /** Counts this cursor's moves: a new count draws a new flag, whose fading begins again. */
  readonly moves: number;
}
type CursorState = ReadonlyMap<number, ShownCursor>;

const key = new PluginKey<CursorState>('cursors');
/** At most this often is one's own cursor sent; the hub allows 20 a second. */
const PUBLISH_MS = 80;

/** Somebody's caret with their name's flag. */
export function caretElement(member: string, name: string): HTMLElement {
  const caret = document.createElement('span');
  caret.className = `remote-caret hue-${hueOf(member)}`;
  caret.setAttribute('aria-hidden', 'true');
  const flag = document.createElement('span');
  flag.className = 'remote-flag';
  flag.textContent = name;
  // A word joiner on both sides keeps the line from breaking at the caret.
  caret.append('\u2060', flag, '\u2060');
  return caret;
}

function draw(state: EditorState, cursors: CursorState, names: (member: string) => string): DecorationSet {
  const found: Decoration[] = [];
  for (const [client, cursor] of cursors) {
    const name = names(cursor.member);
    found.push(
      Decoration.widget(cursor.head, () => caretElement(cursor.member, name), {
        key: `${String(client)}:${String(cursor.moves)}:${name}`,
        side: 10,
        ignoreSelection: true,
      }),
    );
    const from = Math.min(cursor.anchor, cursor.head);
    const to = Math.max(cursor.anchor, cursor.head);
    if (from < to) {
      found.push(Decoration.inline(from, to, { class: `remote-selection hue-${hueOf(cursor.member)}` }));
    }
  }
  return DecorationSet.create(state.doc, found);
}

function locate(options: CursorOptions, state: EditorState, before: CursorState): CursorState {
  const size = state.doc.content.size;
  const found = new Map<number, ShownCursor>();
  for (const cursor of remoteCursors(options.awareness.getStates(), options.awareness.clientID)) {
    const anchor = options.fromRelative(cursor.anchor);
    const head = options.fromRelative(cursor.head);
    if (anchor === null || head === null || Math.max(anchor, head) > size || Math.min(anchor, head) < 0) continue;
    const old = before.get(cursor.client);
    const moved = !old || old.anchor !== anchor || old.head !== head || old.member !== cursor.member;
    found.set(cursor.client, moved ? { member: cursor.member, anchor, head, moves: (old?.moves ?? 0) + 1 } : old);
  }
  return found;
}

/** Carets and selections of the others; mapped through every edit at once, read anew when somebody's state changes. */
export function cursorsPlugin(options: CursorOptions): Plugin<CursorState> {
  return new Plugin<CursorState>({
    key,
    state: {
      init: () => new Map(),
      apply(tr, value): CursorState {
        const told = tr.getMeta(key) as CursorState | undefined;
        if (told) return told;
        if (!tr.docChanged || value.size === 0) return value;
        const mapped = new Map<number, ShownCursor>();
        for (const [client, cursor] of value) {
          // What I type at somebody's caret goes before it, as it does in their own window.
          const anchor = tr.mapping.map(cursor.anchor, -1);
          mapped.set(client, { ...cursor, anchor, head: tr.mapping.map(cursor.head, -1) });
        }
        return mapped;
      },
    },
    props: {
      decorations(state) {
        const cursors = key.getState(state);
        return cursors && cursors.size > 0 ? draw(state, cursors, options.names) : null;
      },
    },
    view: (view) => new CursorTraffic(view, options),
  });
}

/** Reads others' states into the plugin and publishes one's own cursor while this editor has the focus. */
class CursorTraffic {
  readonly #view: EditorView;
  readonly #options: CursorOptions;
  #reading = false;
  #publishing: Disposable | null = null;
  #published = 'null';

  constructor(view: EditorView, options: CursorOptions) {
    this.#view = view;
    this.#options = options;
    options.awareness.on('change', this.#read);
    view.dom.addEventListener('focus', this.#publishSoon);
    view.dom.addEventListener('blur', this.#publishNow);
    this.#read();
  }

  update(view: EditorView, before: EditorState): void {
    if (before.doc !== view.state.doc) {
      this.#read();
      this.#publishSoon();
    } else if (!before.selection.eq(view.state.selection)) this.#publishSoon();
  }

  destroy(): void {
    this.#options.awareness.off('change', this.#read);
    this.#view.dom.removeEventListener('focus', this.#publishSoon);
    this.#view.dom.removeEventListener('blur', this.#publishNow);
    this.#publishing?.dispose();
    this.#publish(null);
  }

  /** One reading for all that happens in a turn: updates and awareness frames arrive in bursts. */
  readonly #read = (): void => {
    if (this.#reading) return;
    this.#reading = true;
    queueMicrotask(() => {
      this.#reading = false;
      const { state, isDestroyed } = this.#view;
      if (isDestroyed || !this.#options.settled()) return;
      const before = key.getState(state) ?? new Map<number, ShownCursor>();
      const after = locate(this.#options, state, before);
      const same = after.size === before.size && [...after].every(([client, cursor]) => before.get(client) === cursor);
      if (!same) this.#view.dispatch(state.tr.setMeta(key, after).setMeta('addToHistory', false));
    });
  };

  readonly #publishSoon = (): void => {
    this.#publishing ??= this.#options.clock.after(PUBLISH_MS, this.#publishNow);
  };

  readonly #publishNow = (): void => {
    this.#publishing?.dispose();
    this.#publishing = null;
    if (this.#view.isDestroyed) return;
    const { anchor, head } = this.#options.selection();
    if (!this.#view.hasFocus()) {
      this.#publish(null);
      return;
    }
    // Each is a walk of the text up to there, and a caret has both ends in one place.
    const start = this.#options.toRelative(anchor);
    this.#publish({ anchor: start, head: head === anchor ? start : this.#options.toRelative(head) });
  };

  #publish(cursor: { anchor: unknown; head: unknown } | null): void {
    const text = JSON.stringify(cursor);
    if (text === this.#published) return;
    this.#published = text;
    this.#options.awareness.setLocalStateField('cursor', cursor);
  }
}

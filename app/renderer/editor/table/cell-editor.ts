// The editor of the one cell that is written in: a small page editor on the cell's text. Which cell that is, the table says.
import { EditorState, Plugin, Selection, TextSelection, type Transaction } from 'prosemirror-state';
import { EditorView, type NodeViewConstructor } from 'prosemirror-view';
import type * as Y from 'yjs';
import type { Clock } from '../../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import { docFromBlocks } from '../binding/nodes.ts';
import { PageBinding, pageBindingKey } from '../binding/page-binding.ts';
import { HeldView } from '../held-view.ts';
import { unreadCaret } from '../unread-caret.ts';

export interface CellEditorOptions {
  /** The element that becomes the text; what it holds is replaced. */
  readonly mount: HTMLElement;
  /** Null for a cell that is missing: its text is made by `make` with the first edit. */
  readonly text: Y.Text | null;
  readonly make: () => Y.Text;
  readonly page: PageBinding;
  readonly clock: Clock;
  readonly label: string;
  readonly editable: () => boolean;
  readonly nodeViews: Readonly<Record<string, NodeViewConstructor>>;
  /** Keys, clipboard, carets and reports; the binding is there as soon as the text is. */
  readonly plugins: (cell: CellEditor) => readonly Plugin[];
}

export class CellEditor implements Disposable {
  readonly #options: CellEditorOptions;
  readonly #view: EditorView;
  readonly #store = new DisposableStore();
  #bound: { readonly text: Y.Text; readonly binding: PageBinding; readonly host: HeldView } | null = null;

  constructor(options: CellEditorOptions) {
    this.#options = options;
    const { mount, text, label, editable } = options;
    const binding = text && this.#bindingOf(text);
    mount.replaceChildren();
    this.#view = new EditorView(
      { mount },
      {
        state: this.#state(binding),
        editable,
        nodeViews: options.nodeViews,
        scrollThreshold: 48,
        scrollMargin: 72,
        attributes: { class: 'cell-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
        dispatchTransaction: (tr) => this.#dispatch(tr),
        handleDOMEvents: {
          compositionend: () => {
            this.#bound?.host.compositionEnded();
            return false;
          },
        },
      },
    );
    if (text && binding) this.#connect(text, binding);
  }

  get view(): EditorView {
    return this.#view;
  }

  /** The text that is written in; null while the cell is missing. */
  get text(): Y.Text | null {
    return this.#bound?.text ?? null;
  }

  get binding(): PageBinding | null {
    return this.#bound?.binding ?? null;
  }

  /** The true state; the screen may lag behind it during a composition. */
  get state(): EditorState {
    return this.#bound?.host.state ?? this.#view.state;
  }

  get settled(): boolean {
    return this.#bound?.host.settled ?? true;
  }

  focus(where: 'start' | 'end' | 'all' | { readonly left: number; readonly top: number }): void {
    const { state } = this.#view;
    const { tr } = state;
    if (where === 'start') tr.setSelection(Selection.atStart(state.doc));
    else if (where === 'end') tr.setSelection(Selection.atEnd(state.doc));
    else if (where === 'all') tr.setSelection(allOf(state));
    else this.#select(tr, this.#view.posAtCoords(where)?.pos ?? null, null);
    this.#view.dispatch(tr.scrollIntoView());
    this.#view.focus();
  }

  /** Stretches the selection to a point, as a pointer that is held down does. */
  stretchTo(point: { readonly left: number; readonly top: number }): void {
    const { tr, selection } = this.#view.state;
    this.#select(tr, selection.anchor, this.#view.posAtCoords(point)?.pos ?? null);
    this.#view.dispatch(tr);
  }

  dispose(): void {
    this.#view.destroy();
    this.#store.dispose();
  }

  #select(tr: Transaction, anchor: number | null, head: number | null): void {
    const $anchor = tr.doc.resolve(Math.min(anchor ?? tr.doc.content.size, tr.doc.content.size));
    tr.setSelection(TextSelection.between($anchor, head === null ? $anchor : tr.doc.resolve(head)));
  }

  #bindingOf(text: Y.Text): PageBinding {
    return this.#store.add(new PageBinding({ body: text, within: this.#options.page }));
  }

  #state(binding: PageBinding | null, shown: EditorState | null = null): EditorState {
    const plugins: Plugin[] = [oneLineOfBlocks()];
    if (binding) {
      // The binding connects to the held view, not to the screen.
      const { view: _view, ...stored } = binding.plugin().spec;
      plugins.push(new Plugin(stored));
    }
    return EditorState.create({
      doc: shown?.doc ?? binding?.initialDoc() ?? docFromBlocks([]),
      ...(shown ? { selection: shown.selection } : {}),
      plugins: [...plugins, ...this.#options.plugins(this)],
    });
  }

  #connect(text: Y.Text, binding: PageBinding): void {
    const host = this.#store.add(
      new HeldView(
        this.#view,
        this.#options.clock,
        () => binding.flush(),
        () => unreadCaret(this.#view),
      ),
    );
    this.#bound = { text, binding, host };
    this.#store.add(binding.connect(host));
  }

  #dispatch(tr: Transaction): void {
    if (this.#bound) this.#bound.host.dispatchFromView(tr);
    else if (tr.docChanged) this.#makeText(tr);
    else this.#view.updateState(this.#view.state.apply(tr));
  }

  /** The first edit of a missing cell: the text is made in the same transaction, and the edit is done again on it. */
  #makeText(first: Transaction): void {
    this.#options.page.change(() => {
      const text = this.#options.make();
      const binding = this.#bindingOf(text);
      this.#view.updateState(this.#state(binding, this.#view.state));
      this.#connect(text, binding);
      const { tr } = this.#view.state;
      for (const step of first.steps) tr.step(step);
      tr.setSelection(Selection.fromJSON(tr.doc, first.selection.toJSON())).setStoredMarks(first.storedMarks);
      this.#bound?.host.dispatchFromView(tr);
    });
  }
}

function allOf({ doc }: EditorState): Selection {
  return TextSelection.between(Selection.atStart(doc).$from, Selection.atEnd(doc).$to);
}

/** A cell holds inline content: what would split it or make it another kind of block does not happen. */
function oneLineOfBlocks(): Plugin {
  return new Plugin({
    filterTransaction(tr, state) {
      if (!tr.docChanged || tr.getMeta(pageBindingKey) !== undefined) return true;
      const [before, after] = [state.doc.firstChild, tr.doc.firstChild];
      return tr.doc.childCount === 1 && state.doc.childCount === 1 && !!before && !!after && before.sameMarkup(after);
    },
  });
}

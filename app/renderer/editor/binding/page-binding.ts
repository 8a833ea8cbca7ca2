// Keeps one editor and one page body in step, in both directions, and undoes one's own edits. It draws nothing.
import type { Node } from 'prosemirror-model';
import { Plugin, PluginKey, TextSelection, type Command, type EditorState, type Transaction } from 'prosemirror-state';
import * as Y from 'yjs';
import { disposable, type Disposable } from '../../../../shared/base/disposable.ts';
import type { AnchorPiece } from '../../../../shared/model/comments/read.ts';
import { overlapsOf, recoveredOf } from '../../../../shared/model/document/roots.ts';
import { mayBeUndone } from '../../../../shared/model/page/table-undo.ts';
import { pageSchema } from '../schema.ts';
import { anchorOf, rangesOf, type ShownRange } from './anchors.ts';
import { LocalEdit, type TextRange } from './local-edit.ts';
import { Mirror } from './mirror.ts';
import { NodeCache } from './node-cache.ts';
import { indexOf, mapIndexes, positionOf } from './positions.ts';
import { absolutePosition } from './relative-position.ts';
import { bringBackEntries } from './undone-entries.ts';
import { changeTo } from './view-change.ts';

/** What shows the document: an EditorView, or a state without a screen. */
export interface EditorHost {
  readonly state: EditorState;
  dispatch(transaction: Transaction): void;
  /** Takes in what the screen knows and the state does not, before something of others is shown. */
  refresh?(): void;
}

/** The meta that the binding's own transactions carry under `pageBindingKey`. */
export interface BindingMeta {
  /** Whether somebody else's change (or an undo) is shown; false when the view was put right after a change of one's own. */
  readonly remote: boolean;
}

interface BindingState {
  readonly binding: PageBinding;
  /** Transactions of the editor that may not be in the stored form yet, with the selection before each. */
  readonly pending: readonly { readonly transaction: Transaction; readonly selection: Selection }[];
}

export const pageBindingKey = new PluginKey<BindingState>('page-binding');

/** Undo steps that are kept. */
export const UNDO_STEPS = 200;

interface Selection {
  readonly anchor: number;
  readonly head: number;
}

/**
 * The binding of a page's body. Use: `EditorState.create({doc: binding.initialDoc(), plugins: [binding.plugin(), ...]})`; an
 * EditorView connects by itself. It may be shown by one editor after another; undo survives. Opening writes nothing.
 */
export class PageBinding implements Disposable {
  readonly body: Y.Text;
  /** The origin of this binding's Y transactions. */
  readonly origin: object;
  readonly #doc: Y.Doc;
  readonly #mirror: Mirror;
  readonly #cache: NodeCache;
  readonly #undo: Y.UndoManager;
  /** The page whose cell this is; its undo and origin are this binding's, too. */
  readonly #within: PageBinding | null;
  /** The bindings of cells that are on the screen. */
  readonly #cells = new Set<PageBinding>();
  readonly #onError: (error: unknown) => void;
  readonly #written = new WeakSet<Transaction>();
  #host: EditorHost | null = null;
  #writing = false;
  /** Relative selection before the change that is being made; the undo step remembers it. */
  #before: unknown = null;

  /**
   * @param options.onError is told of a step that could not be stored; the view then shows the stored form again.
   * @param options.within makes it the binding of a table's cell on that page: `body` is inline content that no marker begins,
   * and what is done in it is undone with the page.
   */
  constructor(options: { body: Y.Text; origin?: object; onError?: (error: unknown) => void; within?: PageBinding }) {
    const { body, within } = options;
    if (!body.doc) throw new Error('a binding needs a body that is in a document');
    this.body = body;
    this.#doc = body.doc;
    this.#within = within ?? null;
    this.origin = within?.origin ?? options.origin ?? this;
    this.#onError =
      options.onError ??
      ((error) =>
        queueMicrotask(() => {
          throw error;
        }));
    this.#mirror = new Mirror(body);
    this.#cache = new NodeCache(this.#mirror);
    this.#undo = within
      ? within.#undo
      : new Y.UndoManager([body, recoveredOf(body.doc), overlapsOf(body.doc)], {
          trackedOrigins: new Set([this.origin]),
          captureTimeout: 500,
          deleteFilter: mayBeUndone,
        });
    this.#undo.on('stack-item-added', this.#remember);
    if (within) within.#cells.add(this);
    body.observeDeep(this.#observe);
  }

  dispose(): void {
    this.body.unobserveDeep(this.#observe);
    this.#undo.off('stack-item-added', this.#remember);
    if (this.#within) this.#within.#cells.delete(this);
    else this.#undo.destroy();
    this.#host = null;
  }

  /** The document as it is stored now. */
  initialDoc(): Node {
    return pageSchema.nodes.doc.create(null, this.#cache.nodes());
  }

  plugin(): Plugin<BindingState> {
    return new Plugin<BindingState>({
      key: pageBindingKey,
      state: {
        init: () => ({ binding: this, pending: [] }),
        apply: (transaction, { pending }, { selection }) => {
          const open = pending.filter((other) => !this.#written.has(other.transaction));
          const own = transaction.getMeta(pageBindingKey) as BindingMeta | undefined;
          if (transaction.docChanged && !own) {
            open.push({ transaction, selection: { anchor: selection.anchor, head: selection.head } });
          }
          return { binding: this, pending: open };
        },
      },
      view: (view) => {
        const connection = this.connect(view);
        return { update: () => this.flush(), destroy: () => connection.dispose() };
      },
    });
  }

  /** Shows the document in a host; what it shows is put right at once. For hosts that are no EditorView. */
  connect(host: EditorHost): Disposable {
    this.#host = host;
    this.#show({ remote: true }, null);
    return disposable(() => {
      if (this.#host === host) this.#host = null;
    });
  }

  /** Stores what the host's state has that is not stored yet, and puts the view right. A host calls it after each change. */
  flush(): void {
    const host = this.#host;
    if (!host || this.#writing) return;
    const pending = (pageBindingKey.getState(host.state)?.pending ?? []).filter(
      (other) => !this.#written.has(other.transaction),
    );
    const first = pending[0];
    if (!first) return;
    this.#before = this.#relative(first.transaction.before, first.selection);
    for (const { transaction } of pending) this.#written.add(transaction);
    this.#write((edit) => {
      for (const { transaction } of pending) edit.apply(transaction);
    });
    this.#show({ remote: false }, null);
  }

  /** Moves blocks in front of the block that is number `target` now (the number of blocks: to the end), `indent` levels further in. */
  move(ids: readonly string[], target: number, indent = 0): void {
    const before = this.#selection();
    this.#before = this.#host && this.#relative(this.#host.state.doc, before);
    this.#undo.stopCapturing();
    const transaction = this.#write((edit) => edit.move(new Set(ids), target, indent));
    this.#undo.stopCapturing();
    this.#show({ remote: false }, before && transaction && this.#mapped(before, transaction));
  }

  /** Puts a text in the place of many ranges, as one undo step and in one walk of the page; `inside` may write in markers, too. */
  replaceTexts(ranges: readonly TextRange[], text: string, inside?: () => void): void {
    const before = this.#selection();
    this.#before = this.#host && this.#relative(this.#host.state.doc, before);
    this.#undo.stopCapturing();
    const transaction = this.#write((edit) => {
      edit.replaceTexts(ranges, text);
      inside?.();
    });
    this.#undo.stopCapturing();
    this.#show({ remote: false }, before && transaction && this.#mapped(before, transaction));
  }

  /**
   * The stored marker of a block, for a view that reads inside of it (a table does); null when it has none. Whoever keeps it
   * asks again when the document changes: undoing a deletion makes a new one.
   */
  marker(id: string): Y.Map<unknown> | null {
    return this.#mirror.blocks.find((block) => block.id === id && !block.virtual)?.fragments[0]?.marker ?? null;
  }

  /** Writes inside markers, as one transaction of this page's own, which undo takes back. Text and blocks change by steps only. */
  change(write: () => void): void {
    this.#before = this.#host && this.#relative(this.#host.state.doc, this.#hostSelection());
    this.#doc.transact(write, this.origin);
    this.#before = null;
  }

  /** Lets a command of the model change the page under this binding's origin, as an undo step of its own. */
  command(command: (origin: object) => void): void {
    this.#before = this.#host && this.#relative(this.#host.state.doc, this.#hostSelection());
    this.#undo.stopCapturing();
    command(this.origin);
    this.#undo.stopCapturing();
  }

  /** Takes back the newest of this binding's own changes; false when there is none. */
  undo(): boolean {
    return this.#revert('undoing', () => this.#undo.undo());
  }

  redo(): boolean {
    return this.#revert('redoing', () => this.#undo.redo());
  }

  canUndo(): boolean {
    return this.#undo.canUndo();
  }

  canRedo(): boolean {
    return this.#undo.canRedo();
  }

  /** The next change is an undo step of its own. */
  stopCapturing(): void {
    this.#undo.stopCapturing();
  }

  /** A position of the shown document that survives others' edits, as plain data for awareness; it sticks to what is left of it. */
  toRelative(position: number): unknown {
    const doc = this.#host?.state.doc ?? this.initialDoc();
    const index = indexOf(this.#mirror, doc, position);
    return Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.body, index, -1));
  }

  /** The position now, or null when the data names none in this page. Never throws: peers write this. */
  fromRelative(json: unknown): number | null {
    const index = this.#absolute(json);
    if (index === null) return null;
    return positionOf(this.#mirror, this.#host?.state.doc ?? this.initialDoc(), index);
  }

  /** The stored text between two positions of the shown document, to be found again by rangesOf(). */
  anchorOf(from: number, to: number): AnchorPiece[] {
    return anchorOf(this.#mirror, this.#host?.state.doc ?? this.initialDoc(), from, to);
  }

  /** Where the text of each anchor stands in the shown document; empty where it is gone. */
  rangesOf(anchors: readonly (readonly AnchorPiece[])[]): ShownRange[][] {
    return rangesOf(this.#mirror, this.#host?.state.doc ?? this.initialDoc(), anchors);
  }

  #absolute(json: unknown): number | null {
    const absolute = absolutePosition(json, this.#doc);
    return absolute?.type === this.body ? Math.min(absolute.index, this.body.length) : null;
  }

  #write(change: (edit: LocalEdit) => void): Y.Transaction | null {
    let made: Y.Transaction | null = null;
    this.#writing = true;
    try {
      this.#doc.transact((transaction) => {
        made = transaction;
        change(new LocalEdit(this.#mirror, this.#within !== null));
      }, this.origin);
    } catch (error) {
      this.#mirror.reread();
      this.#onError(error);
    } finally {
      this.#writing = false;
      this.#before = null;
    }
    if (!this.#mirror.agrees) this.#mirror.reread();
    return made;
  }

  readonly #observe = (_: unknown, transaction: Y.Transaction): void => {
    if (this.#writing && transaction.origin === this.origin) return;
    this.#host?.refresh?.();
    const before = this.#selection();
    const after = before && this.#mapped(before, transaction);
    this.#mirror.reread(transaction);
    if (!this.#mirror.agrees) this.#mirror.reread();
    this.#show({ remote: true }, after);
  };

  #revert(direction: 'undoing' | 'redoing', run: () => Y.UndoManager['currStackItem']): boolean {
    this.#before = this.#host && this.#relative(this.#host.state.doc, this.#hostSelection());
    const step = this.#whole(direction, run);
    this.#before = null;
    if (!step) return false;
    for (const binding of [this.#within ?? this, ...(this.#within ?? this).#cells]) binding.#restore(step.meta);
    return true;
  }

  /** Undoes or redoes one step with all that it is to bring back. */
  #whole(direction: 'undoing' | 'redoing', run: () => Y.UndoManager['currStackItem']): Y.UndoManager['currStackItem'] {
    try {
      return this.#doc.transact((transaction) => {
        const step = run();
        if (step) bringBackEntries(transaction, step, this.#undo.scope);
        // Yjs looks when this transaction ends which stack it goes to.
        this.#undo[direction] = true;
        return step;
      }, this.#undo);
    } finally {
      this.#undo[direction] = false;
    }
  }

  readonly #remember = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }): void => {
    if (this.#before !== null) stackItem.meta.set(this.body, this.#before);
    const extra = this.#undo.undoStack.length - UNDO_STEPS;
    if (extra > 0) this.#undo.undoStack.splice(0, extra);
  };

  /** Puts the selection back that an undo step remembers of this body. */
  #restore(meta: ReadonlyMap<unknown, unknown>): void {
    const host = this.#host;
    const selection = meta.get(this.body) as { anchor: unknown; head: unknown } | null | undefined;
    const anchor = this.#absolute(selection?.anchor);
    const head = this.#absolute(selection?.head);
    if (host && anchor !== null && head !== null) {
      const transaction = host.state.tr;
      this.#select(transaction, { anchor, head });
      host.dispatch(transaction.setMeta(pageBindingKey, { remote: true }).scrollIntoView());
    }
  }

  /** Turns the host's document into the stored one by the smallest change. */
  #show(meta: BindingMeta, selection: Selection | null): void {
    const host = this.#host;
    if (!host) return;
    const nodes = this.#cache.nodes();
    const transaction = host.state.tr;
    changeTo(transaction, nodes);
    this.#cache.adopt(nodes);
    if (selection) this.#select(transaction, selection);
    if (!transaction.docChanged && !transaction.selectionSet) return;
    if (host.state.storedMarks) transaction.setStoredMarks(host.state.storedMarks);
    host.dispatch(transaction.setMeta('addToHistory', false).setMeta(pageBindingKey, meta));
  }

  #select(transaction: Transaction, { anchor, head }: Selection): void {
    const doc = transaction.doc;
    const from = positionOf(this.#mirror, doc, anchor);
    const to = positionOf(this.#mirror, doc, head);
    if (transaction.selection.anchor === from && transaction.selection.head === to) return;
    transaction.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to)));
  }

  #hostSelection(): Selection | null {
    const selection = this.#host?.state.selection;
    return selection ? { anchor: selection.anchor, head: selection.head } : null;
  }

  /** The text selection as indexes of the body. */
  #selection(): Selection | null {
    const state = this.#host?.state;
    if (!state || !(state.selection instanceof TextSelection)) return null;
    const { anchor, head } = state.selection;
    const at = indexOf(this.#mirror, state.doc, anchor);
    return { anchor: at, head: anchor === head ? at : indexOf(this.#mirror, state.doc, head) };
  }

  #mapped({ anchor, head }: Selection, transaction: Y.Transaction): Selection {
    if (!transaction.changed.has(this.body as never)) return { anchor, head };
    const [from = 0, to = from] = mapIndexes(this.body, transaction, [anchor, head]);
    return { anchor: from, head: to };
  }

  #relative(doc: Node, selection: Selection | null): { anchor: unknown; head: unknown } | null {
    if (!selection) return null;
    const relative = (position: number): unknown =>
      Y.relativePositionToJSON(
        Y.createRelativePositionFromTypeIndex(this.body, indexOf(this.#mirror, doc, position), -1),
      );
    const anchor = relative(selection.anchor);
    return { anchor, head: selection.head === selection.anchor ? anchor : relative(selection.head) };
  }
}

export const undo: Command = (state, dispatch) => {
  const binding = pageBindingKey.getState(state)?.binding;
  if (!binding?.canUndo()) return false;
  return dispatch ? binding.undo() : true;
};

export const redo: Command = (state, dispatch) => {
  const binding = pageBindingKey.getState(state)?.binding;
  if (!binding?.canRedo()) return false;
  return dispatch ? binding.redo() : true;
};

/** Moves the blocks with these ids in front of the block that is number `target` now; their text stays where it is stored. */
export function moveBlocks(ids: readonly string[], target: number): Command {
  return (state, dispatch) => {
    const binding = pageBindingKey.getState(state)?.binding;
    if (!binding || ids.length === 0) return false;
    if (dispatch) binding.move(ids, target);
    return true;
  };
}

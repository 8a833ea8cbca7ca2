// The host between binding and screen: while somebody composes text with an input method, what others change in that
// block waits off the screen. It decides nothing about what is stored.
import { Slice } from 'prosemirror-model';
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import { Mapping, ReplaceStep, type Step } from 'prosemirror-transform';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { newTextBlock } from './commands/new-blocks.ts';
import type { Caret } from './unread-caret.ts';

/** What of an EditorView is needed here. */
export interface ScreenView {
  readonly state: EditorState;
  readonly composing: boolean;
  updateState(state: EditorState): void;
}

/** A caret that the browser moved and the screen's state does not know; null: none. */
type Unread = () => Caret | null;

/** `together`: the screen shows the state. `apart`: it lags; the mapping leads from the screen's document to the state's. */
type Phase = { readonly name: 'together' } | { readonly name: 'apart'; readonly mapping: Mapping };
const TOGETHER: Phase = { name: 'together' };

/** How long after the end of a composition the screen is brought up to date: the editor reads the last input within 20 ms. */
const SETTLE_MS = 50;

/**
 * Holds the true state of an editor. A redraw of the text that an input method is working on makes browsers drop or double
 * what is composed; so transactions that touch this block are applied to the state at once and to the screen afterwards,
 * and what is typed meanwhile is mapped onto the state, where it is stored at once.
 */
export class HeldView implements Disposable {
  readonly #view: ScreenView;
  readonly #clock: Clock;
  /** Called after each local change of the state, so that it is stored. */
  readonly #flush: () => void;
  readonly #unread: Unread;
  #state: EditorState;
  #phase: Phase = TOGETHER;
  #release: Disposable | null = null;

  constructor(view: ScreenView, clock: Clock, flush: () => void, unread: Unread = () => null) {
    this.#unread = unread;
    this.#view = view;
    this.#clock = clock;
    this.#flush = flush;
    this.#state = view.state;
  }

  /** The true state; the screen may lag behind it during a composition. */
  get state(): EditorState {
    return this.#state;
  }

  /** Whether the screen shows the true state. */
  get settled(): boolean {
    return this.#phase.name === 'together';
  }

  dispose(): void {
    this.#release?.dispose();
    this.#release = null;
  }

  /**
   * Takes in where the caret is on the screen: to be called before a transaction of others is made, for drawing it puts the caret to
   * where the state has it, and the next key would work there.
   */
  refresh(): void {
    const caret = this.#phase.name === 'together' ? this.#unread() : null;
    if (caret) this.#view.updateState((this.#state = withCaret(this.#state, caret)));
  }

  /** A transaction of the binding: made on the true state. */
  readonly dispatch = (tr: Transaction): void => {
    const touches = tr.docChanged && this.#view.composing && touchesSelectedBlock(this.#view.state, tr);
    this.#state = this.#state.apply(tr);
    if (this.#phase.name === 'apart') {
      this.#phase.mapping.appendMapping(tr.mapping);
      this.#notForEver();
    } else if (touches) {
      const mapping = new Mapping();
      mapping.appendMapping(tr.mapping);
      this.#phase = { name: 'apart', mapping };
    } else this.#view.updateState(this.#state);
  };

  /** A transaction of the screen: made on what it shows. */
  readonly dispatchFromView = (tr: Transaction): void => {
    if (this.#phase.name === 'together') {
      // What only marks something (others' carets, coloured code) knows nothing of a caret that just moved.
      const caret = tr.docChanged || tr.selectionSet ? null : this.#unread();
      const state = this.#state.apply(tr);
      this.#state = caret ? withCaret(state, caret) : state;
      this.#view.updateState(this.#state);
    } else {
      const shown = this.#view.state.apply(tr);
      const { onState, mapping } = rebase(tr, this.#state, this.#phase.mapping);
      this.#phase = { name: 'apart', mapping };
      this.#state = this.#state.apply(onState);
      this.#view.updateState(shown);
      this.#notForEver();
    }
    this.#flush();
  };

  /** Some compositions end without an event, as when the text is taken off the screen. */
  #notForEver(): void {
    if (!this.#view.composing && !this.#release) this.compositionEnded();
  }

  /** To be called when a composition ends: the screen catches up once the editor has read the last input. */
  compositionEnded(): void {
    this.#release?.dispose();
    this.#release = this.#clock.after(SETTLE_MS, () => {
      this.#release = null;
      // Another composition has begun (some input methods compose each syllable anew): it ends, too.
      if (this.#view.composing || this.#phase.name === 'together') return;
      this.#phase = TOGETHER;
      this.#view.updateState(this.#state);
    });
  }
}

function withCaret(state: EditorState, { anchor, head }: Caret): EditorState {
  const { tr, doc } = state;
  return state.apply(tr.setSelection(TextSelection.between(doc.resolve(anchor), doc.resolve(head))));
}

/** Whether a transaction changes the block that holds the selection, or takes it away. */
function touchesSelectedBlock(state: EditorState, tr: Transaction): boolean {
  const { $from } = state.selection;
  if ($from.depth === 0) return true;
  const start = $from.before(1);
  const block = state.doc.nodeAt(start);
  const mapped = tr.mapping.mapResult(start, 1);
  return mapped.deleted || tr.doc.nodeAt(mapped.pos) !== block;
}

/** The screen's transaction as one on the state, and how the two documents correspond afterwards. */
function rebase(tr: Transaction, state: EditorState, before: Mapping): { onState: Transaction; mapping: Mapping } {
  const onState = state.tr;
  let mapping = before;
  for (const step of tr.steps) {
    const next = new Mapping();
    next.appendMap(step.getMap().invert());
    next.appendMapping(mapping);
    const done = onState.steps.length;
    applyMapped(onState, step, mapping);
    // The last new map undoes what the inverted one did, so that positions inside the composed text are found again.
    for (let at = done; at < onState.steps.length; at++) {
      const map = onState.steps[at]?.getMap();
      if (map) next.appendMap(map, at === onState.steps.length - 1 ? 0 : undefined);
    }
    mapping = next;
  }
  if (tr.selection instanceof TextSelection) {
    const anchor = mapping.map(tr.selection.anchor);
    const head = mapping.map(tr.selection.head);
    onState.setSelection(TextSelection.between(onState.doc.resolve(anchor), onState.doc.resolve(head)));
  }
  return { onState: onState.setStoredMarks(tr.storedMarks), mapping };
}

function applyMapped(onState: Transaction, step: Step, mapping: Mapping): void {
  const mapped = step.map(mapping);
  if (mapped && !onState.maybeStep(mapped).failed) return;
  if (!(step instanceof ReplaceStep) || step.slice.size === 0) return;
  // Somebody deleted the place: what is being typed is not lost, it goes to where the place was.
  const { content } = step.slice;
  let at = mapping.map(step.from, -1);
  const $at = onState.doc.resolve(at);
  if (!content.firstChild?.isInline) {
    // Whole blocks (a split, a paste) stand behind the block that is there; those without text have nothing to save.
    const behind = $at.depth === 0 ? at : $at.after(1);
    const blocks = content.content.filter((node) => node.isTextblock && node.content.size > 0);
    if (blocks.length > 0) onState.insert(behind, blocks);
    return;
  }
  if ($at.depth === 0) {
    onState.insert(at, newTextBlock(onState.doc.type.schema, {}));
    at += 1;
  } else if (!$at.parent.isTextblock) return;
  onState.step(new ReplaceStep(at, at, new Slice(content, 0, 0)));
}

// The place where features plug in what draws blocks without text and inline things. Text blocks have no views: they are slow.
import { NodeSelection, Selection, TextSelection, type Command } from 'prosemirror-state';
import type { Node } from 'prosemirror-model';
import type { EditorView, NodeView, NodeViewConstructor } from 'prosemirror-view';
import type { AtomKind, Embed } from '../../../shared/model/page/block.ts';
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { PageBinding } from './binding/page-binding.ts';
import { idOf, indentOf } from './blocks.ts';
import { atomDom, embedDom } from './schema.ts';

/** Kinds that a feature may draw. */
export type DrawnKind = Exclude<AtomKind, 'divider'> | Embed['type'];

/** What a view is given: its element, what to draw, and what it may do. It lives as long as the node stands on the screen. */
export interface DrawnNode {
  /** The node's own element; the view fills it and adds classes. It has the kind as `data-kind` or `data-embed`. */
  readonly element: HTMLElement;
  readonly kind: DrawnKind;
  /** The block's id now; '' for an inline thing. */
  id(): string;
  /** The attributes now, by the names of the model (`blob`, `width`, `member`, ...), already read without trust. */
  attributes(): Readonly<Record<string, unknown>>;
  editable(): boolean;
  /** Sets attributes, each as one attribute step; all are one undo step. */
  set(attributes: Readonly<Record<string, unknown>>): void;
  /** Selects the node, so that the keys are the page's. */
  select(): void;
  /** The focus and the caret to what stands in front of the node or behind it. */
  leave(to: 'before' | 'behind'): void;
  /** Deletes the node. */
  remove(): void;
  /** Runs an editor command. */
  run(command: Command): boolean;
  /** For what is stored inside the marker: `binding.marker(id)`, `binding.change(...)`. */
  readonly binding: PageBinding;
}

/** What a feature hands back for a node. */
export interface DrawnView extends Disposable {
  /** The attributes, or whether one may edit, may have changed. */
  update?(): void;
  /** The node became selected as a whole, or no longer is. */
  selected?(is: boolean): void;
  /** True for an event that the editor must leave alone, as typing in a field of the view. Default: none. */
  keepsEvent?(event: Event): boolean;
}

export type DrawNode = (node: DrawnNode) => DrawnView;

/** Who draws what; a kind that is not named shows its bare name. */
export type NodeDrawings = Readonly<Partial<Record<DrawnKind, DrawNode>>>;

/** The editor's node views for drawings. */
export class NodeViews {
  /** For the editor's `nodeViews`. */
  readonly constructors: Readonly<Record<string, NodeViewConstructor>>;
  readonly #live = new Set<DrawnNodeView>();

  constructor(drawings: NodeDrawings, binding: PageBinding) {
    this.constructors = Object.fromEntries(
      Object.entries(drawings).map(([kind, draw]): [string, NodeViewConstructor] => [
        kind,
        (node, view, getPos) => {
          const shown: DrawnNodeView = new DrawnNodeView(kind as DrawnKind, draw, node, view, getPos, binding, () =>
            this.#live.delete(shown),
          );
          this.#live.add(shown);
          return shown;
        },
      ]),
    );
  }

  /** Whether one may edit has changed, or names have: every view draws again. */
  refresh(): void {
    for (const view of this.#live) view.refresh();
  }
}

class DrawnNodeView implements NodeView {
  readonly dom: HTMLElement;
  readonly #view: EditorView;
  readonly #getPos: () => number | undefined;
  readonly #drawn: DrawnView;
  readonly #onGone: () => void;
  #node: Node;

  constructor(
    kind: DrawnKind,
    draw: DrawNode,
    node: Node,
    view: EditorView,
    getPos: () => number | undefined,
    binding: PageBinding,
    onGone: () => void,
  ) {
    this.#onGone = onGone;
    this.#node = node;
    this.#view = view;
    this.#getPos = getPos;
    this.dom = document.createElement(node.isInline ? 'span' : 'div');
    this.#dress();
    const run = (command: Command): boolean => command(view.state, view.dispatch.bind(view), view);
    this.#drawn = draw({
      element: this.dom,
      kind,
      id: () => idOf(this.#node),
      attributes: () => this.#node.attrs,
      editable: () => view.editable,
      set: (attributes) => void run(this.#setting(attributes)),
      select: () => {
        const at = getPos();
        if (at !== undefined) view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)));
        view.focus();
      },
      leave: (to) => this.#leave(to),
      remove: () => {
        const at = getPos();
        if (at !== undefined) view.dispatch(view.state.tr.delete(at, at + this.#node.nodeSize).scrollIntoView());
        view.focus();
      },
      run,
      binding,
    });
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false;
    if (node === this.#node) return true;
    this.#node = node;
    this.refresh();
    return true;
  }

  refresh(): void {
    this.#dress();
    this.#drawn.update?.();
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode');
    this.#drawn.selected?.(true);
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode');
    this.#drawn.selected?.(false);
  }

  stopEvent(event: Event): boolean {
    return this.#drawn.keepsEvent?.(event) ?? false;
  }

  /** What happens inside the element is the view's. */
  ignoreMutation(): boolean {
    return true;
  }

  destroy(): void {
    this.#onGone();
    this.#drawn.dispose();
  }

  #dress(): void {
    const node = this.#node;
    const attributes = node.isInline ? embedDom(node.type.name) : atomDom(node.type.name, idOf(node), indentOf(node));
    const { class: name = '', ...others } = attributes;
    this.dom.classList.add(name);
    this.dom.removeAttribute('data-indent');
    for (const [key, value] of Object.entries(others)) this.dom.setAttribute(key, value);
  }

  #setting(attributes: Readonly<Record<string, unknown>>): Command {
    return (state, dispatch) => {
      const at = this.#getPos();
      if (at === undefined) return false;
      const { tr } = state;
      for (const [name, value] of Object.entries(attributes)) {
        if (this.#node.attrs[name] !== value) tr.setNodeAttribute(at, name, value);
      }
      if (tr.docChanged) dispatch?.(tr);
      return true;
    };
  }

  #leave(to: 'before' | 'behind'): void {
    const at = this.#getPos();
    if (at === undefined) return;
    const { state } = this.#view;
    const side = to === 'before' ? at : at + this.#node.nodeSize;
    const $side = state.doc.resolve(side);
    const selection = $side.parent.inlineContent
      ? TextSelection.create(state.doc, side)
      : Selection.near($side, to === 'before' ? -1 : 1);
    this.#view.dispatch(state.tr.setSelection(selection).scrollIntoView());
    this.#view.focus();
  }
}

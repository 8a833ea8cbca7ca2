// Which block is at a height of the window, and what goes along when it is dragged. It changes nothing.
import type { Node } from 'prosemirror-model';
import type { EditorView } from 'prosemirror-view';
import { blockAtIndex, idOf, selectedSubtree, subtreeEnd, type PlacedBlock } from './blocks.ts';
import type { ViewportRect } from './viewport-rect.ts';

/** A block as a pointer meets it. */
export interface BlockOnScreen {
  readonly id: string;
  readonly index: number;
  readonly rect: ViewportRect;
  /** Height of its first line's middle, CSS pixels of the window. */
  readonly middle: number;
}

/** How far above and below a height a block is looked for: the margins between blocks belong to the nearest one. */
const REACH = [0, -8, 8, -16, 16, -24, 24] as const;

export function blockUnder(view: EditorView, clientY: number): BlockOnScreen | null {
  const text = view.dom.getBoundingClientRect();
  // Blocks of every indent reach the text's far edge.
  const x = getComputedStyle(view.dom).direction === 'rtl' ? text.left + 8 : text.right - 8;
  for (const reach of REACH) {
    const met = document.elementsFromPoint(x, clientY + reach).find((element) => view.dom.contains(element));
    const element = met?.closest('.page-text > [data-id]');
    if (element instanceof HTMLElement) return blockOnScreen(view, element);
  }
  return null;
}

/** The block with an id, where it is on the screen. */
export function blockWithId(view: EditorView, id: string): BlockOnScreen | null {
  const element = view.dom.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`);
  return element instanceof HTMLElement ? blockOnScreen(view, element) : null;
}

function blockOnScreen(view: EditorView, element: HTMLElement): BlockOnScreen | null {
  const block = blockById(view.state.doc, element.dataset['id'] ?? '');
  if (!block) return null;
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const line = parseFloat(style.lineHeight) || 24;
  const inside = block.node.isTextblock ? parseFloat(style.paddingTop) + line / 2 : Math.min(24, bottom - top) / 2;
  return { id: idOf(block.node), index: block.index, rect: { left, right, top, bottom }, middle: top + inside };
}

export function blockById(doc: Node, id: string): PlacedBlock | null {
  for (let index = 0; index < doc.childCount; index++) {
    if (idOf(doc.child(index)) === id) return blockAtIndex(doc, index);
  }
  return null;
}

/** The run of blocks that a handle moves: the selected ones when it is one of several, else the block; children included. */
export function carriedWith(view: EditorView, index: number): { readonly from: number; readonly to: number } {
  const selected = selectedSubtree(view.state);
  const [first, last] = [selected.at(0), selected.at(-1)];
  const several = first && last && last.index > first.index;
  if (several && index >= first.index && index <= last.index) return { from: first.index, to: last.index + 1 };
  return { from: index, to: subtreeEnd(view.state.doc, index) };
}

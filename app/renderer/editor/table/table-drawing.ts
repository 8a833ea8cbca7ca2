// How the page's editor draws a table block: a view on the marker that the block has now. What a table does is the view's.
import type { Disposable } from '../../../../shared/base/disposable.ts';
import type { DrawNode, DrawnNode, DrawnView } from '../node-views.ts';
import type { TableSurroundings } from './table-surroundings.ts';
import { TableView } from './table-view.ts';

export function drawTable(around: TableSurroundings): DrawNode {
  return (node) => new TableBlock(node, around);
}

class TableBlock implements DrawnView, Disposable {
  readonly #node: DrawnNode;
  readonly #around: TableSurroundings;
  #gone = false;
  #shown: { readonly id: string; readonly view: TableView } | null = null;

  constructor(node: DrawnNode, around: TableSurroundings) {
    this.#node = node;
    this.#around = around;
    this.update();
  }

  update(): void {
    const id = this.#node.id();
    const marker = this.#node.binding.marker(id);
    if (this.#shown?.id === id && this.#shown.view.marker === marker) return;
    this.#clear();
    if (!marker) {
      // A new block is drawn a moment before it is stored.
      queueMicrotask(() => !this.#gone && this.#node.binding.marker(this.#node.id()) && this.update());
      return;
    }
    const view = new TableView(this.#node, marker, this.#around);
    this.#shown = { id, view };
    this.#around.views.set(id, view);
  }

  /** Everything inside is the table's own: the page's editor hears only of what happens beside the cells. */
  keepsEvent(event: Event): boolean {
    return event.target !== this.#node.element;
  }

  dispose(): void {
    this.#gone = true;
    this.#clear();
  }

  #clear(): void {
    const shown = this.#shown;
    this.#shown = null;
    if (!shown) return;
    if (this.#around.views.get(shown.id) === shown.view) this.#around.views.delete(shown.id);
    shown.view.dispose();
  }
}

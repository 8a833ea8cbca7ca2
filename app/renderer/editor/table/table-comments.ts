// Comments on words in the cells of tables: where they stand, painted over the cells without touching them, and which one is at a
// place. What comments hold, and those on the page's own text, is elsewhere.
import * as Y from 'yjs';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { Emitter } from '../../../../shared/base/emitter.ts';
import type { AnchorPiece } from '../../../../shared/model/comments/read.ts';
import { cellPlace } from '../../../../shared/model/page/table-read.ts';
import { absolutePosition } from '../binding/relative-position.ts';
import type { CellEditor } from './cell-editor.ts';
import { rangeIn } from './table-finding.ts';
import type { ShownTable } from './table-surroundings.ts';

/** A run of commented words in a cell; `start` and `end` are places in its text. */
interface CellPiece {
  readonly table: string;
  readonly shown: ShownTable;
  readonly row: string;
  readonly column: string;
  readonly text: Y.Text;
  readonly start: number;
  readonly end: number;
}

interface InTables {
  readonly id: string;
  readonly active: boolean;
  readonly pieces: readonly CellPiece[];
}

const OPEN = 'commented-cell';
const ACTIVE = 'commented-cell-active';

export class TableComments {
  readonly #views: ReadonlyMap<string, ShownTable>;
  readonly #doc: Y.Doc;
  readonly #dom: () => HTMLElement;
  readonly #changed = new Emitter<void>();
  #shown: readonly InTables[] = [];
  /** There are comments; whether one is in a table may change with any cell. */
  #any = false;

  constructor(views: ReadonlyMap<string, ShownTable>, doc: Y.Doc, dom: () => HTMLElement) {
    this.#views = views;
    this.#doc = doc;
    this.#dom = dom;
  }

  /** Cells were drawn anew, or their words changed: what is painted over them is to be looked up again. */
  changed(): void {
    if (this.#any) this.#changed.fire();
  }

  onChange(run: () => void): Disposable {
    return this.#changed.event(run);
  }

  /** Shows these; answers in which table each stands that has words in one. */
  show(
    comments: readonly { readonly id: string; readonly anchor: readonly AnchorPiece[] }[],
    active: string | null,
  ): ReadonlyMap<string, string> {
    this.#any = comments.length > 0;
    this.#shown = comments.flatMap(({ id, anchor }) => {
      const pieces = anchor.flatMap((piece) => this.#find(piece) ?? []);
      return pieces.length > 0 ? [{ id, active: id === active, pieces }] : [];
    });
    this.#paint();
    return new Map(this.#shown.map(({ id, pieces }) => [id, pieces[0]?.table ?? '']));
  }

  /** The comment at a place in a cell's text; of several the one with the shortest words. */
  at(text: Y.Text | null, offset: number): string | null {
    let best: { readonly id: string; readonly length: number } | null = null;
    for (const { id, pieces } of this.#shown) {
      for (const { text: own, start, end } of pieces) {
        if (own !== text || offset < start || offset > end) continue;
        if (!best || end - start < best.length) best = { id, length: end - start };
      }
    }
    return best?.id ?? null;
  }

  /** Brings the words of a comment into sight; false where they are in no table. */
  reveal(id: string): boolean {
    const piece = this.#shown.find((one) => one.id === id)?.pieces[0];
    if (!piece) return false;
    const element = this.#range(piece)?.startContainer.parentElement;
    element?.scrollIntoView({ block: 'center', inline: 'nearest' });
    return true;
  }

  #find([start, end]: AnchorPiece): CellPiece | null {
    const [from, to] = [absolutePosition(start, this.#doc), absolutePosition(end, this.#doc)];
    if (!from || !to || from.type !== to.type || from.index >= to.index) return null;
    const text = from.type;
    const item = text._item;
    const place = typeof item?.parentSub === 'string' ? cellPlace(item.parentSub) : null;
    const cells = item?.parent;
    const marker = cells instanceof Y.Map ? cells.parent : null;
    const table: unknown = marker instanceof Y.Map ? marker.get('id') : null;
    const shown = typeof table === 'string' ? this.#views.get(table) : undefined;
    if (!(text instanceof Y.Text) || !place || typeof table !== 'string' || !shown) return null;
    return { table, shown, ...place, text, start: from.index, end: to.index };
  }

  #range({ shown, row, column, text, start, end }: CellPiece): Range | null {
    const part = shown.table.texts(row, column).findIndex((one) => one.text === text);
    const element = part < 0 ? undefined : shown.grid.element(row, column)?.querySelectorAll('.cell-text')[part];
    return element ? rangeIn(element, start, end) : null;
  }

  #paint(): void {
    // A page that is kept and not on the screen leaves the paint to the one that is.
    if (!this.#dom().isConnected) return;
    for (const [name, active] of [
      [OPEN, false],
      [ACTIVE, true],
    ] as const) {
      const pieces = this.#shown.filter((one) => one.active === active).flatMap((one) => one.pieces);
      const ranges = pieces.flatMap((piece) => this.#range(piece) ?? []);
      if (ranges.length > 0) CSS.highlights.set(name, new Highlight(...ranges));
      else CSS.highlights.delete(name);
    }
  }
}

/** The selected words of the cell that is written in, to comment on; null where none are. */
export function selectedInCell(
  cell: CellEditor,
): { readonly anchor: readonly AnchorPiece[]; readonly quote: string } | null {
  const { selection, doc } = cell.state;
  if (!cell.binding || selection.empty) return null;
  const anchor = cell.binding.anchorOf(selection.from, selection.to);
  const quote = doc.textBetween(selection.from, selection.to, ' ', ' ').trim();
  return anchor.length === 0 || quote === '' ? null : { anchor, quote };
}

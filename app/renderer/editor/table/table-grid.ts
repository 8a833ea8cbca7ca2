// The table's elements: rows and cells by id, kept when they stay, with what others point at. It listens to nothing.
import type { Row, Table } from '../../../../shared/model/page/table-read.ts';
import { cellElements, disposeDrawings } from './cell-dom.ts';
import { boxOf, isInside, type CellRange, type Place } from './table-range.ts';

export class TableGrid {
  readonly dom: HTMLTableElement;
  readonly #columns: HTMLTableColElement[] = [];
  readonly #colgroup: HTMLElement;
  readonly #body: HTMLElement;
  readonly #rows = new Map<
    string,
    { readonly element: HTMLTableRowElement; readonly cells: Map<string, HTMLTableCellElement> }
  >();
  #table: Table | null = null;

  constructor() {
    this.dom = document.createElement('table');
    this.dom.setAttribute('role', 'table');
    this.dom.tabIndex = -1;
    this.#colgroup = document.createElement('colgroup');
    this.#body = document.createElement('tbody');
    this.dom.append(this.#colgroup, this.#body);
  }

  cell({ row, column }: Place): HTMLTableCellElement | null {
    return (this.#body.children[row]?.children[column] as HTMLTableCellElement | undefined) ?? null;
  }

  /** The cell around an element of the grid. */
  placeOf(target: EventTarget | null): Place | null {
    const cell = target instanceof Element ? target.closest('td') : null;
    if (!cell || !this.#body.contains(cell)) return null;
    return { row: [...this.#body.children].indexOf(cell.parentElement ?? cell), column: cell.cellIndex };
  }

  /** Draws rows and columns as they are now. Words are drawn only in cells that are new, and in those that `draws` names. */
  draw(table: Table, drawCell: (row: string, column: string, cell: HTMLTableCellElement) => void): void {
    this.#table = table;
    this.#drawColumns(table);
    const gone = new Set(this.#rows.keys());
    for (const [number, row] of table.rows.entries()) {
      gone.delete(row.id);
      const { element, cells } = this.#row(row);
      putAt(this.#body, element, number);
      element.classList.toggle('returned', row.returned !== null);
      const head = table.header && number === 0;
      const left = new Set(cells.keys());
      for (const [at, column] of table.columns.entries()) {
        left.delete(column.id);
        let cell = cells.get(column.id);
        if (!cell) {
          cell = document.createElement('td');
          cells.set(column.id, cell);
          drawCell(row.id, column.id, cell);
        }
        putAt(element, cell, at);
        cell.setAttribute('role', head ? 'columnheader' : 'cell');
        cell.classList.toggle('head', head);
        cell.style.textAlign = column.align ?? '';
      }
      for (const id of left) {
        cells.get(id)?.remove();
        cells.delete(id);
      }
    }
    for (const id of gone) {
      this.#rows.get(id)?.element.remove();
      this.#rows.delete(id);
    }
    const { rows, columns } = table;
    this.dom.setAttribute('aria-label', `Table, ${plural(columns.length, 'column')}, ${plural(rows.length, 'row')}`);
    if (table.beyond.rows > 0) this.dom.setAttribute('aria-rowcount', String(rows.length + table.beyond.rows));
    else this.dom.removeAttribute('aria-rowcount');
  }

  element(row: string, column: string): HTMLTableCellElement | null {
    return this.#rows.get(row)?.cells.get(column) ?? null;
  }

  /** Draws the words of a cell, with the carets of others in it. */
  static fill(cell: HTMLTableCellElement, ...what: Parameters<typeof cellElements>): void {
    disposeDrawings(cell);
    cell.replaceChildren(...cellElements(...what));
  }

  /** The width of a column while it is dragged, before it is stored. */
  previewWidth(column: number, width: number): void {
    const element = this.#columns[column];
    if (element) setWidth(element, width);
    this.#capWidths(new Map([[column, width]]));
  }

  showRange(range: CellRange | null): void {
    for (const cell of this.#body.querySelectorAll('td.selected')) {
      cell.classList.remove('selected', 'range-head');
    }
    if (!range) return;
    this.cell(range.head)?.classList.add('range-head');
    const box = boxOf(range);
    for (let row = box.top; row <= box.bottom; row += 1) {
      for (let column = box.left; column <= box.right; column += 1) {
        if (isInside(box, { row, column })) this.cell({ row, column })?.classList.add('selected');
      }
    }
  }

  #drawColumns(table: Table): void {
    while (this.#columns.length > table.columns.length) this.#columns.pop()?.remove();
    while (this.#columns.length < table.columns.length) {
      const column = document.createElement('col');
      this.#columns.push(column);
      this.#colgroup.append(column);
    }
    for (const [at, { width }] of table.columns.entries()) {
      const element = this.#columns[at];
      if (element) setWidth(element, width);
    }
    this.#capWidths(new Map());
  }

  /** A table whose columns all have a width is as wide as they are together; others share what there is. */
  #capWidths(dragged: ReadonlyMap<number, number>): void {
    const widths = (this.#table?.columns ?? []).map(({ width }, at) => dragged.get(at) ?? width);
    const fixed = widths.length > 0 && widths.every((width) => width !== null);
    this.dom.classList.toggle('fixed', fixed);
    this.dom.style.width = fixed ? `${String(widths.reduce((sum, width) => (sum ?? 0) + (width ?? 0), 0))}px` : '';
  }

  #row({ id }: Row): { readonly element: HTMLTableRowElement; readonly cells: Map<string, HTMLTableCellElement> } {
    const known = this.#rows.get(id);
    if (known) return known;
    const element = document.createElement('tr');
    element.setAttribute('role', 'row');
    const made = { element, cells: new Map<string, HTMLTableCellElement>() };
    this.#rows.set(id, made);
    return made;
  }
}

function setWidth(column: HTMLTableColElement, width: number | null): void {
  column.style.width = width === null ? '' : `${String(width)}px`;
}

/** An element that stands there already is not touched: moving one takes the focus out of it. */
function putAt(parent: Element, child: Element, at: number): void {
  const there = parent.children[at];
  if (there !== child) parent.insertBefore(child, there ?? null);
}

export function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

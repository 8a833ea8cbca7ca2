// The pointer on a table: carets, selections of cells, widths, handles of rows and columns. What a cell or a command does is elsewhere.
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { isPageLink, safeHref } from '../links.ts';
import { embedShownBy } from './cell-dom.ts';
import { boxOf, dropBehind, isInside, type Place } from './table-range.ts';
import type { ShownTable, TableSurroundings } from './table-surroundings.ts';

/** How near to a column's edge the pointer takes hold of it, CSS pixels. */
const EDGE = 5;
/** A press that moves less than this is a click. */
const SLACK = 4;

export class TablePointer implements Disposable {
  readonly #view: ShownTable;
  readonly #around: TableSurroundings;
  readonly #rowHandle = handle('row-handle');
  readonly #columnHandle = handle('column-handle');
  readonly #addRow = adder('add-row', 'Add a row');
  readonly #addColumn = adder('add-column', 'Add a column');
  readonly #drop = document.createElement('div');
  readonly #stop = new AbortController();
  #handlesAt: Place | null = null;
  /** Ends the drag that is going on. */
  #dragging: AbortController | null = null;

  constructor(view: ShownTable, scroll: HTMLElement, around: TableSurroundings) {
    this.#view = view;
    this.#around = around;
    this.#drop.className = 'table-drop';
    this.#drop.hidden = true;
    scroll.append(this.#rowHandle, this.#columnHandle, this.#addRow, this.#addColumn, this.#drop);
    const on = <Name extends keyof HTMLElementEventMap>(
      element: HTMLElement,
      name: Name,
      run: (event: HTMLElementEventMap[Name]) => void,
    ): void => element.addEventListener(name, run, { signal: this.#stop.signal });
    const { dom } = view.grid;
    on(dom, 'mousedown', (event) => this.#press(event));
    on(dom, 'mousemove', (event) => this.#hover(event));
    on(dom, 'contextmenu', (event) => this.#menu(event));
    on(dom, 'click', (event) => this.#click(event));
    on(
      dom,
      'auxclick',
      (event) => event.target instanceof Element && event.target.closest('a') && event.preventDefault(),
    );
    on(this.#rowHandle, 'pointerdown', (event) => this.#grip(event, 'row'));
    on(this.#columnHandle, 'pointerdown', (event) => this.#grip(event, 'column'));
    on(this.#addRow, 'click', () => {
      view.enter({ row: view.actions.add('row', view.table.rows.length - 1, 'after'), column: 0 }, 'start');
    });
    on(this.#addColumn, 'click', () => {
      view.enter({ row: 0, column: view.actions.add('column', view.table.columns.length - 1, 'after') }, 'start');
    });
    on(view.dom, 'mouseleave', () => this.showHandles(view.place));
  }

  dispose(): void {
    this.#stop.abort();
    this.#dragging?.abort();
  }

  /** Puts the handles beside the row and the column of a cell. */
  showHandles(place: Place | null): void {
    const cell = place && this.#view.grid.cell(place);
    const shown = cell !== null && this.#view.editable;
    this.#rowHandle.hidden = this.#columnHandle.hidden = !shown;
    this.#handlesAt = shown ? place : null;
    if (!cell || !shown) return;
    const table = this.#view.grid.dom;
    this.#rowHandle.style.top = `${String(table.offsetTop + cell.offsetTop)}px`;
    this.#rowHandle.style.height = `${String(cell.offsetHeight)}px`;
    this.#columnHandle.style.left = `${String(table.offsetLeft + cell.offsetLeft)}px`;
    this.#columnHandle.style.width = `${String(cell.offsetWidth)}px`;
    this.#rowHandle.setAttribute('aria-label', `Row ${String(place.row + 1)}: menu, or drag to move`);
    this.#columnHandle.setAttribute('aria-label', `Column ${String(place.column + 1)}: menu, or drag to move`);
  }

  #press(event: MouseEvent): void {
    const view = this.#view;
    const place = view.grid.placeOf(event.target);
    if (!place || event.button !== 0) return;
    const edge = this.#edgeAt(event);
    if (edge !== null && view.editable) {
      event.preventDefault();
      this.#dragWidth(event, edge);
      return;
    }
    const box = event.target instanceof Element ? event.target.closest('.check-box') : null;
    if (box) {
      event.preventDefault();
      const text = box.closest('.cell-text');
      const part = text ? [...(text.parentElement?.children ?? [])].indexOf(text) : 0;
      view.tickAt(place, part, [...(text?.querySelectorAll('.check-box') ?? [])].indexOf(box));
      return;
    }
    if (event.shiftKey && view.range) {
      event.preventDefault();
      view.selectCells({ anchor: view.range.anchor, head: place });
      return;
    }
    if (!view.editable) return;
    const point = { left: event.clientX, top: event.clientY };
    const inActive = view.cellEditor?.view.dom.contains(event.target as Node) ?? false;
    if (!inActive) {
      event.preventDefault();
      const text = event.target instanceof Element ? event.target.closest('.cell-text') : null;
      view.enter(place, point, text ? [...(text.parentElement?.children ?? [])].indexOf(text) : null);
    }
    this.#drag(event, {
      move: (moved) => {
        const over = view.grid.placeOf(document.elementFromPoint(moved.clientX, moved.clientY));
        if (over && (over.row !== place.row || over.column !== place.column)) {
          view.selectCells({ anchor: place, head: over });
        } else if (view.selectsCells && over) view.selectCells({ anchor: place, head: over });
        else if (!inActive) view.cellEditor?.stretchTo({ left: moved.clientX, top: moved.clientY });
      },
    });
  }

  #hover(event: MouseEvent): void {
    if (this.#dragging) return;
    const place = this.#view.grid.placeOf(event.target);
    const at = this.#handlesAt;
    if (place && (place.row !== at?.row || place.column !== at.column)) this.showHandles(place);
    this.#view.grid.dom.classList.toggle('at-edge', this.#view.editable && this.#edgeAt(event) !== null);
  }

  #menu(event: MouseEvent): void {
    const view = this.#view;
    const place = view.grid.placeOf(event.target) ?? view.range?.head;
    if (!place || !view.editable) return;
    event.preventDefault();
    const inside = view.range !== null && isInside(boxOf(view.range), place);
    if (!inside) view.enter(place, 'end');
    view.openMenu();
  }

  #click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const embed = embedShownBy(target?.closest('.embed') ?? null);
    if (embed) this.#around.onOpenEmbed(embed);
    const anchor = target?.closest('a');
    if (!anchor) return;
    // The browser itself never follows a link out of the page, whatever keys are held.
    event.preventDefault();
    const href = safeHref(anchor.getAttribute('href'));
    if (href === null) return;
    if (event.ctrlKey || event.metaKey || isPageLink(href) || !this.#view.editable) this.#around.onOpenLink(href);
  }

  /** The column whose right edge is under the pointer, or null. */
  #edgeAt(event: MouseEvent): number | null {
    const place = this.#view.grid.placeOf(event.target);
    const rect = place && this.#view.grid.cell(place)?.getBoundingClientRect();
    if (!place || !rect) return null;
    if (rect.right - event.clientX <= EDGE) return place.column;
    return event.clientX - rect.left < EDGE && place.column > 0 ? place.column - 1 : null;
  }

  #dragWidth(event: MouseEvent, column: number): void {
    const { grid, actions } = this.#view;
    const start = grid.cell({ row: 0, column })?.offsetWidth ?? 0;
    let width = start;
    this.#drag(event, {
      move: (moved) => {
        width = Math.max(48, start + moved.clientX - event.clientX);
        grid.previewWidth(column, width);
        this.showHandles(this.#handlesAt);
      },
      drop: () => width !== start && actions.setWidth(column, width),
      cancel: () => grid.previewWidth(column, this.#view.table.columns[column]?.width ?? start),
    });
  }

  /** A press on a handle: a click opens the menu of the row or column, a drag moves it. */
  #grip(event: PointerEvent, kind: 'row' | 'column'): void {
    const place = this.#handlesAt;
    const view = this.#view;
    if (!place || event.button !== 0) return;
    event.preventDefault();
    const from = kind === 'row' ? place.row : place.column;
    const handleElement = kind === 'row' ? this.#rowHandle : this.#columnHandle;
    let border: number | null = null;
    this.#drag(event, {
      move: (moved) => {
        const far = Math.abs(moved.clientX - event.clientX) + Math.abs(moved.clientY - event.clientY);
        if (border === null && far < SLACK) return;
        border = this.#borderAt(kind, moved);
        this.#showDrop(kind, border);
      },
      drop: () => {
        this.#drop.hidden = true;
        if (border === null) {
          view.selectCells(
            kind === 'row'
              ? { anchor: { row: from, column: 0 }, head: { row: from, column: view.table.columns.length - 1 } }
              : { anchor: { row: 0, column: from }, head: { row: view.table.rows.length - 1, column: from } },
          );
          view.openMenu(kind, handleElement);
          return;
        }
        const target = dropBehind(from, border);
        const to = target && view.actions.move(kind, from, target.behind);
        if (to !== null) view.enter(kind === 'row' ? { ...place, row: to } : { ...place, column: to }, 'end');
      },
      cancel: () => (this.#drop.hidden = true),
    });
  }

  /** The border between rows or columns that is nearest to the pointer: 0 is before the first. */
  #borderAt(kind: 'row' | 'column', { clientX, clientY }: MouseEvent): number {
    const count = kind === 'row' ? this.#view.table.rows.length : this.#view.table.columns.length;
    for (let at = 0; at < count; at += 1) {
      const cell = this.#view.grid.cell(kind === 'row' ? { row: at, column: 0 } : { row: 0, column: at });
      const rect = cell?.getBoundingClientRect();
      if (!rect) continue;
      if (kind === 'row' ? clientY < (rect.top + rect.bottom) / 2 : clientX < (rect.left + rect.right) / 2) return at;
    }
    return count;
  }

  #showDrop(kind: 'row' | 'column', border: number): void {
    const table = this.#view.grid.dom;
    const count = kind === 'row' ? this.#view.table.rows.length : this.#view.table.columns.length;
    const last = border === count;
    const at = last ? border - 1 : border;
    const cell = this.#view.grid.cell(kind === 'row' ? { row: at, column: 0 } : { row: 0, column: at });
    if (!cell) return;
    const { style } = this.#drop;
    this.#drop.hidden = false;
    const top = table.offsetTop + (kind === 'row' ? cell.offsetTop + (last ? cell.offsetHeight : 0) - 1 : 0);
    const left = table.offsetLeft + (kind === 'column' ? cell.offsetLeft + (last ? cell.offsetWidth : 0) - 1 : 0);
    style.top = `${String(top)}px`;
    style.left = `${String(left)}px`;
    style.width = kind === 'row' ? `${String(table.offsetWidth)}px` : '2px';
    style.height = kind === 'row' ? '2px' : `${String(table.offsetHeight)}px`;
  }

  #drag(
    start: MouseEvent,
    { move, drop, cancel }: { move: (event: MouseEvent) => void; drop?: () => unknown; cancel?: () => unknown },
  ): void {
    this.#dragging?.abort();
    const drag = new AbortController();
    this.#dragging = drag;
    const end = (): void => {
      drag.abort();
      if (this.#dragging === drag) this.#dragging = null;
    };
    const { signal } = drag;
    const released = start.type === 'pointerdown' ? 'pointerup' : 'mouseup';
    const moved = start.type === 'pointerdown' ? 'pointermove' : 'mousemove';
    window.addEventListener(moved, (event) => move(event as MouseEvent), { signal });
    window.addEventListener(
      released,
      () => {
        end();
        drop?.();
      },
      { signal },
    );
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        end();
        cancel?.();
      },
      { signal, capture: true },
    );
  }
}

function handle(name: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `table-handle ${name}`;
  button.tabIndex = -1;
  button.hidden = true;
  return button;
}

function adder(name: string, label: string): HTMLButtonElement {
  const button = handle(name);
  button.className = `table-adder ${name}`;
  button.hidden = false;
  button.setAttribute('aria-label', label);
  button.title = label;
  return button;
}

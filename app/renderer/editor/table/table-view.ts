// A table on the page: one block of the flat document whose cells are written in place. Drawing, pointer, keys and menus have
// files of their own; this one knows which cell has the caret, which cells are selected, and what an edit draws again. One file, for the caret and the selected cells are one state.
import { NodeSelection, Selection } from 'prosemirror-state';
import * as Y from 'yjs';
import type { NewInline } from '../../../../shared/model/page/block.ts';
import { DisposableStore, type Disposable } from '../../../../shared/base/disposable.ts';
import { isCheckBox } from '../../../../shared/model/page/check-box.ts';
import { ownText, setChecked } from '../../../../shared/model/page/table-commands.ts';
import type { CellText, Table } from '../../../../shared/model/page/table-read.ts';
import { caretBelow } from '../commands/enter.ts';
import { idOf } from '../blocks.ts';
import type { DrawnNode } from '../node-views.ts';
import { CellEditor } from './cell-editor.ts';
import { cellPlugins } from './cell-plugins.ts';
import { RemoteCarets } from './remote-carets.ts';
import { TableActions } from './table-actions.ts';
import { TableClipboard } from './table-clipboard.ts';
import { TableGrid } from './table-grid.ts';
import { tableMenu, type MenuAbout } from './table-menu.ts';
import { TableNotes } from './table-notes.ts';
import { TablePointer } from './table-pointer.ts';
import { boxOf, neighbour, stepInReading, type CellRange, type Direction, type Place } from './table-range.ts';
import type { ShownTable, TableSurroundings, Where } from './table-surroundings.ts';
import { cellName, TableWatch, type TableChange } from './table-watch.ts';

/** The cell that is written in. */
interface Active {
  readonly row: string;
  readonly column: string;
  readonly editor: CellEditor;
}

export class TableView implements ShownTable, Disposable {
  readonly dom: HTMLElement;
  readonly grid = new TableGrid();
  readonly actions: TableActions;
  readonly #node: DrawnNode;
  readonly #around: TableSurroundings;
  readonly #watch: TableWatch;
  readonly #carets: RemoteCarets;
  readonly #notes: TableNotes;
  readonly #pointer: TablePointer;
  readonly #store = new DisposableStore();
  #active: Active | null = null;
  #range: CellRange | null = null;

  constructor(node: DrawnNode, marker: Y.Map<unknown>, around: TableSurroundings) {
    this.#node = node;
    this.#around = around;
    this.dom = node.element;
    this.#watch = this.#store.add(new TableWatch(marker, (change, transaction) => this.#changed(change, transaction)));
    this.actions = new TableActions(this.#watch, { ...around, now: () => around.clock.now() });
    this.#carets = this.#store.add(new RemoteCarets(marker, around, (names) => this.#drawCells(names)));
    this.#notes = new TableNotes(this.actions, around);
    const scroll = document.createElement('div');
    scroll.className = 'table-scroll';
    scroll.append(this.grid.dom);
    this.dom.append(scroll, this.#notes.dom);
    this.#pointer = this.#store.add(new TablePointer(this, scroll, around));
    this.#store.add(new TableClipboard(this));
    this.grid.dom.addEventListener('keydown', this.#keydown);
    this.dom.addEventListener('focusout', this.#focusout);
    this.#draw();
  }

  get table(): Table {
    return this.#watch.table;
  }

  get marker(): Y.Map<unknown> {
    return this.#watch.marker;
  }

  /** The cells that are selected: several, or the one with the caret. */
  get range(): CellRange | null {
    if (this.#range) return this.#range;
    const place = this.place;
    return place && { anchor: place, head: place };
  }

  get selectsCells(): boolean {
    return this.#range !== null;
  }

  /** The cell with the caret. */
  get place(): Place | null {
    return this.#active && this.#placeOf(this.#active.row, this.#active.column);
  }

  get cellEditor(): CellEditor | null {
    return this.#active?.editor ?? null;
  }

  get editable(): boolean {
    return this.#around.editable();
  }

  dispose(): void {
    this.#active?.editor.dispose();
    if (this.#active) this.#around.focus.cell = null;
    this.#active = null;
    this.dom.removeEventListener('focusout', this.#focusout);
    this.dom.classList.remove('selects-cells', 'writes');
    this.dom.replaceChildren();
    this.#store.dispose();
  }

  /** Puts the caret into a cell; its row or column may be beyond the table, then it is the last one. */
  enter(place: Place, where: Where, part: number | null = null): void {
    const { rows, columns } = this.table;
    const row = rows[Math.min(place.row, rows.length - 1)];
    const column = columns[Math.min(place.column, columns.length - 1)];
    const cell = row && column && this.grid.element(row.id, column.id);
    if (!cell) return;
    this.selectCells(null);
    if (!this.editable) {
      cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    }
    const texts = this.table.texts(row.id, column.id);
    const number = part ?? (where === 'end' ? texts.length - 1 : 0);
    const text = texts[Math.max(0, number)]?.text ?? null;
    if (this.#active?.row !== row.id || this.#active.column !== column.id || this.#active.editor.text !== text) {
      this.#close();
      this.#selectBlock();
      this.#open(row.id, column.id, cell, text, Math.max(0, number));
    }
    const { editor } = this.#active ?? {};
    editor?.focus(where);
    if (editor && typeof where === 'object') this.#around.onCellClick(editor.text, editor.state.selection.from - 1);
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#pointer.showHandles(place);
  }

  /** Selects several cells; null ends that. */
  selectCells(range: CellRange | null): void {
    if (range) {
      this.#close();
      this.#selectBlock();
    }
    this.#range = range;
    this.dom.classList.toggle('selects-cells', range !== null);
    this.grid.showRange(range);
    if (!range) return;
    this.grid.dom.focus({ preventScroll: true });
    this.grid.cell(range.head)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const { top, left, bottom, right } = boxOf(range);
    this.#around.say(`${String((bottom - top + 1) * (right - left + 1))} cells selected`);
  }

  // What keys of a cell do.

  step(by: 1 | -1): void {
    const place = this.place ?? this.#range?.head;
    if (!place) return;
    const { rows, columns } = this.table;
    const next = stepInReading(place, by, rows.length, columns.length);
    if (next) this.enter(next, 'all');
    else if (by === 1) this.enter({ row: this.actions.add('row', place.row, 'after'), column: 0 }, 'start');
    else this.#exit('up');
  }

  go(direction: Direction): void {
    const place = this.place;
    if (!place) return;
    if (this.#goToOtherText(direction)) return;
    const { rows, columns } = this.table;
    if (direction === 'left' || direction === 'right') {
      const next = stepInReading(place, direction === 'right' ? 1 : -1, rows.length, columns.length);
      if (next) this.enter(next, direction === 'right' ? 'start' : 'end');
      else this.#exit(direction === 'right' ? 'down' : 'up');
      return;
    }
    const next = neighbour(place, direction, rows.length, columns.length);
    if (next) this.enter(next, direction === 'down' ? 'start' : 'end');
    else this.#exit(direction);
  }

  below(): void {
    const place = this.place;
    const next = place && neighbour(place, 'down', this.table.rows.length, this.table.columns.length);
    if (next) this.enter(next, 'all');
    else this.#exit('down');
  }

  stretch(direction: Direction): void {
    const range = this.range;
    if (!range) return;
    const head = neighbour(range.head, direction, this.table.rows.length, this.table.columns.length);
    if (head) this.selectCells({ anchor: range.anchor, head });
  }

  moveLine(direction: Direction): void {
    const place = this.place ?? this.#range?.head;
    if (!place) return;
    const kind = direction === 'up' || direction === 'down' ? 'row' : 'column';
    const from = kind === 'row' ? place.row : place.column;
    const count = kind === 'row' ? this.table.rows.length : this.table.columns.length;
    const forward = direction === 'down' || direction === 'right';
    if (forward ? from >= count - 1 : from === 0) return;
    const to = this.actions.move(kind, from, forward ? from + 1 : from > 1 ? from - 2 : null);
    if (to !== null) this.enter(kind === 'row' ? { ...place, row: to } : { ...place, column: to }, 'end');
  }

  selectAll(): void {
    const { rows, columns } = this.table;
    this.selectCells({ anchor: { row: 0, column: 0 }, head: { row: rows.length - 1, column: columns.length - 1 } });
  }

  /** The table as one block is selected, the focus is the page's. */
  leave(): void {
    this.selectCells(null);
    this.#close();
    this.#around.history.stopCapturing();
    this.#node.select();
  }

  openMenu(about: MenuAbout = 'cell', anchor: HTMLElement | null = null): void {
    const range = this.range;
    if (!range || !this.editable) return;
    const menu = tableMenu(about, {
      actions: this.actions,
      table: this.table,
      range,
      shownWidth: (column) => this.grid.cell({ row: 0, column })?.offsetWidth ?? 0,
      goTo: (place) => this.enter(place, 'end'),
      insertBox: () => this.#insertBox(range.head),
      deleteTable: () => this.#deleteTable(),
    });
    const cell = this.grid.cell(range.head);
    const hangsOn = anchor ?? cell;
    if (hangsOn) this.#around.onMenu({ ...menu, anchor: this.#givingBack(hangsOn, range.head) });
  }

  tick(): void {
    const editor = this.#active?.editor;
    const text = editor?.text;
    if (!editor || !text) return;
    const { doc, selection } = editor.state;
    let number = -1;
    let chosen = -1;
    doc.descendants((node, pos) => {
      if (node.type.name !== 'check') return;
      number += 1;
      if (chosen < 0 || pos < selection.from) chosen = number;
    });
    this.#tickBox(text, chosen);
  }

  /** Ticks the box that is number `number` of a cell's text. */
  tickAt(place: Place, part: number, number: number): void {
    const row = this.table.rows[place.row];
    const column = this.table.columns[place.column];
    const text = row && column && this.table.texts(row.id, column.id)[part]?.text;
    if (text && this.editable) this.#tickBox(text, number);
  }

  /** Puts cells from elsewhere in from a place on, and selects them. */
  fillFrom(place: Place, grid: readonly (readonly (readonly NewInline[])[])[]): void {
    const width = Math.max(0, ...grid.map((cells) => cells.length));
    this.actions.fill(place, grid);
    const head = { row: place.row + grid.length - 1, column: place.column + width - 1 };
    if (head.row > place.row || head.column > place.column) this.selectCells({ anchor: place, head });
    else this.enter(place, 'end');
  }

  textsAt({ row, column }: Place): readonly CellText[] {
    const [at, under] = [this.table.rows[row], this.table.columns[column]];
    return at && under ? this.table.texts(at.id, under.id) : [];
  }

  #tickBox(text: Y.Text, number: number): void {
    const boxes = (text.toDelta() as { insert: unknown }[]).map(({ insert }) => insert).filter(isCheckBox);
    const box = boxes[number];
    if (!box) return;
    const checked = box.get('checked') !== true;
    this.#around.page.stopCapturing();
    this.#around.page.change(() => setChecked(box, checked, this.#around.page.origin));
    this.#around.page.stopCapturing();
    this.#around.say(checked ? 'Done' : 'To do');
  }

  #insertBox(place: Place): void {
    this.enter(place, 'end');
    const view = this.#active?.editor.view;
    const type = view?.state.schema.nodes['check'];
    if (view && type) view.dispatch(view.state.tr.replaceSelectionWith(type.create(), false).scrollIntoView());
  }

  #deleteTable(): void {
    this.#close();
    this.#around.history.stopCapturing();
    this.#node.remove();
    this.#around.history.stopCapturing();
  }

  /** An anchor whose focus is the cell's caret: a menu that closes gives it back there. */
  #givingBack(anchor: HTMLElement, place: Place): HTMLElement {
    const back = (): void => {
      anchor.removeEventListener('focus', back);
      if (!this.#range) this.enter(place, 'end');
    };
    anchor.tabIndex = -1;
    anchor.addEventListener('focus', back);
    return anchor;
  }

  #open(row: string, column: string, cell: HTMLTableCellElement, text: Y.Text | null, part: number): void {
    const mount = cell.children[part] instanceof HTMLElement ? cell.children[part] : cell.firstElementChild;
    if (!(mount instanceof HTMLElement)) return;
    cell.classList.add('active');
    this.dom.classList.add('writes');
    const editor = new CellEditor({
      mount,
      text,
      make: () => ownText(this.marker, row, column),
      page: this.#around.page,
      clock: this.#around.clock,
      label: this.#labelOf(row, column),
      editable: () => this.editable,
      nodeViews: this.#around.embedViews(),
      plugins: (made) => cellPlugins(this, made, this.#around),
    });
    this.#active = { row, column, editor };
    this.#around.focus.cell = editor;
    this.#around.onCells();
  }

  #close(): void {
    const active = this.#active;
    if (!active) return;
    this.#active = null;
    this.#around.focus.cell = null;
    active.editor.dispose();
    const cell = this.grid.element(active.row, active.column);
    cell?.classList.remove('active');
    this.dom.classList.remove('writes');
    this.#drawCells([cellName(active.row, active.column)]);
  }

  #labelOf(row: string, column: string): string {
    const { rows, columns, header } = this.table;
    const at = rows.findIndex(({ id }) => id === row);
    const under = columns.findIndex(({ id }) => id === column);
    const first = header ? rows[0] : undefined;
    const name = first
      ? this.table
          .texts(first.id, column)
          .map(({ text }) => text.toString())
          .join(' ')
          .slice(0, 80)
      : '';
    return `Row ${String(at + 1)}, column ${String(under + 1)}${name && at > 0 ? `, ${name}` : ''}`;
  }

  #placeOf(row: string, column: string): Place | null {
    const at = this.table.rows.findIndex(({ id }) => id === row);
    const under = this.table.columns.findIndex(({ id }) => id === column);
    return at < 0 || under < 0 ? null : { row: at, column: under };
  }

  /** Of several texts in one cell the caret goes through all of them. */
  #goToOtherText(direction: Direction): boolean {
    const active = this.#active;
    if (!active) return false;
    const texts = this.table.texts(active.row, active.column);
    const now = texts.findIndex(({ text }) => text === active.editor.text);
    const forward = direction === 'down' || direction === 'right';
    const next = now + (forward ? 1 : -1);
    const place = this.place;
    if (now < 0 || !texts[next] || !place) return false;
    this.enter(place, forward ? 'start' : 'end', next);
    return true;
  }

  #exit(direction: 'up' | 'down'): void {
    const pos = this.#position();
    if (pos === null) return;
    this.#close();
    const isLast = this.#node.run((state) => pos + 1 >= state.doc.content.size);
    if (direction === 'up' && pos === 0) this.#around.onLeaveTop();
    else if (direction === 'down' && isLast) {
      this.#node.run(caretBelow);
      this.#node.leave('behind');
    } else this.#node.leave(direction === 'up' ? 'before' : 'behind');
  }

  /** Where the block stands, or null when it is just going. */
  #position(): number | null {
    let found: number | null = null;
    this.#node.run((state) => {
      state.doc.forEach((node, pos) => {
        if (idOf(node) === this.#node.id()) found = pos;
      });
      return false;
    });
    return found;
  }

  /** The page's own selection is the table while a cell has the caret, so that nothing else is deleted or moved. */
  #selectBlock(): void {
    const pos = this.#position();
    if (pos === null) return;
    this.#node.run(({ selection, tr, doc }, dispatch) => {
      if (selection instanceof NodeSelection && selection.from === pos) return false;
      dispatch?.(tr.setSelection(NodeSelection.create(doc, pos)));
      return true;
    });
  }

  #changed(change: TableChange, transaction: Y.Transaction): void {
    if (change === 'all') this.#draw();
    else this.#drawCells(change);
    const undone = transaction.local && transaction.origin instanceof Y.UndoManager;
    const [first] = change === 'all' ? [] : change;
    if (undone && first !== undefined) this.#showUndone(first);
  }

  /** An undo is seen where it happened. */
  #showUndone(name: string): void {
    const [row = '', column = ''] = name.split('/');
    queueMicrotask(() => {
      const place = this.#placeOf(row, column);
      const isActive = this.#active?.row === row && this.#active.column === column;
      if (place && !isActive && this.#around.hasFocus()) this.enter(place, 'end');
    });
  }

  #draw(): void {
    const { table } = this;
    const hadFocus = this.#active?.editor.view.hasFocus() ?? false;
    this.grid.draw(table, (row, column, cell) => this.#fill(row, column, cell));
    this.#drawCells(
      table.rows.flatMap((row) => table.columns.map((column) => cellName(row.id, column.id))),
      true,
    );
    this.#notes.draw(table);
    if (this.#range) this.selectCells(null);
    const active = this.#active;
    if (!active) return;
    if (!this.grid.element(active.row, active.column)) this.#closeGone();
    else if (hadFocus && !active.editor.view.hasFocus()) active.editor.view.focus();
  }

  /** The cell with the caret was removed: by oneself, or by somebody else. */
  #closeGone(): void {
    const hadFocus = this.#active?.editor.view.hasFocus() ?? false;
    this.#close();
    if (hadFocus) this.leave();
  }

  /** Draws cells that nobody here writes in; of one that somebody does, the editor shows the words by itself. */
  #drawCells(names: Iterable<string>, onlyMissing = false): void {
    for (const name of names) {
      const [row = '', column = ''] = name.split('/');
      const cell = this.grid.element(row, column);
      if (!cell || (onlyMissing && cell.childElementCount > 0)) continue;
      if (this.#active?.row === row && this.#active.column === column && this.#keepsActive(row, column)) continue;
      this.#fill(row, column, cell);
    }
    this.#around.onCells();
  }

  /** Another text in the cell that is written in (two people made it at once): all are drawn anew, the caret stays in its own. */
  #keepsActive(row: string, column: string): boolean {
    const active = this.#active;
    const texts = this.table.texts(row, column);
    const cell = this.grid.element(row, column);
    if (!active || !cell || Math.max(1, texts.length) === cell.childElementCount) return true;
    const now = texts.findIndex(({ text }) => text === active.editor.text);
    const place = this.place;
    if (now < 0 || !place) return true;
    const at = active.editor.view.state.selection;
    queueMicrotask(() => {
      if (this.#active !== active) return;
      this.#close();
      this.enter(place, 'end', now);
      const view = this.#active?.editor.view;
      if (view && at.to <= view.state.doc.content.size) {
        view.dispatch(view.state.tr.setSelection(Selection.fromJSON(view.state.doc, at.toJSON())));
      }
    });
    return true;
  }

  #fill(row: string, column: string, cell: HTMLTableCellElement): void {
    const texts = this.table.texts(row, column);
    TableGrid.fill(cell, texts, this.#carets.of(cellName(row, column)), this.#around);
  }

  readonly #focusout = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (to instanceof globalThis.Node && this.dom.contains(to)) return;
    // One turn later: a menu or a toolbar takes the focus for a moment and gives it back.
    queueMicrotask(() => {
      const now = document.activeElement;
      if (now && !this.dom.contains(now) && now.contains(this.dom)) this.#close();
    });
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const range = this.#range;
    if (!range || event.target !== this.grid.dom || event.isComposing) return;
    const direction = ({ ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const)[
      event.key
    ];
    if (direction && event.altKey && event.shiftKey) this.moveLine(direction);
    else if (direction && event.shiftKey) this.stretch(direction);
    else if (direction) {
      const next = neighbour(range.head, direction, this.table.rows.length, this.table.columns.length);
      this.enter(next ?? range.head, 'end');
    } else if (event.key === 'Escape') this.enter(range.anchor, 'end');
    else if (event.key === 'Enter' && event.altKey) this.openMenu();
    else if (event.key === 'Enter' || event.key === 'F2') this.enter(range.anchor, 'end');
    else if (event.key === 'Tab') this.step(event.shiftKey ? -1 : 1);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && this.editable) this.actions.clear(range);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') this.selectAll();
    else if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key)) {
      if (event.shiftKey || event.key.toLowerCase() === 'y') this.#around.history.redo();
      else this.#around.history.undo();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

// What the table of a board shows: columns and rows in their order, and the cell in which somebody types. It draws nothing.
/* eslint-disable svelte/prefer-svelte-reactivity -- maps here belong to one call */
import type { TableSort } from '../../../../../shared/model/board/look.ts';
import type { Card } from '../../../../../shared/model/board/card.ts';
import { readTitle } from '../../../../../shared/model/document/title.ts';
import { saveFile } from '../../../window/save-file.ts';
import type { BoardModel } from '../board-model.svelte.ts';
import { csvName, csvOf } from './csv.ts';
import { cellText, sortedCards, tableColumns, type TableColumn, type TableContext } from './table-columns.ts';
import { keepText, textIn } from './table-edits.ts';

export interface Typing {
  readonly card: Card;
  readonly key: string;
  /** What stood there when the typing began. */
  readonly base: string;
  readonly rows: readonly Card[];
}

export class TableModel {
  readonly board: BoardModel;
  #typing = $state.raw<Typing | null>(null);

  constructor(board: BoardModel) {
    this.board = board;
  }

  /** All that there are, hidden ones too. */
  readonly all = $derived.by(() => tableColumns(this.board.board.fields));
  readonly columns = $derived.by(() => this.all.filter(({ key }) => !this.hidden.includes(key)));
  readonly context = $derived.by((): TableContext => {
    const cells = this.board.arrangement.rows[0]?.cells ?? [];
    const at = new Map(cells.flatMap((cell) => cell.cards.map((card) => [card.id, cell.column.id])));
    return {
      columns: this.board.arrangement.columns,
      columnOf: (card) => at.get(card.id) ?? card.column ?? '',
      labelName: (id) => this.board.labelName(id),
      memberName: this.board.context.memberName,
    };
  });
  readonly #sorted = $derived.by(() => sortedCards(this.board.order, this.sort, this.all, this.context));
  /** While somebody types in a cell no row goes elsewhere, whatever others do (B18). */
  readonly rows = $derived.by(() => {
    const typing = this.#typing;
    if (!typing) return this.#sorted;
    const now = new Map(this.board.order.map((card) => [card.id, card]));
    return typing.rows.flatMap((card) => now.get(card.id) ?? (card.id === typing.card.id ? card : []));
  });

  get typing(): Typing | null {
    return this.#typing;
  }
  get sort(): TableSort | null {
    return this.board.settings.table.sort;
  }
  get hidden(): readonly string[] {
    return this.board.settings.table.hidden;
  }

  hide(key: string, hide: boolean): void {
    const others = this.hidden.filter((one) => one !== key);
    this.board.settings.table = { sort: this.sort, hidden: hide ? [...others, key] : others };
  }

  /** By this column, then the other way, then as on the board again; what it is now in words. */
  sortBy(key: string): string {
    const { sort } = this;
    const next = sort?.by !== key ? { by: key, down: false } : sort.down ? null : { by: key, down: true };
    this.board.settings.table = { sort: next, hidden: this.hidden };
    const label = this.all.find((one) => one.key === key)?.label ?? '';
    return next === null ? 'In the order of the board' : `Sorted by ${label}, ${next.down ? 'downwards' : 'upwards'}`;
  }

  beginTyping(card: Card, column: TableColumn): void {
    this.#typing = { card, key: column.key, base: textIn(card, column), rows: this.rows };
  }

  /** Why what was typed was not kept, or null. */
  keep(column: TableColumn, text: string): string | null {
    return this.#typing && keepText(this.board, this.#typing.card.id, column, this.#typing.base, text);
  }

  endTyping(): Typing | null {
    const was = this.#typing;
    this.#typing = null;
    return was;
  }

  /** What is shown, as a file for the person at the window. */
  save(): void {
    const heads = this.columns.map(({ label }) => label);
    const lines = this.rows.map((card) => this.columns.map((column) => cellText(card, column, this.context)));
    saveFile(csvName(readTitle(this.board.actions.doc)), csvOf([heads, ...lines]), 'text/csv;charset=utf-8');
  }
}

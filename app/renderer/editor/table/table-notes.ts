// What stands under a table: rows and columns that words brought back, and how much is not drawn. Words and buttons, no state.
import type { Column, Row, Table } from '../../../../shared/model/page/table-read.ts';
import type { LineKind } from '../../../../shared/model/page/table-commands.ts';
import type { TableActions } from './table-actions.ts';
import { plural } from './table-grid.ts';
import type { TableSurroundings } from './table-surroundings.ts';

export class TableNotes {
  readonly dom = document.createElement('div');
  readonly #actions: TableActions;
  readonly #around: TableSurroundings;

  constructor(actions: TableActions, around: TableSurroundings) {
    this.#actions = actions;
    this.#around = around;
    this.dom.className = 'table-notes';
  }

  draw(table: Table): void {
    const notes = [
      ...table.rows.flatMap((row, at) => this.#returned('row', row, at)),
      ...table.columns.flatMap((column, at) => this.#returned('column', column, at)),
      ...this.#empty(table),
      ...this.#beyond(table),
    ];
    this.dom.replaceChildren(...notes);
    this.dom.hidden = notes.length === 0;
  }

  #returned(kind: LineKind, line: Row | Column, at: number): HTMLElement[] {
    if (!line.returned) return [];
    const { by } = line.returned;
    const who = by === null ? null : this.#around.names(by);
    const which = kind === 'row' ? `Row ${String(at + 1)}` : `Column ${String(at + 1)}`;
    const words = who
      ? `${which} is back: ${who} deleted it while somebody typed in it.`
      : `${which} is back: its adding was undone while somebody typed in it.`;
    return [
      note(words, [
        [`Keep the ${kind}`, () => this.#actions.keep(kind, line.id)],
        ['Delete it again', () => this.#actions.removeAgain(kind, line.id)],
      ]),
    ];
  }

  #empty({ rows, columns }: Table): HTMLElement[] {
    const buttons: [string, () => void][] = [];
    if (rows.length === 0) buttons.push(['Add a row', () => void this.#actions.add('row', 0, 'before')]);
    if (columns.length === 0) buttons.push(['Add a column', () => void this.#actions.add('column', 0, 'before')]);
    if (buttons.length === 0) return [];
    return [note(rows.length === 0 ? 'This table has no rows.' : 'This table has no columns.', buttons)];
  }

  #beyond({ beyond }: Table): HTMLElement[] {
    const parts = [
      ...(beyond.rows > 0 ? [plural(beyond.rows, 'row')] : []),
      ...(beyond.columns > 0 ? [plural(beyond.columns, 'column')] : []),
    ];
    if (parts.length === 0) return [];
    return [note(`${parts.join(' and ')} more, too many to draw. They are kept, and an export holds them.`, [])];
  }
}

function note(words: string, buttons: readonly (readonly [label: string, run: () => void])[]): HTMLElement {
  const element = document.createElement('div');
  element.className = 'table-note';
  const text = document.createElement('span');
  text.textContent = words;
  element.append(text);
  for (const [label, run] of buttons) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', run);
    element.append(button);
  }
  return element;
}

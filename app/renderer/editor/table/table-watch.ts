// A table kept read: what it holds now, and which cells an edit changed. It draws nothing and writes nothing.
import type * as Y from 'yjs';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { cellPlace, readTable, type Table } from '../../../../shared/model/page/table-read.ts';

/** What to draw again: everything, or some cells by `<row>/<column>`. */
export type TableChange = 'all' | ReadonlySet<string>;

export function cellName(row: string, column: string): string {
  return `${row}/${column}`;
}

export class TableWatch implements Disposable {
  readonly marker: Y.Map<unknown>;
  readonly #onChange: (change: TableChange, transaction: Y.Transaction) => void;
  #table: Table;
  #shown: ReadonlySet<string>;

  constructor(marker: Y.Map<unknown>, onChange: (change: TableChange, transaction: Y.Transaction) => void) {
    this.marker = marker;
    this.#onChange = onChange;
    this.#table = readTable(marker);
    this.#shown = steadyLines(this.#table);
    marker.observeDeep(this.#observe);
  }

  get table(): Table {
    return this.#table;
  }

  dispose(): void {
    this.marker.unobserveDeep(this.#observe);
  }

  readonly #observe = (events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction): void => {
    const cells = this.#changedCells(events);
    // The texts of a cell are known by identity: words inside one change nothing that was read.
    if (cells === null || cells.reread) {
      this.#table = readTable(this.marker);
      this.#shown = steadyLines(this.#table);
    }
    this.#onChange(cells === null ? 'all' : cells.names, transaction);
  };

  /** Null: rows or columns may have come, gone or moved. */
  #changedCells(events: readonly Y.YEvent<Y.AbstractType<unknown>>[]): { names: Set<string>; reread: boolean } | null {
    const names = new Set<string>();
    let reread = false;
    for (const event of events) {
      const [part, key] = event.path;
      if (part !== 'cells') return null;
      const whole = event.path.length === 1;
      const keys = whole ? [...event.changes.keys.keys()] : [String(key)];
      reread ||= whole;
      for (const one of keys) {
        const place = cellPlace(one);
        if (!place) continue;
        // Words may bring a removed row or column back, or be the last ones in it.
        if (!this.#shown.has(place.row) || !this.#shown.has(place.column)) return null;
        if (this.#table.texts(place.row, place.column).length !== 1) reread = true;
        names.add(cellName(place.row, place.column));
      }
    }
    return { names, reread };
  }
}

function steadyLines(table: Table): Set<string> {
  return new Set([...table.rows, ...table.columns].filter(({ returned }) => !returned).map(({ id }) => id));
}

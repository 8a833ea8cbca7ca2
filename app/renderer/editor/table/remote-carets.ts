// Where others' carets stand in a table's cells, read from their presence. Those in the cell that is written in show there by themselves.
import * as Y from 'yjs';
import type { Disposable } from '../../../../shared/base/disposable.ts';
import { cellPlace } from '../../../../shared/model/page/table-read.ts';
import { absolutePosition } from '../binding/relative-position.ts';
import { remoteCursors } from '../cursor-state.ts';
import type { RemoteCaret } from './cell-dom.ts';
import type { TableSurroundings } from './table-surroundings.ts';
import { cellName } from './table-watch.ts';

export class RemoteCarets implements Disposable {
  readonly #marker: Y.Map<unknown>;
  readonly #around: TableSurroundings;
  /** Told which cells to draw again. */
  readonly #onChange: (cells: ReadonlySet<string>) => void;
  #carets = new Map<string, RemoteCaret[]>();
  #reading = false;
  #disposed = false;

  constructor(marker: Y.Map<unknown>, around: TableSurroundings, onChange: (cells: ReadonlySet<string>) => void) {
    this.#marker = marker;
    this.#around = around;
    this.#onChange = onChange;
    around.awareness?.on('change', this.#read);
    this.#carets = this.#locate();
  }

  of(cell: string): readonly RemoteCaret[] {
    return this.#carets.get(cell) ?? [];
  }

  dispose(): void {
    this.#disposed = true;
    this.#around.awareness?.off('change', this.#read);
  }

  /** One reading for all that happens in a turn. */
  readonly #read = (): void => {
    if (this.#reading) return;
    this.#reading = true;
    queueMicrotask(() => {
      this.#reading = false;
      if (this.#disposed) return;
      const before = this.#carets;
      this.#carets = this.#locate();
      const changed = new Set(
        [...before.keys(), ...this.#carets.keys()].filter((cell) => !same(before, this.#carets, cell)),
      );
      if (changed.size > 0) this.#onChange(changed);
    });
  };

  #locate(): Map<string, RemoteCaret[]> {
    const found = new Map<string, RemoteCaret[]>();
    const { awareness, names } = this.#around;
    if (!awareness) return found;
    for (const { head, member } of remoteCursors(awareness.getStates(), awareness.clientID)) {
      const at = this.#absolute(head);
      const key = at?.text._item?.parentSub ?? null;
      const place = key === null ? null : cellPlace(key);
      if (!at || !place) continue;
      const cell = cellName(place.row, place.column);
      const caret = { text: at.text, index: at.index, member, name: names(member) };
      found.set(cell, [...(found.get(cell) ?? []), caret]);
    }
    return found;
  }

  #absolute(json: unknown): { readonly text: Y.Text; readonly index: number } | null {
    const at = absolutePosition(json, this.#marker.doc);
    if (!(at?.type instanceof Y.Text) || at.type.parent !== this.#marker.get('cells')) return null;
    return { text: at.type, index: Math.min(at.index, at.type.length) };
  }
}

function same(
  before: ReadonlyMap<string, readonly RemoteCaret[]>,
  after: ReadonlyMap<string, readonly RemoteCaret[]>,
  cell: string,
): boolean {
  const [a, b] = [before.get(cell) ?? [], after.get(cell) ?? []];
  return a.length === b.length && a.every((caret, at) => caret.text === b[at]?.text && caret.index === b[at]?.index);
}

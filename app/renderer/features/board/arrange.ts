// Where the cards of a board stand on the screen: columns, lanes and the cells between them, after a filter, with what is lifted at its new
// place. Pure: it draws and writes nothing.
import type { Card } from '../../../../shared/model/board/card.ts';
import { laneOf, lanesOf, type Lane, type LaneValue } from '../../../../shared/model/board/lanes.ts';
import type { LaneKind } from '../../../../shared/model/board/look.ts';
import type { Board, WipLimit } from '../../../../shared/model/board/read.ts';
import type { Colour } from '../../../../shared/model/board/stored.ts';

/** Lists that are no columns: cards whose column is gone, and cards that an edit brought back. They give and do not take. */
export const UNSORTED = 'unsorted';
export const RESTORED = 'restored';

export interface ShownColumn {
  /** A column's id, or one of the two above. */
  readonly id: string;
  readonly name: string;
  readonly colour: Colour | null;
  readonly limit: WipLimit | null;
  readonly completes: boolean;
  /** Cards are put here. */
  readonly takes: boolean;
  /** How many cards it has, shown or not. */
  readonly count: number;
}

export interface Cell {
  readonly column: ShownColumn;
  readonly lane: Lane | null;
  readonly cards: readonly Card[];
}

/** The cells from left to right. Without lanes there is one row. */
export interface Row {
  readonly lane: Lane | null;
  readonly count: number;
  readonly cells: readonly Cell[];
}

export interface Arrangement {
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly Row[];
}

/** Between which cards of a cell: `index` counts without those that are moved. */
export interface CellPlace {
  readonly column: string;
  readonly lane: LaneValue | undefined;
  readonly index: number;
}

export interface Lifted {
  readonly ids: readonly string[];
  readonly at: CellPlace;
}

export interface Arranging {
  readonly by: LaneKind | null;
  /** Null: all of them. Then lists in which nothing is lifted stay the board's own arrays. */
  readonly matches: ((card: Card) => boolean) | null;
  /** Names of people, for the order of their lanes. */
  readonly memberName: (id: string) => string;
  readonly lifted: Lifted | null;
}

export function arrange(board: Board, { by, matches, memberName, lifted }: Arranging): Arrangement {
  const lists = listsOf(board);
  const moving = new Set(lifted?.ids);
  const all = lifted ? lists.flatMap(([, cards]) => cards) : [];
  const hand = lifted ? lifted.ids.flatMap((id) => all.find((card) => card.id === id) ?? []) : [];
  const isShown = (card: Card): boolean => !moving.has(card.id) && (!matches || matches(card));
  const shown = lists.map(([column, cards]) => {
    const isWhole = !matches && (moving.size === 0 || !cards.some((card) => moving.has(card.id)));
    return { column, cards: isWhole ? cards : cards.filter(isShown) };
  });
  const cell = (column: ShownColumn, cards: readonly Card[], value: LaneValue | undefined): Cell => {
    const lane = by === null || value === undefined ? null : { by, value };
    const here = lifted && lifted.at.column === column.id && lifted.at.lane === value;
    return { column, lane, cards: here ? cards.toSpliced(lifted.at.index, 0, ...hand) : cards };
  };
  const columns = lists.map(([column]) => column);
  if (by === null) {
    const cells = shown.map(({ column, cards }) => cell(column, cards, undefined));
    return { columns, rows: [{ lane: null, count: countOf(cells), cells }] };
  }
  const byLane = shown.map(({ column, cards }) => ({ column, lanes: grouped(cards, by) }));
  const rows = laneOrder(board, by, memberName).map((value) => {
    const cells = byLane.map(({ column, lanes }) => cell(column, lanes.get(value) ?? [], value));
    return { lane: { by, value }, count: countOf(cells), cells };
  });
  return { columns, rows };
}

function grouped(cards: readonly Card[], by: LaneKind): ReadonlyMap<LaneValue, readonly Card[]> {
  const lanes = new Map<LaneValue, Card[]>();
  for (const card of cards) {
    const value = laneOf(card, by);
    const lane = lanes.get(value);
    if (lane) lane.push(card);
    else lanes.set(value, [card]);
  }
  return lanes;
}

function countOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { cards }) => sum + cards.length, 0);
}

function listsOf(board: Board): readonly (readonly [ShownColumn, readonly Card[]])[] {
  const gone = (id: string, name: string, cards: readonly Card[]): [ShownColumn, readonly Card[]][] =>
    cards.length === 0
      ? []
      : [[{ id, name, colour: null, limit: null, completes: false, takes: false, count: cards.length }, cards]];
  return [
    ...gone(RESTORED, 'Restored', board.restored),
    ...gone(UNSORTED, 'Unsorted', board.unsorted),
    ...board.columns.map(({ id, name, colour, limit, completes, cards }): [ShownColumn, readonly Card[]] => [
      { id, name, colour, limit, completes, takes: true, count: cards.length },
      cards,
    ]),
  ];
}

/** Those of lists that are no columns have their lanes as well; people in the order of their names. */
function laneOrder(board: Board, by: LaneKind, memberName: (id: string) => string): readonly LaneValue[] {
  const gone = { id: '', name: '', order: '', colour: null, limit: null, completes: false } as const;
  const aside = { ...gone, removal: { kind: 'none' } as const, cards: [...board.restored, ...board.unsorted] };
  const lanes = lanesOf({ ...board, columns: [...board.columns, aside] }, by);
  if (by !== 'person') return lanes;
  const name = (value: LaneValue): string => (value === null ? '' : memberName(value) || value);
  return lanes.toSorted((a, b) => (a === null ? 1 : b === null ? -1 : name(a).localeCompare(name(b))));
}

/** Where a card is shown; null where it is not. */
export function findCard(rows: readonly Row[], id: string): { row: number; cell: number; index: number } | null {
  for (const [row, { cells }] of rows.entries()) {
    for (const [cell, { cards }] of cells.entries()) {
      const index = cards.findIndex((card) => card.id === id);
      if (index >= 0) return { row, cell, index };
    }
  }
  return null;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The card that an arrow goes to: over the border of a lane too, and past cells that are empty. Null where there is none. */
export function neighbour(rows: readonly Row[], id: string, direction: Direction): Card | null {
  const at = findCard(rows, id);
  const row = at && rows[at.row];
  if (!row) return null;
  if (direction === 'left' || direction === 'right') {
    const step = direction === 'left' ? -1 : 1;
    for (let cell = at.cell + step; cell >= 0 && cell < row.cells.length; cell += step) {
      const cards = row.cells[cell]?.cards ?? [];
      if (cards.length > 0) return cards[Math.min(at.index, cards.length - 1)] ?? null;
    }
    return null;
  }
  const step = direction === 'up' ? -1 : 1;
  const beside = row.cells[at.cell]?.cards[at.index + step];
  if (beside) return beside;
  for (let next = at.row + step; next >= 0 && next < rows.length; next += step) {
    const cards = rows[next]?.cells[at.cell]?.cards ?? [];
    if (cards.length > 0) return cards.at(direction === 'up' ? -1 : 0) ?? null;
  }
  return null;
}

/** Where an arrow takes what is lifted; the same place where it goes no further. `rows` are without it. */
export function stepped(rows: readonly Row[], at: CellPlace, direction: Direction): CellPlace {
  const row = rows.findIndex(({ lane }) => (lane?.value ?? null) === (at.lane ?? null));
  const cells = rows[row]?.cells ?? [];
  const cell = cells.findIndex(({ column }) => column.id === at.column);
  const here = cells[cell];
  if (direction === 'left' || direction === 'right') {
    const step = direction === 'left' ? -1 : 1;
    let next = cell + step;
    while (cells[next] && !cells[next]?.column.takes) next += step;
    const target = cells[next];
    return target ? { ...at, column: target.column.id, index: Math.min(at.index, target.cards.length) } : at;
  }
  if (direction === 'down' && here && at.index < here.cards.length) return { ...at, index: at.index + 1 };
  if (direction === 'up' && at.index > 0) return { ...at, index: at.index - 1 };
  const over = rows[row + (direction === 'up' ? -1 : 1)];
  const cards = over?.cells[cell]?.cards;
  if (!over || !cards || !over.lane) return at;
  return { column: at.column, lane: over.lane.value, index: direction === 'up' ? cards.length : 0 };
}

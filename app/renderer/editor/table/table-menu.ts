// The menu of a cell, a row or a column: what stands in it, as data. It is drawn elsewhere.
import type { Alignment } from '../../../../shared/model/page/block.ts';
import type { Table } from '../../../../shared/model/page/table-read.ts';
import type { TableActions } from './table-actions.ts';
import { boxOf, type CellRange, type Place } from './table-range.ts';

export interface TableMenuItem {
  readonly label: string;
  /** A Lucide icon's name. */
  readonly icon: string;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly checked?: boolean;
  readonly run: () => void;
}

export interface TableMenu {
  readonly label: string;
  readonly groups: readonly (readonly TableMenuItem[])[];
  /** It hangs on this element, and gives the focus back to it. */
  readonly anchor: HTMLElement;
}

export interface MenuSurroundings {
  readonly actions: TableActions;
  readonly table: Table;
  readonly range: CellRange;
  /** How wide a column is on the screen. */
  readonly shownWidth: (column: number) => number;
  /** Puts the caret into a cell when something was done. */
  readonly goTo: (place: Place) => void;
  readonly insertBox: () => void;
  readonly deleteTable: () => void;
}

export type MenuAbout = 'cell' | 'row' | 'column';

export const MOVE_KEYS = { row: 'Alt+Shift+Up, Down', column: 'Alt+Shift+Left, Right' };

export function tableMenu(about: MenuAbout, around: MenuSurroundings): Omit<TableMenu, 'anchor'> {
  const rows = rowItems(around);
  const columns = columnItems(around);
  const remove = removeItems(about, around);
  if (about === 'row') return { label: 'Row', groups: [rows, headerItems(around), remove] };
  if (about === 'column') return { label: 'Column', groups: [columns, alignItems(around), widthItems(around), remove] };
  const box: TableMenuItem = { label: 'Insert checkbox', icon: 'box', shortcut: '[ ]', run: around.insertBox };
  return {
    label: 'Table',
    groups: [[box], rows, columns, [...alignItems(around), ...headerItems(around)], widthItems(around), remove],
  };
}

function rowItems({ actions, table, range, goTo }: MenuSurroundings): TableMenuItem[] {
  const { top, bottom, left } = boxOf(range);
  const go = (row: number | null): void => goTo({ row: row ?? top, column: left });
  return [
    { label: 'Row above', icon: 'row-above', run: () => go(actions.add('row', top, 'before')) },
    { label: 'Row below', icon: 'row-below', run: () => go(actions.add('row', bottom, 'after')) },
    ...(top > 0
      ? [
          {
            label: 'Move row up',
            icon: 'arrow-up',
            shortcut: 'Alt+Shift+↑',
            run: () => go(actions.move('row', top, top > 1 ? top - 2 : null)),
          },
        ]
      : []),
    ...(top < table.rows.length - 1
      ? [
          {
            label: 'Move row down',
            icon: 'arrow-down',
            shortcut: 'Alt+Shift+↓',
            run: () => go(actions.move('row', top, top + 1)),
          },
        ]
      : []),
  ];
}

function columnItems({ actions, table, range, goTo }: MenuSurroundings): TableMenuItem[] {
  const { top, left, right } = boxOf(range);
  const go = (column: number | null): void => goTo({ row: top, column: column ?? left });
  return [
    { label: 'Column before', icon: 'column-before', run: () => go(actions.add('column', left, 'before')) },
    { label: 'Column after', icon: 'column-after', run: () => go(actions.add('column', right, 'after')) },
    ...(left > 0
      ? [
          {
            label: 'Move column left',
            icon: 'arrow-left',
            shortcut: 'Alt+Shift+←',
            run: () => go(actions.move('column', left, left > 1 ? left - 2 : null)),
          },
        ]
      : []),
    ...(left < table.columns.length - 1
      ? [
          {
            label: 'Move column right',
            icon: 'arrow-right',
            shortcut: 'Alt+Shift+→',
            run: () => go(actions.move('column', left, left + 1)),
          },
        ]
      : []),
  ];
}

function alignItems({ actions, table, range, goTo }: MenuSurroundings): TableMenuItem[] {
  const { left } = boxOf(range);
  const now = table.columns[left]?.align ?? null;
  const item = (label: string, icon: string, align: Alignment): TableMenuItem => ({
    label,
    icon,
    checked: now === align,
    run: () => {
      actions.align(range, now === align ? null : align);
      goTo(range.head);
    },
  });
  return [
    item('Align left', 'align-left', 'left'),
    item('Align centre', 'align-center', 'center'),
    item('Align right', 'align-right', 'right'),
  ];
}

function headerItems({ actions, table, range, goTo }: MenuSurroundings): TableMenuItem[] {
  return [
    {
      label: 'Header row',
      icon: 'header-row',
      checked: table.header,
      run: () => {
        actions.setHeader(!table.header);
        goTo(range.head);
      },
    },
  ];
}

function widthItems({ actions, table, range, shownWidth, goTo }: MenuSurroundings): TableMenuItem[] {
  const column = range.head.column;
  const then = (run: () => void) => () => {
    run();
    goTo(range.head);
  };
  return [
    { label: 'Wider', icon: 'wider', run: then(() => actions.widen(column, shownWidth(column), 1)) },
    { label: 'Narrower', icon: 'narrower', run: then(() => actions.widen(column, shownWidth(column), -1)) },
    ...((table.columns[column]?.width ?? null) === null
      ? []
      : [{ label: 'Fit to the words', icon: 'fit', run: then(() => actions.setWidth(column, null)) }]),
  ];
}

function removeItems(
  about: MenuAbout,
  { actions, table, range, goTo, deleteTable }: MenuSurroundings,
): TableMenuItem[] {
  const { top, bottom, left, right } = boxOf(range);
  const remove = (kind: 'row' | 'column', from: number, to: number): TableMenuItem => ({
    label: from === to ? `Delete ${kind}` : `Delete ${String(to - from + 1)} ${kind}s`,
    icon: 'trash',
    danger: true,
    run: () => {
      actions.remove(kind, from, to);
      goTo(kind === 'row' ? { row: Math.max(0, from - 1), column: left } : { row: top, column: Math.max(0, from - 1) });
    },
  });
  return [
    ...(about !== 'column' && bottom - top + 1 < table.rows.length ? [remove('row', top, bottom)] : []),
    ...(about !== 'row' && right - left + 1 < table.columns.length ? [remove('column', left, right)] : []),
    { label: 'Delete table', icon: 'trash', danger: true, run: deleteTable },
  ];
}

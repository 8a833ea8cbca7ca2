// What can be done with a column, as a menu; it does nothing itself.
import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big';
import Eye from '@lucide/svelte/icons/eye';
import FoldHorizontal from '@lucide/svelte/icons/fold-horizontal';
import Gauge from '@lucide/svelte/icons/gauge';
import Palette from '@lucide/svelte/icons/palette';
import Pencil from '@lucide/svelte/icons/pencil';
import Plus from '@lucide/svelte/icons/plus';
import Trash from '@lucide/svelte/icons/trash';
import { moveColumn, setColumnColour, setColumnCompletes } from '../../../../shared/model/board/column-commands.ts';
import { COLOURS } from '../../../../shared/model/board/stored.ts';
import type { MenuItem } from '../../ui/Menu.svelte';
import type { ShownColumn } from './arrange.ts';
import type { BoardModel } from './board-model.svelte.ts';

export interface ColumnMenuAsks {
  readonly add: (at: 'top' | 'bottom') => void;
  readonly rename: () => void;
  readonly limit: () => void;
  readonly remove: () => void;
}

export function columnMenu(
  model: BoardModel,
  column: ShownColumn,
  writable: boolean,
  asks: ColumnMenuAsks,
): MenuItem[][] {
  const { actions, settings, board, marks } = model;
  const watched = marks.watching.columns.has(column.id);
  const watch: MenuItem = {
    label: 'Follow this column',
    icon: Eye,
    checked: watched,
    run: () => marks.watch({ column: column.id }, !watched),
  };
  const fold: MenuItem = { label: 'Fold', icon: FoldHorizontal, run: () => settings.fold(column.id, true) };
  if (!writable) return [[fold, watch]];
  const at = board.columns.findIndex(({ id }) => id === column.id);
  const before = board.columns[at - 2]?.id ?? null;
  const behind = board.columns[at + 1]?.id;
  const move = (after: string | null): void =>
    void actions.do((doc, origin) => moveColumn(doc, column.id, after, origin));
  return [
    [
      { label: 'New card at the top', icon: Plus, run: () => asks.add('top') },
      { label: 'New card at the bottom', icon: Plus, run: () => asks.add('bottom') },
    ],
    [
      { label: 'Rename', icon: Pencil, run: asks.rename },
      {
        label: column.limit ? `Limit: ${String(column.limit.most)} cards…` : 'Limit the cards…',
        icon: Gauge,
        run: asks.limit,
      },
      {
        label: 'What comes in is complete',
        icon: CircleCheckBig,
        checked: column.completes,
        run: () => void actions.do((doc, origin) => setColumnCompletes(doc, column.id, !column.completes, origin)),
      },
      fold,
      watch,
    ],
    [
      ...(at > 0 ? [{ label: 'Move left', icon: ArrowLeft, run: () => move(before) }] : []),
      ...(behind === undefined ? [] : [{ label: 'Move right', icon: ArrowRight, run: () => move(behind) }]),
    ],
    [...COLOURS, null].map((colour) => ({
      label: colour === null ? 'No colour' : `${colour.charAt(0).toUpperCase()}${colour.slice(1)}`,
      icon: Palette,
      checked: column.colour === colour,
      run: () => void actions.do((doc, origin) => setColumnColour(doc, column.id, colour, origin)),
    })),
    [{ label: 'Delete…', icon: Trash, danger: true, run: asks.remove }],
  ];
}

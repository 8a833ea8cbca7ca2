// What can be done with a card, or with all that are chosen, as a menu; it does nothing itself.
import Archive from '@lucide/svelte/icons/archive';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import Calendar from '@lucide/svelte/icons/calendar';
import CircleCheckBig from '@lucide/svelte/icons/circle-check-big';
import Copy from '@lucide/svelte/icons/copy';
import Eye from '@lucide/svelte/icons/eye';
import PanelRight from '@lucide/svelte/icons/panel-right';
import SquareKanban from '@lucide/svelte/icons/square-kanban';
import Tag from '@lucide/svelte/icons/tag';
import Trash from '@lucide/svelte/icons/trash';
import UsersRound from '@lucide/svelte/icons/users-round';
import { completeCard, reopenCard } from '../../../../shared/model/board/card-details.ts';
import type { MenuItem } from '../../ui/Menu.svelte';
import type { BoardModel } from './board-model.svelte.ts';
import type { Picking } from './CardPickers.svelte';

export interface CardMenuAsks {
  readonly open: (card: string) => void;
  readonly pick: (what: Picking['what']) => void;
  /** Into which column. */
  readonly move: () => void;
}

export function cardMenu(
  model: BoardModel,
  ids: readonly string[],
  writable: boolean,
  asks: CardMenuAsks,
): MenuItem[][] {
  const { actions } = model;
  const [first] = ids;
  const open: MenuItem[] =
    ids.length === 1 && first !== undefined
      ? [{ label: 'Open', icon: PanelRight, shortcut: 'Enter', run: () => asks.open(first) }]
      : [];
  const { marks } = model;
  const watched = ids.every((id) => marks.watching.cards.has(id));
  open.push({
    label: ids.length === 1 ? 'Follow this card' : 'Follow these cards',
    icon: Eye,
    checked: watched,
    run: () => ids.forEach((card) => marks.watch({ card }, !watched)),
  });
  if (!writable) return [open];
  const complete = ids.every((id) => model.card(id)?.completed);
  return [
    open,
    [
      { label: 'People…', icon: UsersRound, shortcut: 'M', run: () => asks.pick('members') },
      { label: 'Labels…', icon: Tag, shortcut: 'L', run: () => asks.pick('labels') },
      { label: 'Due…', icon: Calendar, shortcut: 'D', run: () => asks.pick('due') },
      {
        label: complete ? 'Not complete' : 'Complete',
        icon: CircleCheckBig,
        run: () =>
          void actions.do((doc, origin) =>
            doc.transact(() => {
              for (const id of ids) {
                if (complete) reopenCard(doc, id, origin);
                else completeCard(doc, id, actions.doing, origin);
              }
            }, origin),
          ),
      },
      { label: 'Move to a column…', icon: ArrowRight, run: asks.move },
    ],
    sendMenu(model, ids),
    [
      { label: 'Archive', icon: Archive, shortcut: 'A', run: () => model.archive(ids) },
      { label: 'Delete', icon: Trash, danger: true, run: () => model.remove(ids) },
    ],
  ];
}

/** To another board. */
export function sendMenu(model: BoardModel, ids: readonly string[]): MenuItem[] {
  return [
    { label: 'Move to another board…', icon: SquareKanban, run: () => (model.sending = { ids, copy: false }) },
    { label: 'Copy to a board…', icon: Copy, run: () => (model.sending = { ids, copy: true }) },
  ];
}

/** The columns that cards are moved to the end of. */
export function columnsToMoveTo(model: BoardModel, ids: readonly string[]): MenuItem[][] {
  const here = new Set(ids.map((id) => model.card(id)?.column));
  return [
    model.board.columns.map(({ id, name }) => ({
      label: name || 'Column without a name',
      checked: here.size === 1 && here.has(id),
      run: () => model.moveToColumn(ids, id),
    })),
  ];
}

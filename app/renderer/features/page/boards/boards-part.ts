// The page's part for boards that are shown in it: the row that adds one, its drawing, and the keys into it.
import SquareKanban from '@lucide/svelte/icons/square-kanban';
import type { AtomKind } from '../../../../../shared/model/page/block.ts';
import { insertAtoms } from '../../../editor/commands/embeds.ts';
import { askingContext } from '../asking/asking-context.ts';
import { drawWith } from '../parts/draw-with.svelte.ts';
import { entrance } from '../parts/entrance.ts';
import type { MakePagePart } from '../parts/page-part.ts';
import BoardBlock from './BoardBlock.svelte';

const KINDS: ReadonlySet<string> = new Set<AtomKind>(['board']);

export const boardsPart: MakePagePart = ({ workspace, handle, services, contexts }) => {
  const [, space = '', page = ''] = handle.room.split('/');
  const inside = new Map(contexts);
  askingContext(inside, { workspace, handle, space, page, services });
  /** Everything inside is the block's own: the page's editor hears only of what happens beside its controls. */
  const keepsEvent = (event: Event): boolean =>
    event.target instanceof Element && event.target.closest('button, a, dialog, select, input, label') !== null;
  return {
    drawings: { board: drawWith(BoardBlock, inside, keepsEvent) },
    slashItems: [
      {
        id: 'board-view',
        title: 'Board view',
        keywords: ['kanban', 'cards', 'tasks', 'columns', 'list', 'table', 'embed'],
        icon: SquareKanban,
        hint: '',
        run: insertAtoms([{ type: 'atom', kind: 'board' }]),
      },
    ],
    plugins: [entrance(KINDS)],
  };
};

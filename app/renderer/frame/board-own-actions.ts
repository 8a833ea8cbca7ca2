// What can be done with a board, and with nothing else, in its menu; it does nothing itself.
import Archive from '@lucide/svelte/icons/archive';
import CheckCheck from '@lucide/svelte/icons/check-check';
import type { BoardModel } from '../features/board/board-model.svelte.ts';
import type { PageAction } from './page-action.ts';

export function ownActions(model: BoardModel, onputaway: () => void): readonly PageAction[] {
  return [
    {
      id: 'read-cards',
      label: 'Mark all cards as read',
      icon: CheckCheck,
      keywords: 'unread',
      run: () => model.markAllRead(),
    },
    {
      id: 'put-away-cards',
      label: 'Archived and deleted cards…',
      icon: Archive,
      keywords: 'restore',
      run: onputaway,
    },
  ];
}

// What can be done with a board, and with nothing else, in its menu; it does nothing itself.
import Archive from '@lucide/svelte/icons/archive';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Eye from '@lucide/svelte/icons/eye';
import type { BoardModel } from '../features/board/board-model.svelte.ts';
import type { Services } from '../window/services.ts';
import type { PageAction } from './page-actions.ts';

export function ownActions(
  model: BoardModel,
  { announcer, onputaway }: Pick<Services, 'announcer'> & { readonly onputaway: () => void },
): readonly PageAction[] {
  const { marks } = model;
  const watched = marks.watching.board;
  return [
    {
      id: 'watch-board',
      label: watched ? 'Stop watching this board' : 'Watch this board',
      icon: Eye,
      keywords: 'follow notify',
      run: () => {
        marks.watch({}, !watched);
        announcer.say(watched ? 'You do not watch this board any more' : 'You watch this board');
      },
    },
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

// What can be done with a page that is open, and with nothing else, in its menu; it does nothing itself.
import Eye from '@lucide/svelte/icons/eye';
import { readWatched, setWatched } from '../../../shared/model/personal/watched.ts';
import type { PersonalDocument } from '../documents/personal-document.svelte.ts';
import type { Services } from '../window/services.ts';
import type { PageAction } from './page-actions.ts';

/** @param mine what I watch (PS10). */
export function ownPageActions(
  page: string,
  mine: PersonalDocument,
  { announcer, clock }: Pick<Services, 'announcer' | 'clock'>,
): readonly PageAction[] {
  if (!mine.writable) return [];
  const watched = readWatched(mine.current, page).board;
  return [
    {
      id: 'watch-page',
      label: watched ? 'Stop watching this page' : 'Watch this page',
      icon: Eye,
      keywords: 'follow notify inbox',
      run: () => {
        mine.write((doc, origin) => setWatched(doc, { board: page }, watched ? null : clock.now(), origin));
        announcer.say(watched ? 'You do not watch this page any more' : 'You watch this page');
      },
    },
  ];
}

// Lets go of what the logs of this host's workspaces name as purged: at the start, and whenever a log grew. It asks nobody.
import type { PurgedRooms } from '../../shared/hub/purged-rooms.ts';
import type { Attachments } from './attachments/attachments.ts';
import type { Catalogue } from './catalogue.ts';
import type { Digests } from './digest/digests.ts';
import type { Doings } from './doings/doings.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { Links } from './links/links.ts';
import type { DueCards } from './notify/due-cards.ts';
import type { Overlaps } from './overlap/overlaps.ts';
import type { People } from './people/people.ts';
import type { Receipts } from './receipts/receipts.ts';
import type { Search } from './search/search.ts';
import type { Threads } from './threads/threads.ts';
import type { Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

interface Parts {
  readonly workspaces: Workspaces;
  readonly purged: PurgedRooms;
  readonly catalogue: Catalogue;
  readonly links: Links;
  readonly threads: Threads;
  readonly people: People;
  readonly doings: Doings;
  readonly inbox: Inbox;
  readonly digests: Pick<Digests, 'drop'>;
  readonly due: Pick<DueCards, 'refresh'>;
  readonly overlaps: Overlaps;
  readonly search: Pick<Search, 'remove'>;
  readonly attachments: Pick<Attachments, 'reread'>;
  readonly receipts: Pick<Receipts, 'drop'>;
}

/** The subscriptions end with the workspaces and with `purged`, which whoever made them closes. */
export function keepPurged({
  workspaces,
  purged,
  catalogue,
  links,
  threads,
  people,
  doings,
  inbox,
  digests,
  due,
  overlaps,
  search,
  attachments,
  receipts,
}: Parts): void {
  purged.alsoRemove(async (room) => {
    await catalogue.refresh(room);
    await links.refresh(room);
    await threads.refresh(room);
    await people.refresh(room);
    await doings.refresh(room);
    await due.refresh(room);
    await inbox.refresh(room);
    await digests.drop(room);
    await overlaps.refresh(room);
    await search.remove(room);
    await attachments.reread(room);
    receipts.drop(room);
  });
  const watch = (workspace: Workspace): void => {
    const look = (): void => void purged.keep(workspace.id, workspace.log.membership.purged);
    workspace.log.onChange(look);
    look();
  };
  for (const workspace of workspaces.all) watch(workspace);
  workspaces.onAdded(watch);
}

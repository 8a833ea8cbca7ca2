// The parts of a host that notify, put together: due reminders into the inbox, windows as they are open, one end that shows, and what decides. It decides nothing.
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { spaceRoom } from '../../../shared/model/space/space.ts';
import type { FeedParts } from '../projection-feed.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Digests } from '../digest/digests.ts';
import type { Inbox } from '../inbox/inbox.ts';
import type { Landings } from '../landings.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Settings } from '../settings.ts';
import type { Workspaces } from '../workspaces.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import { DueCards } from './due-cards.ts';
import { BrowserNotifier, type Notifier } from './notifier.ts';
import { Notify } from './notify.ts';
import { OpenWindows } from './open-windows.ts';
import { WallClock, zoneHere } from './wall-clock.ts';

export interface Notifying {
  readonly due: DueCards;
  readonly windows: OpenWindows;
  readonly notifier: Notifier;
  readonly notify: Notify;
}

export interface NotifyingParts extends FeedParts {
  readonly inbox: Inbox;
  readonly landings: Landings;
  readonly digests: Digests;
  readonly documents: RoomDocuments;
  readonly settings: Settings;
  readonly workspaces: Workspaces;
  readonly catalogue: Catalogue;
  readonly values: ValueStore;
  /** Null: windows of a browser. */
  readonly notifier: Notifier | null;
  /** Whether it reminds: a short command would take the reminder from whoever sits there later. */
  readonly reminds: boolean;
}

/** The caller closes both `notify` and `due`. */
export async function openNotifying(parts: NotifyingParts): Promise<Notifying> {
  const { inbox, landings, digests, documents, settings, workspaces, catalogue, values, clock, logger } = parts;
  const windows = new OpenWindows();
  const notifier = parts.notifier ?? new BrowserNotifier(windows);
  const memberOf = (id: string): string | null => workspaces.find(id)?.about.member ?? null;
  const wall = zoneClock();
  const due = await DueCards.open({
    ...parts,
    memberOf,
    spacesOf: (id) => {
      const workspace = workspaces.find(id);
      const readable = workspace?.spaces().filter((space) => !space.archived && workspace.mayRead(space.id));
      return (readable ?? []).map((space) => space.id);
    },
    wall,
  });
  if (parts.reminds) inbox.addSource(due);
  const notify = await Notify.open({
    inbox,
    landings,
    digests,
    documents,
    settings,
    values,
    windows,
    notifier,
    workspaces: () => workspaces.all.map(({ id }) => id),
    memberOf,
    names: (id) => ({
      member: (member) => catalogue.row(profileRoom(id, member))?.title ?? '',
      space: (space) => catalogue.row(spaceRoom(id, space))?.title ?? '',
      board: (board) => catalogue.entry(id, board)?.title ?? '',
    }),
    wall,
    clock,
    logger,
  });
  workspaces.onAdded(({ id }) => {
    due.watch(id).catch((error: unknown) => {
      logger.log('warn', 'due-not-watched', { workspace: id, error: String(error) });
    });
  });
  return { due, windows, notifier, notify };
}

/** The clock on the wall of where the computer is when it is asked. */
function zoneClock(): () => WallClock {
  let known: { readonly zone: string; readonly wall: WallClock } | null = null;
  return () => {
    const zone = zoneHere();
    if (known?.zone !== zone) known = { zone, wall: new WallClock(zone) };
    return known.wall;
  };
}

// What windows are shown by name of a workspace's people, rooms and copies. It asks the catalogue and the log, and changes nothing.
import { profileRoom } from '../../shared/model/profile/profile.ts';
import { spaceRoom } from '../../shared/model/space/space.ts';
import type { RoomHolders } from '../../shared/link/room-holders.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type { DocumentHolders, OutboxEntry, Truths } from '../contract/entities.ts';
import type { Catalogue } from './catalogue.ts';
import type { Names, Standing } from './membership-entries.ts';

/** What lists call the device that exists as words alone. */
const RECOVERY_KEY = 'Recovery key';

/** Names as the profiles and spaces that are here have them; empty where one has not arrived. */
export function namesIn(catalogue: Catalogue, workspace: string, lastSeen: Names['lastSeen']): Names {
  return {
    member: (id) => catalogue.row(profileRoom(workspace, id))?.title ?? '',
    device: (member, device) => {
      const profile = catalogue.row(profileRoom(workspace, member));
      return profile?.devices[device] ?? (profile?.recovery?.device === device ? RECOVERY_KEY : '');
    },
    space: (id) => {
      const row = catalogue.row(spaceRoom(workspace, id));
      return { name: row?.title ?? '', purpose: row?.purpose ?? '' };
    },
    lastSeen,
  };
}

export function outboxEntryOf(catalogue: Catalogue, room: string, since: number): OutboxEntry {
  const row = catalogue.row(room);
  // What a card holds has no title of its own; people know it by its board.
  const board = row?.kind === 'card' ? catalogue.row(roomBeside(room, row.parent ?? '')) : null;
  return {
    room,
    id: parseRoomName(room)?.document ?? room.slice(0, 64),
    title: board?.title ?? row?.title ?? '',
    kind: row?.kind ?? 'page',
    since,
  };
}

function roomBeside(room: string, document: string): string {
  return room.slice(0, room.lastIndexOf('/') + 1) + document;
}

/** What waits, apart by whether its space can still be read here: what cannot leaves no more by itself (AH12). */
export function byReach(
  entries: readonly OutboxEntry[],
  mayRead: (space: string) => boolean,
): Pick<Truths, 'outbox' | 'lost'> {
  const reach = new Map<string, boolean>();
  const [outbox, lost]: [OutboxEntry[], OutboxEntry[]] = [[], []];
  for (const entry of entries) {
    const space = entry.room.split('/', 2)[1] ?? '';
    const may = reach.get(space) ?? mayRead(space);
    reach.set(space, may);
    (may ? outbox : lost).push(entry);
  }
  return { outbox, lost };
}

/** Which members hold a room's newest change, as far as anybody told this computer; it holds what it has itself. */
export function holdersOf(
  { membership, member, device: own }: Standing,
  names: Names,
  hasRelay: boolean,
  told: RoomHolders,
): DocumentHolders {
  const { members, devices } = membership;
  const holding = new Set([member]);
  const entries = told.devices
    .filter(({ device }) => device !== own)
    .map(({ device, held, at }) => {
      const owner = devices.get(device) ?? null;
      if (held && owner !== null && members.has(owner)) holding.add(owner);
      return { device, member: owner, name: owner === null ? '' : names.member(owner), held, at };
    });
  return {
    relay: hasRelay ? told.hub : 'none',
    learnedAt: told.learnedAt,
    members: { held: holding.size, of: members.size },
    devices: entries,
  };
}

/** Of the rooms over half their limit (with their bytes) those of this workspace. */
export function largeIn(catalogue: Catalogue, workspace: string, large: ReadonlyMap<string, number>): Truths['large'] {
  return [...large]
    .filter(([room]) => room.startsWith(`${workspace}/`))
    .map(([room, bytes]) => {
      const { id, title } = outboxEntryOf(catalogue, room, 0);
      return { room, id, title, bytes, limit: LIMITS.document };
    });
}

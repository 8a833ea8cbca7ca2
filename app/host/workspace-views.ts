// What windows are shown by name of a workspace's people, rooms and copies. It asks the catalogue and the log, and changes nothing.
import { operationsIn } from '../../shared/access/rights.ts';
import { profileRoom } from '../../shared/model/profile/profile.ts';
import { spaceRoom } from '../../shared/model/space/space.ts';
import type { RoomHolder, RoomHolders } from '../../shared/link/room-holders.ts';
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
    isRecovery: (member, device) => catalogue.row(profileRoom(workspace, member))?.recovery?.device === device,
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
    ...(row?.kind === 'card' && row.parent !== null ? { board: row.parent } : {}),
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

/**
 * Which of those who can read a room hold its newest change, as far as anybody told this computer; it holds what it has itself. What
 * the devices of others have is nobody's matter: they are not in the list.
 */
export function holdersOf(
  standing: Standing,
  names: Names,
  {
    room,
    hasRelay,
    told,
    peers,
  }: {
    readonly room: string;
    readonly hasRelay: boolean;
    readonly told: RoomHolders;
    readonly peers: readonly RoomHolder[];
  },
): DocumentHolders {
  const { member: me, device: own, membership } = standing;
  const readers = readersOf(standing, room);
  const holding = new Set([me]);
  const entries: DocumentHolders['devices'] = [];
  for (const { device, held, at } of eitherWay(told.devices, peers)) {
    const member = membership.devices.get(device);
    if (device === own || member === undefined || !readers.has(member)) continue;
    if (held) holding.add(member);
    entries.push({ device, member, name: names.member(member), held, at });
  }
  return {
    relay: hasRelay ? told.hub : 'none',
    learnedAt: peers.reduce<number | null>((newest, { at }) => Math.max(newest ?? 0, at), told.learnedAt),
    members: { held: holding.size, of: readers.size },
    devices: entries,
  };
}

/** A device that the relay or a peer says to hold it does; it spoke when the later of them heard it. */
function eitherWay(told: readonly RoomHolder[], peers: readonly RoomHolder[]): Iterable<RoomHolder> {
  const devices = new Map(told.map((holder) => [holder.device, holder]));
  for (const { device, held, at } of peers) {
    const other = devices.get(device);
    devices.set(device, { device, held: held || (other?.held ?? false), at: Math.max(at, other?.at ?? 0) });
  }
  return devices.values();
}

/** Everybody who can read a room now, by id; I am always one of them, as it is here. */
export function readersOf(
  { membership, member: me, now }: Standing,
  room: string,
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, readonly string[]>([[me, membership.members.get(me)?.devices ?? []]]);
  const space = parseRoomName(room)?.space ?? '';
  for (const member of membership.members.values()) {
    if (operationsIn(membership, member, space, now).has('read')) readers.set(member.id, member.devices);
  }
  return readers;
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

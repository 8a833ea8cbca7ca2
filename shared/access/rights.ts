// Who may do what, live from a membership: the one function behind every check of relay, host and peer.
import type { Member, Membership, SpaceRole } from './identity.ts';
import { isAdmin, partIn } from './roles.ts';

/** What can be done in a space or with a document of it. `list`: hear which documents a space has. */
export type RoomOperation = 'read' | 'write' | 'presence' | 'list' | 'history' | 'blob.read' | 'blob.write';

/** What was proved of who is asking. */
export interface Asker {
  readonly device: string | null;
  readonly member: string | null;
}

/** A space and a document as they stand in a room's name. */
export interface Place {
  readonly space: string;
  readonly document: string;
}

/** Where the workspace's teams are. No member id has its length. */
const TEAMS_SPACE = '@teams';

const NOTHING: ReadonlySet<RoomOperation> = new Set();
const READING: ReadonlySet<RoomOperation> = new Set(['read', 'presence', 'list', 'history', 'blob.read']);
const EVERYTHING: ReadonlySet<RoomOperation> = new Set([...READING, 'write', 'blob.write']);

const BY_PART: Readonly<Record<SpaceRole, ReadonlySet<RoomOperation>>> = {
  manager: EVERYTHING,
  member: EVERYTHING,
  guest: EVERYTHING,
  viewer: READING,
};

/** Whether `asker` may do `operation` at `place` at the time `now` (milliseconds since the epoch). Total. */
export function isAllowed(
  membership: Membership,
  asker: Asker,
  operation: RoomOperation,
  place: Place,
  now: number,
): boolean {
  const member = memberOf(membership, asker);
  if (!member || membership.purged.has(`${place.space}/${place.document}`)) return false;
  if (operationsIn(membership, member, place.space, now).has(operation)) return true;
  return operation === 'read' && isNameOfOpenSpace(membership, member, place);
}

/** The space's own document says what it is called: whoever could enter may read that, and nothing else there. */
function isNameOfOpenSpace(membership: Membership, member: Member, { space, document }: Place): boolean {
  return document === space && member.role !== 'guest' && membership.spaces.get(space)?.visibility === 'open';
}

/** What a member may do in a space, a profile (`@member`) or the personal documents (`~member`). */
export function operationsIn(
  membership: Membership,
  member: Member,
  space: string,
  now: number,
): ReadonlySet<RoomOperation> {
  if (space === '@workspace') {
    return membership.version === 1 || isAdmin(member.role) ? EVERYTHING : READING;
  }
  // Teams name people across all spaces: whoever was let into single ones learns nothing of them.
  if (space === TEAMS_SPACE) {
    if (membership.version === 1 || isAdmin(member.role)) return EVERYTHING;
    return member.role === 'guest' ? NOTHING : READING;
  }
  if (space.startsWith('~')) return space.slice(1) === member.id ? EVERYTHING : NOTHING;
  if (space.startsWith('@')) {
    const other = space.slice(1);
    if (other === member.id) return EVERYTHING;
    return sharesSpace(membership, member, other, now) ? READING : NOTHING;
  }
  if (membership.version === 1) return EVERYTHING;
  const found = membership.spaces.get(space);
  const part = found && partIn(found, member, now);
  if (!found || !part) return NOTHING;
  // An archived space stays readable: nothing is gone, and nothing is added.
  return found.archived ? READING : BY_PART[part];
}

/** The member behind what was proved, or null: the device must be one that may act now, and belong to that member. */
export function memberOf(membership: Membership, asker: Asker): Member | null {
  if (asker.device === null) return null;
  const id = membership.devices.get(asker.device);
  if (id === undefined || (asker.member !== null && asker.member !== id)) return null;
  return membership.members.get(id) ?? null;
}

/** Profiles are read by whoever meets their owner somewhere; members proper meet in the workspace itself. */
function sharesSpace(membership: Membership, member: Member, other: string, now: number): boolean {
  const second = membership.members.get(other);
  if (!second) return false;
  if (membership.version === 1 || (member.role !== 'guest' && second.role !== 'guest')) return true;
  for (const space of membership.spaces.values()) {
    if (partIn(space, member, now) && partIn(space, second, now)) return true;
  }
  return false;
}

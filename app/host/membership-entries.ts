// A membership as windows are told of it: members, spaces and my own standing. Pure; names come from outside.
import type { Member, Membership } from '../../shared/access/identity.ts';
import { manages, partIn } from '../../shared/access/roles.ts';
import { operationsIn } from '../../shared/access/rights.ts';
import { spaceRoom } from '../../shared/model/space/space.ts';
import type { InviteEntry } from '../contract/access.ts';
import type { DeviceEntry, MemberEntry, SpaceEntry, WorkspaceEntry } from '../contract/entities.ts';
import type { LogFacts } from './log-facts.ts';

export interface Names {
  member(id: string): string;
  device(member: string, device: string): string;
  /** Whether it is the one that exists as words alone. */
  isRecovery(member: string, device: string): boolean;
  space(id: string): { readonly name: string; readonly purpose: string };
  /** When a device last told the relay what it holds, or null. */
  lastSeen(device: string): number | null;
}

export interface Standing {
  readonly membership: Membership;
  readonly facts: LogFacts;
  readonly member: string;
  readonly device: string;
  /** Whether the device's key can be opened. */
  readonly signs: boolean;
  readonly now: number;
}

/** What I am in the workspace now. */
export function mine({
  membership,
  facts,
  member,
  device,
  signs,
}: Standing): Pick<WorkspaceEntry, 'role' | 'mine' | 'removedAt'> {
  const known = facts.people.get(member);
  const role = known?.role ?? 'guest';
  const removedAt = membership.removed.get(member) ?? null;
  if (removedAt !== null) return { role, mine: known?.endedBy === member ? 'left' : 'removed', removedAt };
  // This device alone may have been taken out: what was written here stays here all the same.
  if (membership.removedDevices.has(device)) return { role, mine: 'removed', removedAt: null };
  // Its key cannot be opened, or is a new one that nobody let in yet.
  if (!signs || !membership.devices.has(device)) return { role, mine: 'keyless', removedAt: null };
  return { role, mine: 'member', removedAt: null };
}

/** Everybody whom I may know of, and who was here before: names stay beside what people wrote. */
export function memberEntries(standing: Standing, names: Names): readonly MemberEntry[] {
  const { membership, facts, member: me, device: here, now } = standing;
  const self = membership.members.get(me);
  return [...facts.people].flatMap(([id, person]) => {
    const current = membership.members.get(id);
    // Guests know those whom they meet in a space, and nobody else.
    if (self?.role === 'guest' && !operationsIn(membership, self, `@${id}`, now).has('read')) return [];
    const devices: DeviceEntry[] = (current?.devices ?? []).map((device) => ({
      id: device,
      name: names.device(id, device),
      me: device === here,
      addedAt: facts.devices.get(device)?.at ?? person.joinedAt,
      lastSeen: names.lastSeen(device),
    }));
    const spaces = [...membership.spaces].flatMap(([space, found]) => {
      const role = current ? partOf(membership, space, current, now) : null;
      return role ? [{ space, role, until: found.grants.get(id)?.until ?? null }] : [];
    });
    const role = current?.role ?? person.role;
    const { joinedAt } = person;
    return {
      id,
      name: names.member(id),
      role,
      me: id === me,
      joinedAt,
      removed: !current,
      devices,
      spaces,
    } satisfies MemberEntry;
  });
}

/** The spaces in which I have or had a part, and the open ones that I could enter. */
export function spaceEntries(standing: Standing, workspace: string, names: Names): readonly SpaceEntry[] {
  const { membership, member: id, device, signs, now } = standing;
  const member = membership.members.get(id) ?? null;
  const acts = member !== null && signs && membership.devices.has(device);
  const entries: SpaceEntry[] = [];
  for (const [space, found] of membership.spaces) {
    const part = member && partOf(membership, space, member, now);
    const maySee = !member || part !== null || (found.visibility === 'open' && member.role !== 'guest');
    const had = standing.facts.places.get(id)?.has(space) === true;
    const enters = found.visibility === 'open' && member?.role !== 'guest';
    if (!maySee && !had && !(member && manages(membership, member, space, now))) continue;
    entries.push({
      id: space,
      room: spaceRoom(workspace, space),
      ...names.space(space),
      visibility: found.visibility,
      archived: found.archived,
      part,
      mayWrite: acts && operationsIn(membership, member, space, now).has('write'),
      manages: acts && manages(membership, member, space, now),
      until: found.grants.get(id)?.until ?? null,
      // Who is out of it learns nothing more of its people.
      lost: member !== null && part === null && had && !found.archived && !enters,
      outsiders: had && !maySee ? 0 : outsidersOf(membership, space, now).length,
    });
  }
  return entries;
}

/** Guests who can read a space now. */
export function outsidersOf(membership: Membership, space: string, now: number): readonly string[] {
  const found = membership.spaces.get(space);
  if (!found || membership.version === 1) return [];
  return [...membership.members.values()]
    .filter((member) => member.role === 'guest' && partIn(found, member, now) !== null)
    .map((member) => member.id);
}

/** A member's part in a space; in an open workspace of the first kind everybody has one everywhere. */
export function partOf(membership: Membership, space: string, member: Member, now: number): SpaceEntry['part'] {
  const found = membership.spaces.get(space);
  if (!found) return null;
  if (membership.version === 1) return found.createdBy === member.id ? 'manager' : 'member';
  return partIn(found, member, now);
}

/** Every invite there ever was, oldest first. */
export function inviteEntries({ membership, facts, now }: Standing): readonly InviteEntry[] {
  return [...membership.invites].map(([id, invite]) => ({
    id,
    role: invite.role,
    spaces: invite.spaces.map(({ space, role }) => ({ space, role })),
    expires: invite.expires,
    until: invite.until,
    createdBy: invite.createdBy,
    createdAt: facts.invites.get(id)?.createdAt ?? 0,
    state: invite.state === 'open' && now >= invite.expires ? 'expired' : invite.state,
    usedBy: facts.invites.get(id)?.usedBy ?? null,
  }));
}

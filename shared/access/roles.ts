// Who stands above whom, and what each role may be given: the small tables that rules and rights share.
import type { Member, Membership, Role, Space, SpaceRole } from './identity.ts';

const RANK: Readonly<Record<Role, number>> = { owner: 4, admin: 3, member: 2, viewer: 1, guest: 0 };

/** Parts that a member of this role can have in a space; more than these means nothing, whoever granted it. */
const PARTS: Readonly<Record<Role, readonly SpaceRole[]>> = {
  owner: ['manager', 'member', 'viewer'],
  admin: ['manager', 'member', 'viewer'],
  member: ['manager', 'member', 'viewer'],
  viewer: ['viewer'],
  guest: ['guest', 'viewer'],
};

export function outranks(role: Role, other: Role): boolean {
  return RANK[role] > RANK[other];
}

export function isAdmin(role: Role): boolean {
  return RANK[role] >= RANK.admin;
}

/** Members proper: those who may make spaces. */
export function isMember(role: Role): boolean {
  return RANK[role] >= RANK.member;
}

export function mayHave(role: Role, part: SpaceRole): boolean {
  return PARTS[role].includes(part);
}

/**
 * What a member's part in a space comes to at `now`, or null. A part that was granted before the member's role became lower is
 * read as the most that the role allows: a manager who was made a viewer reads, a guest who was made a member writes.
 */
export function partIn(space: Space, member: Member, now: number): SpaceRole | null {
  const grant = space.grants.get(member.id);
  if (!grant || (grant.until !== null && now >= grant.until)) return null;
  if (mayHave(member.role, grant.role)) return grant.role;
  if (grant.role === 'guest') return member.role === 'viewer' ? 'viewer' : 'member';
  return member.role === 'guest' ? 'guest' : 'viewer';
}

/** Whether a member may decide about a space: its managers, and the workspace's admins. */
export function manages(membership: Pick<Membership, 'spaces'>, member: Member, space: string, now: number): boolean {
  const found = membership.spaces.get(space);
  if (!found) return false;
  return isAdmin(member.role) || partIn(found, member, now) === 'manager';
}

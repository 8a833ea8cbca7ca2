// Roles, parts and visibilities in the words that all screens use, with what each allows.
import type { PersonRole, SpacePart } from '../../contract/roles.ts';

export const ROLE_NAME: Readonly<Record<PersonRole, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
  viewer: 'Viewer',
  guest: 'Guest',
};

/** What somebody with the role can do, as the end of a sentence about them. */
export const ROLE_MEANS: Readonly<Record<PersonRole, string>> = {
  owner: 'decides about everything, and hands the workspace on',
  admin: 'invites and removes people, and decides about all spaces',
  member: 'writes in their spaces, enters open ones and makes new ones',
  viewer: 'reads in their spaces and changes nothing',
  guest: 'sees only the spaces named here, and nobody else',
};

export const PART_NAME: Readonly<Record<SpacePart, string>> = {
  manager: 'Manager',
  member: 'Member',
  viewer: 'Viewer',
  guest: 'Guest',
};

export const PART_MEANS: Readonly<Record<SpacePart, string>> = {
  manager: 'writes, and decides who may enter',
  member: 'reads and writes',
  viewer: 'reads only',
  guest: 'reads and writes',
};

export const VISIBILITY_NAME = { open: 'Open to all members', invited: 'By invitation' } as const;

const RANK: Readonly<Record<PersonRole, number>> = { owner: 4, admin: 3, member: 2, viewer: 1, guest: 0 };

/** Whether a person of the first role may decide about one of the second. */
export function standsAbove(role: PersonRole, other: PersonRole): boolean {
  return RANK[role] >= RANK.admin && RANK[role] > RANK[other];
}

/** Members proper: those who may make and enter spaces. */
export function isMemberProper(role: PersonRole): boolean {
  return RANK[role] >= RANK.member;
}

/** Roles that `role` can give, the strongest first. */
export function rolesBelow(role: PersonRole): readonly Exclude<PersonRole, 'owner'>[] {
  return (['admin', 'member', 'viewer', 'guest'] as const).filter((other) => standsAbove(role, other));
}

/** Parts that a person of this role can have in a space, the strongest first. */
export function partsFor(role: PersonRole): readonly SpacePart[] {
  if (role === 'guest') return ['guest', 'viewer'];
  return role === 'viewer' ? ['viewer'] : ['manager', 'member', 'viewer'];
}

/** A guest's part in a space, told apart from a viewer's: what it allows is what counts for outsiders. */
export function partName(role: PersonRole, part: SpacePart): string {
  if (role !== 'guest') return PART_NAME[part];
  return part === 'viewer' ? 'Guest, reads only' : 'Guest, reads and writes';
}

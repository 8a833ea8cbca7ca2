// Who would see something that moves into a space, and who would hear no more of it; asked before anything moves. Rights are the hubs' matter.
import type { MemberEntry } from '../../contract/entities.ts';

/** Those whom the target adds as readers from outside the team. `to` null: no target yet. */
export function outsidersOf(members: readonly MemberEntry[], to: string | null): readonly MemberEntry[] {
  return members.filter((member) => member.role === 'guest' && reads(member, to));
}

/** Others who read `from` and do not read `to`. */
export function losersOf(members: readonly MemberEntry[], from: string, to: string | null): readonly MemberEntry[] {
  return members.filter((member) => !member.me && reads(member, from) && !reads(member, to));
}

/** "Ana, Bo and 3 more": six names at most. */
export function namedPeople(people: readonly { readonly name: string }[]): string {
  const names = people.slice(0, 6).map(({ name }) => name || 'someone');
  return names.join(', ') + (people.length > 6 ? ` and ${people.length - 6} more` : '');
}

function reads(member: MemberEntry, space: string | null): boolean {
  return !member.removed && member.spaces.some((part) => part.space === space);
}

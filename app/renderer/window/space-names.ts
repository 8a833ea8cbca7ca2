// What a space is called where its name is not to be seen: by those who manage it. Words alone.
import type { MemberEntry, SpaceEntry } from '../../contract/entities.ts';

/** Its name; an honest word for one that this computer has no name of. */
export function spaceName(space: Pick<SpaceEntry, 'id' | 'name' | 'part'>, members: readonly MemberEntry[]): string {
  if (space.name !== '') return space.name;
  if (space.part !== null) return 'A space whose name has not arrived';
  const managers = members
    .filter((member) => !member.removed && member.name !== '')
    .filter((member) => member.spaces.some((part) => part.space === space.id && part.role === 'manager'))
    .map((member) => member.name);
  if (managers.length === 0) return 'A space by invitation, whose name only its people see';
  const more = managers.length > 2 ? ` and ${managers.length - 2} more` : '';
  return `A space by invitation of ${managers.slice(0, 2).join(' and ')}${more}`;
}

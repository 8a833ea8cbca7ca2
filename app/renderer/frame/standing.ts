// What stands over a page about who may read and write it: outsiders, and why I cannot write. Pure words; the strongest reason first.
import type { MemberEntry, SpaceEntry, WorkspaceEntry } from '../../contract/entities.ts';
import { lostSpaceWords } from '../window/lost-space.ts';
import { count } from '../window/times.ts';

export interface Standing {
  /** Null: it can be written. Else the reason, said where the page is. */
  readonly closed: string | null;
  /** Who from outside reads along, or null. */
  readonly outsiders: string | null;
}

export function standingOf(
  workspace: WorkspaceEntry | null,
  space: SpaceEntry | null,
  members: readonly MemberEntry[],
  now: number,
): Standing {
  return { closed: closedWords(workspace, space, members, now), outsiders: outsiderWords(space, members) };
}

const KEPT = 'What had arrived here by then can be read, and exported; nothing written here would reach anybody.';

function closedWords(
  workspace: WorkspaceEntry | null,
  space: SpaceEntry | null,
  members: readonly MemberEntry[],
  now: number,
): string | null {
  if (workspace?.mine === 'removed') return `You were removed from this workspace. ${KEPT}`;
  if (workspace?.mine === 'left') return `You left this workspace. ${KEPT}`;
  if (workspace?.mine === 'keyless') {
    return 'This computer has no key that lets it in now. Everything here can be read and exported; nothing is written or sent. The settings say why, under "This computer", and how you come back in.';
  }
  if (!space) return null;
  if (space.part === null) return lostSpaceWords(space, now);
  if (space.archived) return 'This space is archived: it can be read, and nobody writes in it any more.';
  if (space.mayWrite) return null;
  const managers = members.filter(
    (member) => !member.removed && member.spaces.some((part) => part.space === space.id && part.role === 'manager'),
  );
  const whom = managers
    .map((member) => member.name)
    .filter((name) => name !== '')
    .slice(0, 3)
    .join(' or ');
  return `You can read here and not write: you are a viewer${whom === '' ? '.' : `. To write, ask ${whom}.`}`;
}

function outsiderWords(space: SpaceEntry | null, members: readonly MemberEntry[]): string | null {
  if (!space || space.part === null || space.outsiders === 0) return null;
  const names = members
    .filter((member) => !member.removed && member.role === 'guest' && !member.me)
    .filter((member) => member.spaces.some((part) => part.space === space.id))
    .map((member) => member.name)
    .filter((name) => name !== '');
  const whose = names.length > 0 && names.length <= 3 ? `: ${names.join(', ')}` : '';
  return `${count(space.outsiders, 'guest')} from outside can read this space${whose}.`;
}

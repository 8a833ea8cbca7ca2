// What is said of a space that one lost while one is in the workspace. It is not shown (AH9, AH11). Words alone.
import type { SpaceEntry } from '../../contract/entities.ts';

const KEPT_AWAY =
  'What had arrived here by then stays on this computer, and is shown again when you are let in; nobody takes further edits of yours.';

export function lostSpaceWords({ name, until }: Pick<SpaceEntry, 'name' | 'until'>, now: number): string {
  const which = name === '' ? 'a space' : name;
  return until !== null && until <= now
    ? `Your time in ${which} is over. ${KEPT_AWAY}`
    : `You are not in ${which} any more. ${KEPT_AWAY}`;
}

// In which teams each member is, out of the tree as it is stored. Pure; it gives nobody a right.
import type { Team } from '../../../shared/model/teams/teams.ts';

export interface PartOfTeam {
  readonly team: string;
  readonly leads: boolean;
}

/** By member; each team once, however often it names them. */
export function teamsOf(teams: readonly Team[]): ReadonlyMap<string, readonly PartOfTeam[]> {
  const parts = new Map<string, PartOfTeam[]>();
  for (const { id, people } of teams) {
    const leads = new Map<string, boolean>();
    for (const person of people) {
      if (person.member !== null) leads.set(person.member, person.leads || (leads.get(person.member) ?? false));
    }
    for (const [member, isLead] of leads) {
      const known = parts.get(member);
      if (known) known.push({ team: id, leads: isLead });
      else parts.set(member, [{ team: id, leads: isLead }]);
    }
  }
  return parts;
}

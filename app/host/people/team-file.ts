// Teams out of a file: `{people: [name], teams: [{name, title, subteamOf, leads, members, archived}]}`. Whatever it holds, it gives teams or says why not.
import { createHash } from 'node:crypto';
import { LONGEST_NAME, LONGEST_TITLE, MOST_PEOPLE, MOST_TEAMS, type Team } from '../../../shared/model/teams/teams.ts';
import { shortLine } from '../../../shared/model/properties/tag.ts';
import type { TeamPlan } from '../../contract/people.ts';

/** A team as the file has it; people by name. */
interface FiledTeam {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly parent: string;
  readonly archived: boolean;
  readonly members: readonly string[];
  readonly leads: ReadonlySet<string>;
}

export interface FiledTeams {
  readonly teams: readonly FiledTeam[];
  /** How many are archived and not taken. */
  readonly archived: number;
}

export type TeamReading =
  { readonly kind: 'teams'; readonly filed: FiledTeams } | { readonly kind: 'wrong'; readonly message: string };

/** Memberships altogether: more make no document that syncs lightly. */
const MOST_PARTS = 50_000;

function wrong(message: string): TeamReading {
  return { kind: 'wrong', message: `${message} Nothing was imported.` };
}

export function readTeamFile(text: string): TeamReading {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return wrong('The file is no JSON: it is cut off, or of another kind.');
  }
  const stored = typeof content === 'object' && content !== null ? (content as { teams?: unknown }).teams : null;
  if (!Array.isArray(stored)) return wrong('The file has no list “teams”.');
  if (stored.length > MOST_TEAMS) return wrong(`The file has more than ${MOST_TEAMS} teams.`);
  const teams = new Map<string, FiledTeam>();
  let parts = 0;
  for (const [at, value] of (stored as unknown[]).entries()) {
    const team = readTeam(value);
    if (typeof team === 'string') return wrong(`Team ${at + 1} of the file ${team}.`);
    if (teams.has(team.name)) return wrong(`The file has two teams “${team.name}”.`);
    teams.set(team.name, team);
    parts += team.members.length;
    if (parts > MOST_PARTS) return wrong(`The file puts people into teams more than ${MOST_PARTS} times.`);
  }
  const circle = inCircle(teams);
  if (circle !== null) return wrong(`The team “${circle}” stands below itself.`);
  const living = [...teams.values()].filter((team) => !team.archived);
  return {
    kind: 'teams',
    filed: {
      teams: living.map((team) => ({ ...team, parent: livingParent(team, teams) })),
      archived: teams.size - living.length,
    },
  };
}

/** The teams with the members whom the file's people are, by name; whoever is none stays a name. */
export function teamsOfFile({ teams }: FiledTeams, memberOf: (name: string) => string | null): readonly Team[] {
  return teams
    .map(({ id, name, title, parent, members, leads }) => ({
      id,
      name,
      title,
      parent: parent === '' ? null : idOf(parent),
      people: members.map((person) => ({ name: person, member: memberOf(person), leads: leads.has(person) })),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What writing `next` in the place of `before` changes. */
export function planOf(before: readonly Team[], next: readonly Team[], archived: number): TeamPlan {
  const [known, coming] = [before, next].map((teams) => new Map(teams.map((team) => [team.id, team])));
  const plan = { added: [] as string[], changed: [] as string[], removed: [] as string[], unchanged: 0, archived };
  for (const team of next) {
    const old = known?.get(team.id);
    if (!old) plan.added.push(team.name);
    else if (JSON.stringify(ordered(old)) === JSON.stringify(ordered(team))) plan.unchanged += 1;
    else plan.changed.push(team.name);
  }
  for (const team of before) if (!coming?.has(team.id)) plan.removed.push(team.name);
  const people = new Map(next.flatMap((team) => team.people.map(({ name, member }) => [name, member] as const)));
  return { ...plan, people: [...people].map(([name, member]) => ({ name, member })) };
}

function ordered({ name, title, parent, people }: Team): unknown {
  return [name, title, parent, people.map((person) => [person.name, person.member, person.leads])];
}

/** The same for the same name on every computer: who imports again changes the team, and makes no second one. */
function idOf(name: string): string {
  return createHash('sha256').update(`team:${name}`).digest('base64url').slice(0, 22).replace(/^-/, '_');
}

/** The team, or what is wrong with it. */
function readTeam(value: unknown): FiledTeam | string {
  if (typeof value !== 'object' || value === null) return 'is no object';
  const { name, title, subteamOf, archived, members, leads } = value as Record<string, unknown>;
  const called = typeof name === 'string' ? shortLine(name, LONGEST_NAME) : '';
  if (called === '') return 'has no name';
  const people = namesOf(members);
  const heads = namesOf(leads);
  if (!people || !heads) return `(“${called}”) has people that are no list of names`;
  const all = new Set([...people, ...heads]);
  if (all.size > MOST_PEOPLE) return `(“${called}”) has more than ${MOST_PEOPLE} people`;
  return {
    id: idOf(called),
    name: called,
    title: typeof title === 'string' ? shortLine(title, LONGEST_TITLE) : '',
    parent: typeof subteamOf === 'string' ? shortLine(subteamOf, LONGEST_NAME) : '',
    archived: archived === true,
    members: [...all],
    leads: new Set(heads),
  };
}

function namesOf(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MOST_PEOPLE) return null;
  const names: string[] = [];
  for (const one of value as unknown[]) {
    if (typeof one !== 'string') return null;
    const name = shortLine(one, LONGEST_NAME);
    if (name !== '') names.push(name);
  }
  return names;
}

function inCircle(teams: ReadonlyMap<string, FiledTeam>): string | null {
  const done = new Set<string>();
  for (const team of teams.values()) {
    const way = new Set<string>();
    for (let at: FiledTeam | undefined = team; at && !done.has(at.name); at = teams.get(at.parent)) {
      if (way.has(at.name)) return at.name;
      way.add(at.name);
    }
    for (const name of way) done.add(name);
  }
  return null;
}

/** The next team above that is not archived; '' at the top, also where the file does not know it. */
function livingParent(team: FiledTeam, teams: ReadonlyMap<string, FiledTeam>): string {
  let at = teams.get(team.parent);
  while (at?.archived) at = teams.get(at.parent);
  return at?.name ?? '';
}

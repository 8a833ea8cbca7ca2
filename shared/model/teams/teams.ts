// The teams of a workspace (docs/documents.md, TM1 to TM4): who belongs together, as a tree. It gives nobody a right.
import type * as Y from 'yjs';
import { createDocument } from '../document/commands.ts';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { teamsOf } from '../document/roots.ts';
import { shortLine } from '../properties/tag.ts';

export interface TeamPerson {
  /** As the team's source calls them. */
  readonly name: string;
  /** The member whom whoever imported the teams found by that name; null: not here yet. */
  readonly member: string | null;
  readonly leads: boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  /** A longer name, or ''. */
  readonly title: string;
  /** The team above it, as it is written: it may be unknown. */
  readonly parent: string | null;
  readonly people: readonly TeamPerson[];
}

export const MOST_TEAMS = 2_000;
export const MOST_PEOPLE = 2_000;
/** Code units of a team's name, of its title, and of a person's name. */
export const LONGEST_NAME = 100;
export const LONGEST_TITLE = 200;

export function teamsRoom(workspace: string): string {
  return `${workspace}/@teams/tree`;
}

/** Sorted by id. Total: what is no team is left out. */
export function readTeams(doc: Y.Doc): readonly Team[] {
  if (readMeta(doc)?.kind !== 'workspace') return [];
  const teams: Team[] = [];
  for (const [id, value] of teamsOf(doc).entries()) {
    const team = isDocumentId(id) ? readTeam(id, value) : null;
    if (team) teams.push(team);
  }
  return teams.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MOST_TEAMS);
}

function readTeam(id: string, value: unknown): Team | null {
  if (typeof value !== 'object' || value === null) return null;
  const { name, title, parent, people } = value as Record<string, unknown>;
  const called = typeof name === 'string' ? shortLine(name, LONGEST_NAME) : '';
  if (called === '') return null;
  return {
    id,
    name: called,
    title: typeof title === 'string' ? shortLine(title, LONGEST_TITLE) : '',
    parent: isDocumentId(parent) && parent !== id ? parent : null,
    people: Array.isArray(people) ? (people as unknown[]).slice(0, MOST_PEOPLE).flatMap(readPerson) : [],
  };
}

function readPerson(value: unknown): TeamPerson[] {
  if (typeof value !== 'object' || value === null) return [];
  const { name, member, leads } = value as Record<string, unknown>;
  const called = typeof name === 'string' ? shortLine(name, LONGEST_NAME) : '';
  if (called === '') return [];
  return [{ name: called, member: isDocumentId(member) ? member : null, leads: leads === true }];
}

/** Makes the teams these, in one step; writes only what differs. */
export function setTeams(
  doc: Y.Doc,
  teams: readonly Team[],
  begun: { readonly createdBy: string; readonly createdAt: number },
  origin: unknown = null,
): void {
  doc.transact(() => {
    createDocument(doc, { kind: 'workspace', title: '', ...begun });
    const stored = teamsOf(doc);
    const kept = new Set(teams.map(({ id }) => id));
    for (const id of [...stored.keys()]) if (!kept.has(id)) stored.delete(id);
    const known = new Map(readTeams(doc).map((team) => [team.id, JSON.stringify(team)]));
    for (const team of teams) {
      if (known.get(team.id) === JSON.stringify(team)) continue;
      const { name, title, parent, people } = team;
      stored.set(team.id, { name, title, parent, people: people.map((person) => ({ ...person })) });
    }
  }, origin);
}

/** A team with how deep it stands; behind it all that stand below it. */
export interface PlacedTeam {
  readonly team: Team;
  readonly depth: number;
}

/** TM3: every team once, parents before children, by name; a circle is broken at the smallest id in it, everywhere the same. */
export function placeTeams(teams: readonly Team[]): readonly PlacedTeam[] {
  const byId = new Map(teams.map((team) => [team.id, team]));
  const below = new Map<string | null, Team[]>();
  for (const team of teams) {
    const parent = team.parent !== null && byId.has(team.parent) && !isCut(team, byId) ? team.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), team]);
  }
  const byName = (a: Team, b: Team): number =>
    a.name.toLowerCase() < b.name.toLowerCase()
      ? -1
      : a.name.toLowerCase() > b.name.toLowerCase()
        ? 1
        : a.id < b.id
          ? -1
          : 1;
  const placed: PlacedTeam[] = [];
  const ahead = [...(below.get(null) ?? [])].sort(byName).map((team) => ({ team, depth: 0 }));
  while (ahead.length > 0) {
    const next = ahead.shift();
    if (!next) break;
    placed.push(next);
    const children = [...(below.get(next.team.id) ?? [])].sort(byName);
    ahead.unshift(...children.map((team) => ({ team, depth: next.depth + 1 })));
  }
  return placed;
}

/** Whether a team is the smallest of a circle of parents. */
function isCut(team: Team, byId: ReadonlyMap<string, Team>): boolean {
  const seen = new Set<string>();
  for (let at = byId.get(team.parent ?? ''); at !== undefined; at = byId.get(at.parent ?? '')) {
    if (at.id === team.id) return [...seen].every((id) => team.id < id) || seen.size === 0;
    if (seen.has(at.id)) return false;
    seen.add(at.id);
  }
  return false;
}

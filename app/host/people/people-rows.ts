// What the people projection keeps of a room, as JSON: a profile, the teams, or whose words a document holds as small signatures.
import type * as Y from 'yjs';
import { z } from 'zod';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { readTitle } from '../../../shared/model/document/title.ts';
import { readAbout } from '../../../shared/model/profile/about.ts';
import { readTeams } from '../../../shared/model/teams/teams.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { signatureOf } from '../links/word-signature.ts';
import { readWorks, WORK_KINDS } from './works.ts';

/** Rows of another version are thrown away and read again from the documents. */
export const PEOPLE_VERSION = 1;

const words = z.array(z.string());
const profileRow = z.object({
  row: z.literal('profile'),
  name: z.string(),
  role: z.string(),
  place: z.string(),
  zone: z.string(),
  status: z.object({ text: z.string(), until: z.number().nullable() }).nullable(),
  picture: z.object({ blob: z.string(), size: z.number() }).nullable(),
  skills: words,
  interests: words,
  projects: words,
});
const teamsRow = z.object({
  row: z.literal('teams'),
  teams: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      title: z.string(),
      parent: z.string().nullable(),
      people: z.array(z.object({ name: z.string(), member: z.string().nullable(), leads: z.boolean() })),
    }),
  ),
});
const worksRow = z.object({
  row: z.literal('works'),
  works: z.array(z.object({ member: z.string(), kind: z.enum(WORK_KINDS), signature: z.string() })),
});
export const peopleRow = z.discriminatedUnion('row', [profileRow, teamsRow, worksRow]);
export type PeopleRow = z.output<typeof peopleRow>;
export type ProfileRow = z.output<typeof profileRow>;
export type TeamsRow = z.output<typeof teamsRow>;

/** Of which rooms rows are made: profiles, the teams, and what stands in spaces. */
export function isOfPeople(room: string): boolean {
  const address = parseRoomName(room);
  if (!address || address.space.startsWith('~') || address.space === '@workspace') return false;
  if (address.space === '@teams') return address.document === 'tree';
  return !address.space.startsWith('@') || address.document === 'profile';
}

/** Null where nothing is to be kept. Total. */
export function readPeopleRow(room: string, doc: Y.Doc): PeopleRow | null {
  const space = parseRoomName(room)?.space ?? '';
  if (space === '@teams') {
    const teams = readTeams(doc).map((team) => ({ ...team, people: team.people.map((person) => ({ ...person })) }));
    return teams.length > 0 ? { row: 'teams', teams } : null;
  }
  if (space.startsWith('@')) {
    if (readMeta(doc)?.kind !== 'profile') return null;
    const about = readAbout(doc);
    return {
      row: 'profile',
      name: readTitle(doc),
      ...about,
      status: about.status && { ...about.status },
      picture: about.picture && { ...about.picture },
      skills: [...about.skills],
      interests: [...about.interests],
      projects: [...about.projects],
    };
  }
  const works = (readWorks(doc) ?? []).map(({ member, kind, tokens }) => ({
    member,
    kind,
    signature: Buffer.from(signatureOf(tokens)).toString('base64'),
  }));
  return works.length > 0 ? { row: 'works', works } : null;
}

// A tree of teams may name one member a million times: whoever opens the directory does not wait for that.
import { expect, it } from 'vitest';
import type { Team } from '../../../shared/model/teams/teams.ts';
import { teamsOf } from './teams-of.ts';

it('[TM4] a member who is named twice in a team is in it once, and leads where any of them says so', () => {
  const people = [
    { name: 'Ana', member: 'ana', leads: false },
    { name: 'Ana M.', member: 'ana', leads: true },
    { name: 'Nobody', member: null, leads: true },
  ];
  const teams: Team[] = ['ops', 'lab'].map((id) => ({ id, name: id, title: '', parent: null, people }));
  expect([...teamsOf(teams)]).toEqual([
    [
      'ana',
      [
        { team: 'ops', leads: true },
        { team: 'lab', leads: true },
      ],
    ],
  ]);
});

it('[TM4] 2,000 teams of 500 people who are all one member are looked through in a moment', () => {
  const people = Array.from({ length: 500 }, () => ({ name: 'Ana', member: 'ana', leads: false }));
  const teams: Team[] = Array.from({ length: 2_000 }, (_, at) => ({
    id: `t${at}`,
    name: `Team ${at}`,
    title: '',
    parent: null,
    people,
  }));
  const begun = performance.now();
  expect(teamsOf(teams).get('ana')).toHaveLength(2_000);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

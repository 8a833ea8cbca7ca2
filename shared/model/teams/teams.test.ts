// Teams as they are stored and placed: what is hostile is left out, circles end, and a second writing changes only what differs.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { teamsOf } from '../document/roots.ts';
import { placeTeams, readTeams, setTeams, type Team } from './teams.ts';

const BEGUN = { createdBy: 'ana', createdAt: 1 };
const team = (id: string, parent: string | null = null, people: Team['people'] = []): Team => ({
  id,
  name: id,
  title: '',
  parent,
  people,
});

it('[TM1] [TM2] what is written is read; writing the same again writes nothing; what is not named is gone', () => {
  const doc = new Y.Doc();
  const teams = [team('core', null, [{ name: 'Bo', member: 'bo', leads: true }]), team('radio', 'core')];
  setTeams(doc, teams, BEGUN);
  expect(readTeams(doc)).toEqual(teams);
  const before = Y.encodeStateVector(doc);
  setTeams(doc, teams, BEGUN);
  expect(Y.encodeStateVector(doc)).toEqual(before);
  setTeams(doc, [teams[0]!], BEGUN);
  expect(readTeams(doc)).toEqual([teams[0]]);
});

it('[TM3] every team is placed once, whatever parents say', () => {
  expect(
    placeTeams([team('b', 'a'), team('a', 'b'), team('c', 'a'), team('d', 'gone')]).map((one) => [
      one.team.id,
      one.depth,
    ]),
  ).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 1],
    ['d', 0],
  ]);
  const any = fc.array(fc.tuple(fc.nat({ max: 12 }), fc.option(fc.nat({ max: 12 }), { nil: null })), { maxLength: 30 });
  fc.assert(
    fc.property(any, (pairs) => {
      const teams = [
        ...new Map(
          pairs.map(([id, parent]) => [`t${id}`, team(`t${id}`, parent === null ? null : `t${parent}`)]),
        ).values(),
      ];
      const placed = placeTeams(teams.map((one) => (one.parent === one.id ? { ...one, parent: null } : one)));
      expect(placed.map((one) => one.team.id).sort()).toEqual(teams.map(({ id }) => id).sort());
    }),
  );
});

it('[TM4] what is no team is left out and kept', () => {
  const doc = new Y.Doc();
  setTeams(doc, [], BEGUN);
  const stored = teamsOf(doc);
  stored.set('one', { name: 'One\u202E', people: [{ name: 'Bo', member: '../x' }, 7, { name: '' }], parent: 'one' });
  stored.set('two', 'text');
  stored.set('../x', { name: 'X' });
  stored.set('three', new Y.Map());
  expect(readTeams(doc)).toEqual([{ ...team('one', null, [{ name: 'Bo', member: null, leads: false }]), name: 'One' }]);
  expect(stored.size).toBe(4);
});

// The words over a page: outsiders are named, and whoever cannot write reads why.
import { expect, test } from 'vitest';
import type { MemberEntry, SpaceEntry, WorkspaceEntry } from '../../contract/entities.ts';
import { standingOf } from './standing.ts';

const WORKSPACE: WorkspaceEntry = {
  id: 'w',
  title: 'Perigee',
  member: 'me',
  relay: null,
  role: 'member',
  mine: 'member',
  removedAt: null,
};
const SPACE: SpaceEntry = {
  id: 's',
  room: 'w/s/s',
  name: 'Ground station',
  purpose: '',
  visibility: 'open',
  archived: false,
  part: 'member',
  mayWrite: true,
  manages: false,
  until: null,
  outsiders: 0,
  lost: false,
};
function member(id: string, name: string, role: MemberEntry['role'], part: SpaceEntry['part']): MemberEntry {
  const spaces = part === null ? [] : [{ space: 's', role: part, until: null }];
  return { id, name, role, me: id === 'me', joinedAt: 0, removed: false, devices: [], spaces };
}
const PEOPLE = [member('me', 'Bo', 'member', 'member'), member('m', 'Mira', 'owner', 'manager')];

test('nothing stands over a page that is simply mine to write', () => {
  expect(standingOf(WORKSPACE, SPACE, PEOPLE, 0)).toEqual({ closed: null, outsiders: null });
});

test('outsiders of a space are counted, and few are named', () => {
  const guests = [...PEOPLE, member('g', 'Zoe', 'guest', 'guest')];
  const { outsiders } = standingOf(WORKSPACE, { ...SPACE, outsiders: 1 }, guests, 0);
  expect(outsiders).toBe('1 guest from outside can read this space: Zoe.');
});

test('[X10] whoever cannot write reads why, what was kept, and what to do', () => {
  const why = (workspace: Partial<WorkspaceEntry>, space: Partial<SpaceEntry>): string | null =>
    standingOf({ ...WORKSPACE, ...workspace }, { ...SPACE, ...space }, PEOPLE, 1_000).closed;
  expect(why({}, { mayWrite: false, part: 'viewer' })).toContain('ask Mira');
  expect(why({ mine: 'removed' }, {})).toContain('You were removed');
  expect(why({ mine: 'keyless' }, {})).toContain('settings say why');
  expect(why({ mine: 'left' }, {})).toContain('You left');
  expect(why({}, { part: null, mayWrite: false })).toContain('not in Ground station any more');
  expect(why({}, { part: null, mayWrite: false, until: 900 })).toContain('time in Ground station is over');
  expect(why({}, { archived: true, mayWrite: false })).toContain('archived');
});

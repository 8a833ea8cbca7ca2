// A space without a name here is called by those who manage it.
import { expect, test } from 'vitest';
import type { MemberEntry } from '../../contract/entities.ts';
import { spaceName } from './space-names.ts';

const member = (name: string, role: 'manager' | 'member' = 'manager'): MemberEntry => ({
  id: name,
  name,
  role: 'member',
  me: false,
  joinedAt: 0,
  removed: false,
  devices: [],
  spaces: [{ space: 's', role, until: null }],
});
const nameless = { id: 's', name: '', part: null };

test('an admin sees whose space it is, and that its name is for its people', () => {
  expect(spaceName({ ...nameless, name: 'Kitchen' }, [])).toBe('Kitchen');
  expect(spaceName({ ...nameless, part: 'member' }, [])).toBe('A space whose name has not arrived');
  expect(spaceName(nameless, [])).toBe('A space by invitation, whose name only its people see');
  expect(spaceName(nameless, [member('Ana'), member('Cy', 'member')])).toBe('A space by invitation of Ana');
  expect(
    spaceName(
      nameless,
      ['Ana', 'Bo', 'Cy'].map((name) => member(name)),
    ),
  ).toBe('A space by invitation of Ana and Bo and 1 more');
});

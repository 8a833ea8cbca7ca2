import { expect, it } from 'vitest';
import { activityWords, type ActivityNames } from './activity-words.ts';

const known = (id: string): string => ({ a: 'Next', b: 'Doing', m: 'Ana', l: 'rf', i: 'Borrow the laser' })[id] ?? '';
const names: ActivityNames = {
  column: known,
  label: known,
  member: known,
  card: known,
  page: known,
  field: known,
  item: known,
  list: known,
  now: new Date(2026, 10, 25).getTime(),
};
const words = (part: string, key = '', value: string | number | null = null, before: string | number | null = null) =>
  activityWords({ part, key, value, before }, names);

it('[B9] says what was done in a sentence, also of what is gone since', () => {
  expect(words('made')).toBe('made this card');
  expect(words('column', 'column', 'b', 'a')).toBe('moved it from Next to Doing');
  expect(words('column', 'column', 'gone', 'a')).toBe('moved it from Next to a column that is gone');
  expect(words('due', 'due', '2026-11-26')).toBe('set the due date: Tomorrow');
  expect(words('due', 'due', null, '2026-11-26')).toBe('took the due date off');
  expect(words('member', 'member/m', 1)).toBe('put Ana on it');
  expect(words('label', 'label/x', null, 1)).toBe('removed the label that is gone');
  expect(words('checked', 'item/i', 1)).toBe('ticked an item “Borrow the laser”');
  expect(words('relates', 'relates/x', 1)).toBe('linked it with another card');
  expect(words('text', 'text/f/r', 'a')).toBe('changed a field that is gone');
});

it('what it does not know is no line', () => {
  expect(words('hologram', 'hologram/x', 1)).toBeNull();
});

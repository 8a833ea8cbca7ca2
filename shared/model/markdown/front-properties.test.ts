// Properties in front matter: what is taken, what stays letter by letter, and that printing and taking go round.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frontKey, NO_FRONT_PROPERTIES, printProperties, takeProperties } from './front-properties.ts';

const memberOf = (name: string): string | null => (name === 'Ana Tse' ? 'ana' : null);
const nameOf = (member: string): string => (member === 'ana' ? 'Ana Tse' : '');

test('[I1] known keys are taken, in the forms that people write; the rest stays letter by letter', () => {
  const yaml = [
    '# mine',
    'layout: wide   # kept',
    'tags:',
    '  - Radio',
    '  - "#field"',
    'owner: Ana Tse',
    'status: In review',
    'review-by: 2027-01-12',
    'review-months: 3',
    'template: true',
    'aliases: [Dish]',
  ].join('\n');
  expect(takeProperties(yaml, memberOf)).toEqual({
    properties: {
      owner: 'ana',
      tags: ['field', 'Radio'],
      status: 'review',
      reviewBy: '2027-01-12',
      reviewMonths: 3,
      template: true,
    },
    rest: '# mine\nlayout: wide   # kept\naliases: [Dish]',
  });
  expect(takeProperties('tags: a, b c', memberOf).properties.tags).toEqual(['a', 'b c']);
  expect(takeProperties('tags: b a', memberOf).properties.tags).toEqual(['a', 'b']);
});

test('[I1] what a page cannot say stays: unknown owners, nested tags, days that are none, YAML that does not parse', () => {
  for (const yaml of [
    'owner: Somebody else',
    'tags: {a: 1}',
    'tags: [a, [b]]',
    'tags: [a, A]',
    'review-by: 2027-02-30',
    'review-months: 0',
    'template: maybe',
    `status: ${'x'.repeat(60)}`,
    'tags: &x [a]',
    'a: b: c\ntags: [x]',
    '- tags',
    '{tags: [a]}',
  ]) {
    expect(takeProperties(yaml, memberOf)).toEqual({ properties: NO_FRONT_PROPERTIES, rest: yaml });
  }
  expect(frontKey(NO_FRONT_PROPERTIES)).toBe('');
});

test('[I2] what is printed is read again the same, and a line of the same name in the rest gives way', () => {
  const printed = printProperties({ ...NO_FRONT_PROPERTIES, tags: ['x'] }, 'a: 1\ntags: {deep: true}\nb: 2', nameOf);
  expect(printed).toEqual({ lines: ['tags: [x]'], rest: 'a: 1\nb: 2' });
  const tag = fc
    .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
    .filter((text) => takeProperties(`tags: [${JSON.stringify(text)}]`, memberOf).properties.tags[0] === text);
  fc.assert(
    fc.property(
      fc.uniqueArray(tag, { maxLength: 5, selector: (text) => text.toLowerCase() }),
      fc.constantFrom('', 'draft', 'Needs: work', 'yes', '2027'),
      fc.constantFrom(null, '2027-01-12'),
      fc.boolean(),
      (tags, status, reviewBy, template) => {
        const properties = { ...NO_FRONT_PROPERTIES, owner: 'ana', tags, status, reviewBy, template };
        const { lines } = printProperties(properties, '', nameOf);
        const again = takeProperties(lines.join('\n'), memberOf);
        expect(again.rest).toBe('');
        expect(frontKey(again.properties)).toBe(frontKey(properties));
      },
    ),
    { numRuns: 100 },
  );
});

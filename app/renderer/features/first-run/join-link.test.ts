// The first look at a pasted link.
import { expect, test } from 'vitest';
import { linkProblem } from './join-link.ts';

test('[X10] a slip in a pasted link is told apart', () => {
  expect(linkProblem('  ')).toBe('empty');
  expect(linkProblem('hello there')).toBe('not-a-link');
  expect(linkProblem('https://example.org/')).toBe('wrong-kind');
  expect(linkProblem(' caravan://join#v=1&relay=ws%3A%2F%2F127.0.0.1%3A4680&workspace=abc&title=Perigee ')).toBeNull();
});

// The language of the search field: what a query says, what is not understood, what is offered at the caret.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completionsAt } from './completions.ts';
import { withType, withoutPiece } from './edit-query.ts';
import { Folder } from './fold.ts';
import { excerptOf, Highlighter } from './highlight.ts';
import { asksNothing, parseQuery, readDay } from './query.ts';

const NOW = new Date(2026, 10, 30, 12).getTime();
const words = (typed: string): string[] =>
  parseQuery(typed, NOW).terms.map(
    ({ runs, not, prefix, exact }) =>
      `${not ? '-' : ''}${exact ? '=' : ''}${runs.map(({ text }) => text).join('+')}${prefix ? '*' : ''}`,
  );

test('[SE7] words, phrases and what must not be there; the last word goes on while it is typed', () => {
  expect(words('Rotator  Drift')).toEqual(['rotator', 'drift*']);
  expect(words('rotator drift ')).toEqual(['rotator', 'drift']);
  expect(words('"noise floor" -feed horn.')).toEqual(['=noise+floor', '-feed', 'horn']);
  expect(words('“noise floor')).toEqual(['=noise+floor*']);
  expect(words('feed-horn.step')).toEqual(['feed+horn+step*']);
  expect(words('東京tower -')).toEqual(['東京+tower']);
  expect(words('- -- "" ...')).toEqual([]);
  expect(asksNothing(parseQuery('-feed ', NOW))).toBe(true);
});

test('[SE8] conditions are read, turned around, and explained where they are not known', () => {
  const { filters, terms, problems } = parseQuery(
    'in:"Ground station" -by:bo TYPE:Cards has:file is:open after:2026-11 x',
    NOW,
  );
  expect(filters.map(({ op, value, not }) => [op, value, not])).toEqual([
    ['in', 'Ground station', false],
    ['by', 'bo', true],
    ['type', 'card', false],
    ['has', 'file', false],
    ['is', 'open', false],
    ['after', new Date(2026, 11, 1).getTime(), false],
  ]);
  expect([terms.length, problems]).toEqual([1, []]);
  expect(parseQuery('http://example.org/a', NOW).problems).toEqual([]);
  const wrong = parseQuery('colour:red is:blue before:soon in:', NOW).problems.map(({ message }) => message);
  expect(wrong).toEqual([
    expect.stringContaining('“colour:” is no condition'),
    expect.stringContaining('“is:blue” is not known. There are unanswered, answered'),
    expect.stringContaining('“soon” is no day'),
    expect.stringContaining('“in:” needs something behind it'),
  ]);
  expect(readDay('2026-02-30', NOW)).toBeNull();
  expect(readDay('yesterday', NOW)?.to).toBe(new Date(2026, 10, 30).getTime());
});

test('[SE8] what is offered at the caret: conditions, then names, with quotation marks where they hold a space', () => {
  const names = {
    spaces: ['Ground station', 'RF lab'],
    pages: ['Gain'],
    members: ['Ana', 'Bo Ångström'],
    tags: ['rf'],
  };
  const offered = (text: string): string[] => completionsAt(text, text.length, names).map(({ insert }) => insert);
  expect(offered('noise be')).toEqual(['before:']);
  expect(offered('b')).toEqual([]);
  expect(offered('in:g')).toEqual(['"Ground station" ', 'Gain ']);
  expect(offered('in:"ground s')).toEqual(['"Ground station" ']);
  expect(offered('-by:ang')).toEqual(['"Bo Ångström" ']);
  expect(offered('is:un')).toEqual(['unanswered ']);
  expect(offered('is:unanswered')).toEqual([]);
});

test('buttons change the query and leave the rest of it', () => {
  const typed = 'noise type:card in:lab';
  expect(withType(typed, 'page')).toBe('noise in:lab type:page ');
  expect(withType(typed, null)).toBe('noise in:lab');
  expect(withoutPiece(typed, 6, 15)).toBe('noise in:lab');
});

test('marks stand on the letters that were looked for, also where folding makes them more or fewer', () => {
  const highlighter = new Highlighter();
  const found = (text: string, query: string): string[] => {
    const needles = parseQuery(query, NOW).terms;
    const { text: shown, marks } = excerptOf(highlighter.find(text, needles), 60);
    return marks.map(([from, to]) => shown.slice(from, to));
  };
  expect(found('Die Straße nach Łódź', 'strasse lod')).toEqual(['Straße', 'Łód']);
  expect(found('明日の会議室', '会議')).toEqual(['会議']);
  const long = `${'lorem ipsum '.repeat(40)}the rotator drift${' dolor sit'.repeat(40)}`;
  expect(found(long, 'rotator drift')).toEqual(['rotator', 'drift']);
  expect(found('noise of the floor', '"noise floor"')).toEqual([]);
});

test('[SE2] whatever is typed or written is read without an error, and marks lie inside of the text', () => {
  const folder = new Folder();
  const highlighter = new Highlighter(folder);
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
      (query, text) => {
        const { terms } = parseQuery(query, NOW);
        const { text: shown, marks } = excerptOf(highlighter.find(text, terms), 40);
        for (const [from, to] of marks) expect(from < to && from >= 0 && to <= shown.length).toBe(true);
        expect(folder.fold(folder.fold(text))).toBe(folder.fold(text));
      },
    ),
    { numRuns: 60 },
  );
});

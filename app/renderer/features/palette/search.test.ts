// The palette's list: recent first, in order, quick with 20,000 pages.
import { expect, test } from 'vitest';
import type { DocEntry } from '../../../contract/entities.ts';
import type { SearchHit } from '../../../contract/search.ts';
import { PreparedTitles, searchPalette, withFound, type Action } from './search.ts';

function page(id: string, title: string, archived = false): DocEntry {
  const room = `w/s/${id}`;
  return {
    id,
    room,
    kind: 'page',
    title,
    space: 's',
    parent: null,
    order: 'a0',
    archived,
    createdBy: null,
    createdAt: 0,
    changedAt: 0,
  };
}
const actions: Action[] = [
  { id: 'new', title: 'New page', run: () => undefined, always: true },
  { id: 'theme', title: 'Use the dark theme', keywords: 'appearance colours', run: () => undefined },
];
const keys = (query: string, pages: DocEntry[], visits: [string, number][] = []): string[][] =>
  searchPalette(query, pages, new Map(visits), actions, new PreparedTitles()).map((group) => [
    group.title,
    ...group.rows.map((row) => row.key),
  ]);

test('[X1] recent pages come first, newest first, archived ones not at all', () => {
  const pages = [
    page('a', 'Antenna build'),
    page('b', 'Antenna log'),
    page('c', 'Antenna old', true),
    page('d', 'Antenna new'),
  ];
  expect(
    keys('', pages, [
      ['a', 10],
      ['b', 20],
    ]),
  ).toEqual([
    ['Recent', 'page:b', 'page:a'],
    ['Everything else', 'page:d'],
    ['Do', 'do:new', 'do:theme'],
  ]);
});

test('[X1] threads are found by their titles, as pages are; what stands in no list is not', () => {
  const thread: DocEntry = { ...page('t', 'Which antenna?'), kind: 'thread', thread: 'question' };
  const card: DocEntry = { ...page('c', 'Antenna card'), kind: 'card' };
  expect(
    keys('antenna', [page('a', 'Antenna build'), thread, card])[0]
      ?.slice(1)
      .sort(),
  ).toEqual(['page:a', 'page:t']);
  expect(keys('antenna', [{ ...thread, archived: true }])).toEqual([['Do', 'do:new']]);
});

test('[X1] actions are found by their words, and one that takes the query is always there', () => {
  expect(keys('appear', [])).toEqual([['Do', 'do:theme', 'do:new']]);
  expect(keys('zzz', [])).toEqual([['Do', 'do:new']]);
});

test('[X1] 20,000 titles are matched without looking at more than each once', () => {
  const pages = Array.from({ length: 20_000 }, (_, at) => page(`p${at}`, `Station note ${at} of the north mast`));
  const titles = new PreparedTitles();
  searchPalette('x', pages, new Map(), [], titles);
  const [group] = searchPalette('note 19999', pages, new Map(), [], titles);
  expect(group?.rows[0]?.key).toBe('page:p19999');
});

test('[X1] the forty that are listed are the first forty of all, whatever order they come in', () => {
  const pages = Array.from({ length: 500 }, (_, at) => ({
    ...page(`p${(at * 211) % 500}`, `${'x'.repeat(at % 7)} page ${at % 13}`),
    changedAt: (at * 37) % 50,
  }));
  for (const query of ['', 'page', 'xx page']) {
    const listed = keys(query, pages)[0]?.slice(1) ?? [];
    expect(listed).toHaveLength(40);
    expect(keys(query, pages.toReversed())[0]?.slice(1)).toEqual(listed);
    const best = pages.toSorted((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? -1 : 1));
    if (query === '') expect(listed).toEqual(best.slice(0, 40).map(({ id }) => `page:${id}`));
  }
});

test('[X1] what the index found stands behind the titles, once, and before what can be done', () => {
  const groups = searchPalette('antenna', [page('a', 'Antenna build')], new Map(), actions, new PreparedTitles());
  const hit = (kind: SearchHit['kind'], document: string, card = ''): SearchHit => ({
    key: `${document}${card}`,
    kind,
    title: { text: 'Antenna', marks: [] },
    space: 's',
    open: { document, card, block: '', comment: '', post: '' },
    by: null,
    at: 0,
    archived: false,
    settled: null,
    size: null,
    passages: [],
  });
  const found = withFound(groups, [hit('page', 'a'), hit('card', 'a', 'c'), hit('thread', 't')]);
  expect(found.map(({ title, rows }) => [title, ...rows.map(({ key }) => key)])).toEqual([
    ['Pages', 'page:a'],
    ['Cards, people, files and text', 'found:ac', 'found:t'],
    ['Do', 'do:new'],
  ]);
});

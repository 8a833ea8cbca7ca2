// Routes of a window: everything that is written can be read, everything else is the start.
import { expect, test } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route.ts';

test('every route survives being written and read', () => {
  const routes: Route[] = [
    { at: 'start' },
    { at: 'begin' },
    { at: 'workspace', workspace: 'w1' },
    { at: 'document', workspace: 'w1', document: 'd-1', fresh: false },
    { at: 'document', workspace: 'w1', document: 'd-1', fresh: true },
    { at: 'document', workspace: 'w1', document: 'd-1', fresh: false, block: 'start~1.2/é#' },
    { at: 'archive', workspace: 'w1', space: 's1' },
    { at: 'threads', workspace: 'w1', space: 's1' },
    { at: 'threads', workspace: 'w1', space: 's1', ask: 'Which rope? 50%/é' },
    { at: 'settings', workspace: 'w1' },
    { at: 'people', workspace: 'w1', member: null },
    { at: 'people', workspace: 'w1', member: 'm-1' },
    { at: 'members', workspace: 'w1' },
    { at: 'queue', workspace: 'w1' },
    { at: 'inbox', workspace: 'w1' },
    { at: 'digest', workspace: 'w1' },
    { at: 'travel', workspace: 'w1' },
    { at: 'teams', workspace: 'w1' },
    { at: 'search', workspace: 'w1', query: '' },
    { at: 'search', workspace: 'w1', query: 'in:"Ground/station" 会議 50% ' },
  ];
  for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route);
});

test('a fragment from anywhere is a route or the start', () => {
  for (const fragment of [
    '',
    '#',
    '#/w',
    '#/w/../d/x',
    '#/w/a/d/',
    '#/w/a/d/b/c',
    '#javascript:alert(1)',
    '#/w/a/zzz/b',
    '#/w/a/d/b/at/',
    '#/w/a/d/b/at/%',
    '#/w/a/d/b/new/x',
    '#/w/a/d/b/at/x/y',
  ]) {
    expect(parseRoute(fragment)).toEqual({ at: 'start' });
  }
});

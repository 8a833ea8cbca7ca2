// Numbers, links, presence states, hues and the slash menu's filter: the parts of the editor that need no view.
import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../tests/support/editor-state.ts';
import { MAX_CURSORS, remoteCursors } from './cursor-state.ts';
import { hueOf, HUES } from './hue.ts';
import { asSingleUrl, isPageLink, safeHref } from './links.ts';
import { numberLabel, orderedNumbers, sameOutline } from './numbering.ts';
import { filterSlashItems, SLASH_ITEMS } from './slash-items.ts';

describe('numbers of ordered items', () => {
  const numbers = (...lines: string[]): number[] => [...orderedNumbers(stateOf(...lines).doc).values()];

  it('[W8] count on over deeper blocks and begin again behind anything else', () => {
    expect(numbers('1. a', '1. b', '  1. c', '  1. d', '1. e', 'text', '1. f')).toEqual([1, 2, 1, 2, 3, 1]);
    expect(numbers('1. a', '  - x', '1. b')).toEqual([1, 2]);
    expect(numbers('1. a', '- x', '1. b')).toEqual([1, 1]);
    expect(numbers('1. a', '  1. b', 'text', '  1. c')).toEqual([1, 1, 1]);
    expect(numbers('    1. deep', '1. a', '    1. deep')).toEqual([1, 1, 1]);
  });
  it('[W8] are written 1, a, i by level', () => {
    expect([numberLabel(3, 0), numberLabel(28, 1), numberLabel(14, 2), numberLabel(4, 3)]).toEqual([
      '3.',
      'ab.',
      'xiv.',
      '4.',
    ]);
    expect(numberLabel(4_000, 2)).toBe('4000.');
  });
  it('[W25] are not computed anew for typing', () => {
    const state = stateOf('1. a|', '1. b');
    expect(sameOutline(state.doc, state.apply(state.tr.insertText('x')).doc)).toBe(true);
    expect(sameOutline(state.doc, state.apply(state.tr.setNodeAttribute(0, 'indent', 1)).doc)).toBe(false);
  });
});

describe('links', () => {
  it('[X4] lead to http, https, mailto and pages, and nowhere else', () => {
    for (const href of ['https://a.example/x?y#z', 'http://a', 'mailto:a@b.example', 'page:abc_-1#block']) {
      expect(safeHref(href)).toBe(href);
    }
    for (const href of [
      'javascript:alert(1)',
      'java\nscript:alert(1)',
      ' \u0001javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'vbscript:x',
      '//evil.example',
      'page:',
      'page:../x',
      'https://',
      `https://a/${'x'.repeat(3_000)}`,
      7,
      null,
    ]) {
      expect(safeHref(href)).toBeNull();
    }
    expect(isPageLink('page:abc')).toBe(true);
    expect(isPageLink('https://a')).toBe(false);
  });
  it('[W6] a clipboard is one address only when it is nothing else', () => {
    expect(asSingleUrl(' https://a.example/ ')).toBe('https://a.example/');
    expect(asSingleUrl('see https://a.example/')).toBeNull();
  });
});

describe('presence', () => {
  const good = { user: { member: 'm' }, cursor: { anchor: { tname: 'body' }, head: { tname: 'body' } } };

  it('[W16] takes well-formed cursors of others, in one order', () => {
    const states = new Map<number, unknown>([
      [9, good],
      [3, good],
      [1, good],
    ]);
    expect(remoteCursors(states, 1).map(({ client }) => client)).toEqual([3, 9]);
  });
  it('[W16] ignores whatever else a peer puts there', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const odd: unknown[] = [
      null,
      7,
      [],
      {},
      { user: 'm', cursor: good.cursor },
      { user: { member: '' }, cursor: good.cursor },
      { user: { member: 'm'.repeat(101) }, cursor: good.cursor },
      { user: good.user, cursor: { anchor: 1, head: 2 } },
      { user: good.user, cursor: { anchor: { x: 'y'.repeat(500) }, head: {} } },
      { user: good.user, cursor: { anchor: cycle, head: cycle } },
    ];
    expect(remoteCursors(new Map(odd.map((state, client) => [client, state])), -1)).toEqual([]);
  });
  it('[W16] shows no more flags than help anybody', () => {
    const crowd = new Map(Array.from({ length: 500 }, (_, client) => [client, good]));
    expect(remoteCursors(crowd, -1)).toHaveLength(MAX_CURSORS);
  });
  it('[W16] a member has the same hue everywhere, and all six are used', () => {
    expect(hueOf('member-ana')).toBe(hueOf('member-ana'));
    const used = new Set(Array.from({ length: 200 }, (_, number) => hueOf(`member-${String(number)}`)));
    expect(used.size).toBe(HUES.length);
  });
});

describe('the slash menu', () => {
  const titles = (query: string): string[] => filterSlashItems(SLASH_ITEMS, query).map(({ title }) => title);

  it('[W3] filters by title, keyword and shortcut, best first', () => {
    expect(titles('')).toHaveLength(12);
    expect(titles('head')).toEqual(['Heading 1', 'Heading 2', 'Heading 3']);
    expect(titles('h2')).toEqual(['Heading 2']);
    expect(titles('todo')).toEqual(['Checklist']);
    expect(titles('list').slice(0, 2)).toEqual(['Bullet list', 'Numbered list']);
    expect(titles('>')).toEqual(['Quote']);
    expect(titles('cllt')).toEqual(['Callout']);
    expect(titles('zzz')).toEqual([]);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asAnchor, pageLink, readPageLink, readWorkspaceLink, workspaceLink } from './page-link.ts';

it('[LK5] addresses survive being written and read', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
  fc.assert(
    fc.property(id, id, fc.string({ unit: 'grapheme', maxLength: 80 }), (workspace, page, words) => {
      const anchor = asAnchor(words);
      if (anchor.length > 200) return;
      expect(asAnchor(anchor)).toBe(anchor);
      expect(readPageLink(pageLink(page, anchor))).toEqual({ page, anchor });
      expect(readWorkspaceLink(workspaceLink(workspace, { page, anchor }))).toEqual({ workspace, page, anchor });
    }),
  );
});

it('[LK5] anything else is no address', () => {
  for (const text of [
    '',
    'page:',
    'page:a b',
    'page:a/b',
    'page:-a',
    `page:${'a'.repeat(65)}`,
    'page:a#b c',
    'Page:a',
    'page:a\n',
  ]) {
    expect([text, readPageLink(text)]).toEqual([text, null]);
  }
  for (const text of [
    'caravan://page/',
    'caravan://page/w',
    'caravan://page/w/a/b',
    'caravan://page/../a',
    'caravan://join#v=2',
    'caravan://page/w/a?x',
    ' caravan://page/w/a',
  ]) {
    expect([text, readWorkspaceLink(text)]).toEqual([text, null]);
  }
});

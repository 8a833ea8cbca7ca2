import { expect, test } from 'vitest';
import type { DocEntry } from '../../contract/entities.ts';
import { PageFinder } from './find-pages.ts';

function page(id: string, title: string, aliases: readonly string[] = [], changedAt = 0): DocEntry {
  const place = { room: `w/s/${id}`, kind: 'page', space: 's', parent: null, order: 'a0', archived: false } as const;
  return { id, title, aliases: [...aliases], ...place, createdBy: null, createdAt: 0, changedAt };
}
const PAGES = [
  page('plan', 'Winter plan', ['冬の計画', 'Roadmap']),
  page('review', 'Plan review'),
  page('jp', '会議の議事録'),
  page('cn', '项目计划书', ['Project plan']),
  page('he', 'תוכנית חורף'),
  { ...page('old', 'Winter plan of old'), archived: true },
];
const ids = (query: string): string[] => new PageFinder().find(query, PAGES, 10).map(({ entry }) => entry.id);

test('[W4] finds titles and other names, with a typo too, and never archived pages', () => {
  expect(ids('winter')).toEqual(['plan']);
  expect(ids('road')).toEqual(['plan']);
  expect(ids('wintre')).toEqual(['plan']);
  expect(ids('plan')).toEqual(['review', 'plan', 'cn']);
  expect(new PageFinder().find('roadm', PAGES, 1)).toMatchObject([{ alias: 'Roadmap', ranges: [[0, 5]] }]);
});

test('[W4] finds Chinese, Japanese and Hebrew by what stands inside', () => {
  expect(ids('議事')).toEqual(['jp']);
  expect(ids('计划')).toEqual(['cn']);
  expect(ids('計画')).toEqual(['plan']);
  expect(ids('חורף')).toEqual(['he']);
});

test('[W4] without a query the pages changed last come first; the page itself is left out', () => {
  const pages = [page('a', 'A', [], 1), page('b', 'B', [], 3), page('c', 'C', [], 2)];
  expect(new PageFinder().find('', pages, 2).map(({ entry }) => entry.id)).toEqual(['b', 'c']);
  expect(new PageFinder().find('', pages, 2, 'b').map(({ entry }) => entry.id)).toEqual(['c', 'a']);
});

// Bookmarks as stored: one for one thing, hostile keys and values, two who are apart.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { readBookmarks, removeBookmark, setBookmark, type BookmarkPlace } from './bookmarks.ts';
import { readFeatured, setFeatured } from '../space/featured.ts';

const page = (document: string, part: string | null = null): BookmarkPlace => ({ kind: 'document', document, part });
const web = (url: string): BookmarkPlace => ({ kind: 'web', url });

it('[BK1][BK2] one thing has one bookmark, however its address is written and however many put it there while apart', () => {
  const [ana, bo] = [new Y.Doc(), new Y.Doc()];
  setBookmark(ana, { place: web('https://Example.org'), name: 'Passes', by: 'ana', at: 5 });
  setBookmark(bo, { place: web('https://example.org/'), name: 'Passes', by: 'bo', at: 7 });
  setBookmark(bo, { place: page('plan', 'block'), name: '', by: 'bo', at: 6 });
  Y.applyUpdate(ana, Y.encodeStateAsUpdate(bo));
  Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
  expect(readBookmarks(ana)).toEqual(readBookmarks(bo));
  expect(readBookmarks(ana).map(({ place }) => place)).toEqual(
    expect.arrayContaining([web('https://example.org/'), page('plan', 'block')]),
  );
  expect(readBookmarks(ana)).toHaveLength(2);
  const [first] = readBookmarks(ana);
  setBookmark(ana, { place: web('https://example.org'), name: 'All passes', by: 'cy', at: 9 });
  expect(readBookmarks(ana).find(({ place }) => place.kind === 'web')).toMatchObject({ name: 'All passes' });
  expect(readBookmarks(ana).find(({ place }) => place.kind === 'web')?.by).not.toBe('cy');
  expect(first).toBeDefined();
  removeBookmark(ana, page('plan', 'block'));
  expect(readBookmarks(ana)).toHaveLength(1);
});

it('[BK3][SP2] what is no place and what is no value is left out, and nothing throws', () => {
  const doc = new Y.Doc();
  const stored = doc.getMap('bookmarks');
  for (const key of [
    'web:javascript:alert(1)',
    'web:https://a:b@c.example/',
    'a/b/c',
    '',
    '../x',
    'web:https://EXAMPLE.org',
  ]) {
    stored.set(key, { at: 1 });
  }
  stored.set('ok', 5);
  stored.set('deep', new Y.Map());
  stored.set('plan', { name: { a: 1 }, by: 7, at: 'now' });
  expect(readBookmarks(doc)).toEqual([{ place: page('plan'), name: '', by: null, at: 0 }]);
  expect(setBookmark(doc, { place: web('file:///etc/passwd'), name: 'x', by: 'ana', at: 1 })).toBe(false);
  expect(setBookmark(doc, { place: page('a/b'), name: 'x', by: 'ana', at: 1 })).toBe(false);

  doc.getMap('meta').set('featured/', { by: 'ana', at: 1 });
  doc.getMap('meta').set('featured/odd', 'yes');
  setFeatured(doc, 'plan', { by: 'ana', at: 3 });
  setFeatured(doc, 'log', { by: 'bo', at: 4 });
  expect(readFeatured(doc).map(({ document }) => document)).toEqual(['log', 'plan']);
  setFeatured(doc, 'log', null);
  expect(readFeatured(doc)).toEqual([{ document: 'plan', by: 'ana', at: 3 }]);
});

// Rows of the page tree, and where keys and drops put a page.
import { expect, test } from 'vitest';
import { buildTree } from '../../../../shared/model/document/tree.ts';
import type { DocEntry } from '../../../contract/entities.ts';
import { dropEdge, placeOfDrop, placeOfMove, visibleRows } from './rows.ts';

function page(id: string, parent: string | null, order: string): DocEntry {
  const room = `w/s/${id}`;
  return {
    id,
    room,
    kind: 'page',
    title: id,
    space: 's',
    parent,
    order,
    archived: false,
    createdBy: null,
    createdAt: 0,
    changedAt: 0,
  };
}

// a (a1 (a1x), a2), b, c
const pages = [
  page('a', null, 'a0'),
  page('b', null, 'a1'),
  page('c', null, 'a2'),
  page('a1', 'a', 'a0'),
  page('a2', 'a', 'a1'),
  page('a1x', 'a1', 'a0'),
];
const tree = buildTree(pages);
const byId = new Map(pages.map((entry) => [entry.id, entry]));

test('[W22] rows show the children of open pages only, with level and place', () => {
  expect(
    visibleRows(tree, (id) => id === 'a').map((row) => [row.entry.id, row.level, row.position, row.siblings]),
  ).toEqual([
    ['a', 1, 1, 3],
    ['a1', 2, 1, 2],
    ['a2', 2, 2, 2],
    ['b', 1, 2, 3],
    ['c', 1, 3, 3],
  ]);
});

test('[W22] keys move a page up, down, in and out, and stop at the ends', () => {
  expect(placeOfMove(tree, 'c', 'up')).toEqual({ parent: null, after: 'a' });
  expect(placeOfMove(tree, 'a', 'up')).toBeNull();
  expect(placeOfMove(tree, 'b', 'up')).toEqual({ parent: null, after: null });
  expect(placeOfMove(tree, 'b', 'down')).toEqual({ parent: null, after: 'c' });
  expect(placeOfMove(tree, 'b', 'in')).toEqual({ parent: 'a', after: 'a2' });
  expect(placeOfMove(tree, 'a', 'in')).toBeNull();
  expect(placeOfMove(tree, 'a1x', 'out')).toEqual({ parent: 'a', after: 'a1' });
  expect(placeOfMove(tree, 'b', 'out')).toBeNull();
});

test('[W22] a drop goes above, inside or below, and never makes a cycle', () => {
  expect([0, 14, 27].map((y) => dropEdge({ top: 0, height: 28 }, y))).toEqual(['above', 'inside', 'below']);
  expect(placeOfDrop(tree, byId, 'c', 'b', 'above')).toEqual({ parent: null, after: 'a' });
  expect(placeOfDrop(tree, byId, 'c', 'a', 'inside')).toEqual({ parent: 'a', after: 'a2' });
  expect(placeOfDrop(tree, byId, 'c', 'a1', 'below')).toEqual({ parent: 'a', after: 'a1' });
  expect(placeOfDrop(tree, byId, 'a', 'a1x', 'inside')).toBeNull();
  expect(placeOfDrop(tree, byId, 'a', 'a', 'below')).toBeNull();
});

test('[W22] a tree of 3,000 levels is drawn without recursion', () => {
  const chain = Array.from({ length: 3_000 }, (_, at) => page(`p${at}`, at === 0 ? null : `p${at - 1}`, 'a0'));
  expect(visibleRows(buildTree(chain), () => true)).toHaveLength(3_000);
});

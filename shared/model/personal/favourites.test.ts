// A member's favourites: order, two devices at once, hostile content.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { favouritesOf } from '../document/roots.ts';
import { addFavourite, MOST_FAVOURITES, readFavourites, removeFavourite } from './favourites.ts';
import { createPersonal } from './personal.ts';

function favourites(): Y.Doc {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  return doc;
}

test('[W22][PS2] favourites stand in the order they are put in, and can be put elsewhere', () => {
  const doc = favourites();
  for (const id of ['a', 'b', 'c']) addFavourite(doc, id);
  addFavourite(doc, 'a');
  expect(readFavourites(doc)).toEqual(['a', 'b', 'c']);
  addFavourite(doc, 'c', null);
  addFavourite(doc, 'a', 'b');
  expect(readFavourites(doc)).toEqual(['c', 'b', 'a']);
  removeFavourite(doc, 'b');
  expect(readFavourites(doc)).toEqual(['c', 'a']);
});

test('[PS2] two devices of one member add and remove apart: both end with the same list', () => {
  const one = favourites();
  addFavourite(one, 'a');
  const two = new Y.Doc();
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
  addFavourite(one, 'b');
  addFavourite(two, 'c');
  removeFavourite(two, 'a');
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
  expect(readFavourites(one)).toEqual(readFavourites(two));
  expect([...readFavourites(one)].sort()).toEqual(['b', 'c']);
  // Equal keys are told apart when something is put between them.
  addFavourite(one, 'd', readFavourites(one)[0]);
  expect(readFavourites(one)[1]).toBe('d');
});

test('[PS1][PS2] a document that is no personal one has none; hostile ids and keys are left out or sort first', () => {
  expect(readFavourites(new Y.Doc())).toEqual([]);
  const doc = favourites();
  favouritesOf(doc).set('../x', 'a0');
  favouritesOf(doc).set('fine', { a: 1 });
  for (let at = 0; at < 600; at += 1) favouritesOf(doc).set(`d${at}`, 'a0');
  expect(readFavourites(doc)).toHaveLength(MOST_FAVOURITES);
  expect(readFavourites(doc)[0]).toBe('fine');
});

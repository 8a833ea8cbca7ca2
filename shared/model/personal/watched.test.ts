// What a member watches: boards, columns, cards; hostile keys.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { watchedOf } from '../document/roots.ts';
import { createPersonal } from './personal.ts';
import { readWatched, setWatched } from './watched.ts';

test('[B9] [PS10] a board, a column and a card are watched and no more; what is so already is not written; hostile keys are read past', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  setWatched(doc, { board: 'b', card: 'c1' }, 5);
  setWatched(doc, { board: 'b', column: 'todo' }, 6);
  setWatched(doc, { board: 'other' }, 7);
  for (const key of ['b/card/../x', 'b/card/c2/more', 'b/people/c2', '/card/c2']) watchedOf(doc).set(key, 1);
  const said = { board: false, columns: new Set(['todo']), cards: new Set(['c1']) };
  expect(readWatched(doc, 'b')).toEqual(said);
  expect(readWatched(doc, 'other').board).toBe(true);
  const before = Y.encodeStateVector(doc);
  setWatched(doc, { board: 'b', card: 'c1' }, 9);
  setWatched(doc, { board: 'b', card: 'c7' }, null);
  expect(Y.encodeStateVector(doc)).toEqual(before);
  setWatched(doc, { board: 'b', card: 'c1' }, null);
  setWatched(doc, { board: 'b' }, 9);
  expect(readWatched(doc, 'b')).toEqual({ ...said, board: true, cards: new Set() });
  expect(readWatched(new Y.Doc(), 'b')).toEqual({ board: false, columns: new Set(), cards: new Set() });
});

// Whom and what one follows: written once, read whatever a device of mine may hold.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { followsOf } from '../document/roots.ts';
import { readFollows, setFollowed } from './follows.ts';
import { createPersonal } from './personal.ts';

function follows(): Y.Doc {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  return doc;
}

it('[PS11] people and topics are followed and let go of; what two devices add apart is both there', () => {
  const [one, two] = [follows(), new Y.Doc()];
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
  setFollowed(one, { member: 'bo' }, true);
  expect(setFollowed(two, { topic: ' #Antennas ' }, true)).toBe(true);
  expect(setFollowed(two, { topic: ' # ' }, true)).toBe(false);
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
  for (const doc of [one, two]) expect(readFollows(doc)).toEqual({ members: ['bo'], topics: ['Antennas'] });
  const before = Y.encodeStateVector(one);
  setFollowed(one, { topic: 'antennas' }, true);
  expect(Y.encodeStateVector(one)).toEqual(before);
  setFollowed(one, { topic: 'ANTENNAS' }, false);
  setFollowed(one, { member: 'bo' }, false);
  expect(readFollows(one)).toEqual({ members: [], topics: [] });
});

it('[PS11] what is of another form is passed over and kept', () => {
  const doc = follows();
  const stored = followsOf(doc);
  stored.set('@../x', true);
  stored.set('#Upper', 'Upper');
  stored.set('nothing', new Y.Text('x'));
  stored.set('#radio', { name: 'radio' });
  stored.set('#masts', 'something else');
  expect(readFollows(doc)).toEqual({ members: [], topics: ['masts', 'radio'] });
  expect(stored.size).toBe(5);
  expect(readFollows(new Y.Doc())).toEqual({ members: [], topics: [] });
});

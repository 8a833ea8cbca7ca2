// What devices wrote, whatever their ids begin with: an id is a hash, and one of 64 begins with a hyphen.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { draftPlaces, readDrafts, writeDraft } from './drafts.ts';
import { createPersonal } from './personal.ts';
import { markBoardSeen, markCardSeen, readSeenCards } from './read-cards.ts';
import { markPostsRead, readReadPosts } from './read-posts.ts';

const DEVICE = `-${'a'.repeat(42)}`;

it('[PS7] a draft of a device whose id begins with a hyphen is a draft', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  writeDraft(doc, { device: DEVICE, place: 'thread' }, { text: 'October only, and', at: 2 });
  expect(readDrafts(doc, 'thread')).toMatchObject([{ text: 'October only, and' }]);
  expect([...draftPlaces(doc)]).toEqual(['thread']);
});

it('[PS7] what else stands in the form of a new thread is kept with the words, and is a draft without any', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  const place = { device: 'ana-laptop', place: 'space' };
  writeDraft(doc, place, { text: '', form: '{"title":"Doppler"}', at: 2 });
  expect(readDrafts(doc, 'space')).toMatchObject([{ text: '', form: '{"title":"Doppler"}' }]);
  const bytes = Y.encodeStateAsUpdate(doc);
  writeDraft(doc, place, { text: '', form: '{"title":"Doppler"}', at: 3 });
  expect(Y.encodeStateAsUpdate(doc)).toEqual(bytes);
  writeDraft(doc, place, { text: '', at: 4 });
  expect(readDrafts(doc, 'space')).toEqual([]);
});

it('[PS6] posts of a device whose id begins with a hyphen stay read', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  // They were written and not read again: each start of the program showed them as unread.
  markPostsRead(doc, { device: DEVICE, thread: 'doppler' }, [{ device: DEVICE, number: 1 }]);
  expect(readReadPosts(doc, 'doppler').has({ device: DEVICE, number: 1 })).toBe(true);
});

it('[PS9] what such a device has seen of a board counts', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  markBoardSeen(doc, DEVICE, new Map([[7, 3]]));
  markCardSeen(doc, { device: DEVICE, card: 'c' }, new Map([[7, 5]]));
  const seen = readSeenCards(doc);
  expect([seen?.board.get(7), seen?.cards.get('c')?.get(7)]).toEqual([3, 5]);
});

// Drafts of devices whatever their ids begin with: an id is a hash, and one of 64 begins with a hyphen.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { draftPlaces, readDrafts, writeDraft } from './drafts.ts';
import { createPersonal } from './personal.ts';

it('[PS7] a draft of a device whose id begins with a hyphen is a draft', () => {
  const doc = new Y.Doc();
  createPersonal(doc, { createdBy: 'ana', createdAt: 1 });
  writeDraft(doc, { device: `-${'a'.repeat(42)}`, place: 'thread' }, { text: 'October only, and', at: 2 });
  expect(readDrafts(doc, 'thread')).toMatchObject([{ text: 'October only, and' }]);
  expect([...draftPlaces(doc)]).toEqual(['thread']);
});

import { expect, it } from 'vitest';
import type { BundleLook, BundleTaken } from '../../../contract/bundles.ts';
import { forWords, namesOf, stateWords, takenWords, totalWords } from './bundle-words.ts';

it('[D8] says for whom a bundle is, and what is in it', () => {
  const people = ['Ana', 'Bo', '', 'Cy', 'Dan'].map((name) => ({ name }));
  expect(namesOf([])).toBe('nobody');
  expect(namesOf(people.slice(0, 1))).toBe('Ana');
  expect(namesOf(people.slice(0, 3))).toBe('Ana, Bo and somebody without a name yet');
  expect(namesOf(people)).toBe('Ana, Bo, somebody without a name yet and 2 others');
  expect(forWords({ kind: 'space', space: 'one' }, () => 'Pilot')).toBe('for everybody in Pilot');
  expect(forWords({ kind: 'member', member: 'one' }, () => '')).toBe('for somebody');
  const one = { id: 'a', space: 'b', kind: 'page', title: 'A', state: 'changed', changes: 1 } as const;
  expect(stateWords(one)).toBe('1 change');
  const look = {
    documents: [one, { ...one, state: 'new' }, { ...one, state: 'gap' }],
    more: 2,
  } as unknown as BundleLook;
  expect(totalWords(look)).toBe('5 documents: 1 new here, 1 with changes, 1 that cannot be taken');
  const none: BundleTaken = {
    documents: 0,
    same: 4,
    hidden: 0,
    records: 0,
    sittings: 0,
    files: 0,
    refused: [],
    more: 0,
  };
  expect(takenWords(none)).toBe('Everything in it was here already. Nothing was changed.');
  expect(takenWords({ ...none, documents: 2, files: 1 })).toBe(
    'Taken in: 2 documents, 1 attachment. 4 documents were here already.',
  );
});

const NOTHING: BundleTaken = {
  ...{ documents: 0, same: 0, hidden: 0, records: 0, sittings: 0, files: 0, refused: [], more: 0 },
};

it('[D8] says of a bundle of which no document was taken whether it was here, was refused, or may not be read', () => {
  const refused = [{ document: 'd', title: 'Hut', reason: 'It builds on changes that are not on this computer.' }];
  expect([
    takenWords({ ...NOTHING, same: 3 }),
    takenWords({ ...NOTHING, refused }),
    takenWords({ ...NOTHING, hidden: 2 }),
    takenWords({ ...NOTHING, same: 3, records: 1 }),
    takenWords({ ...NOTHING, refused, records: 1 }),
    takenWords({ ...NOTHING, documents: 1, files: 2, same: 1 }),
  ]).toEqual([
    'Everything in it was here already. Nothing was changed.',
    'What is new in it could not be taken in. Nothing was changed.',
    'No document in it may be read on this computer. Nothing was changed.',
    'What it says of members and spaces was taken in. Everything else in it was here already.',
    'What it says of members and spaces was taken in. What is new in it could not be taken in.',
    'Taken in: 1 document, 2 attachments. 1 document was here already.',
  ]);
});

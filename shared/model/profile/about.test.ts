// What a profile says: merged from two devices, ended by the clock, and inert whatever stands in it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { readAttachments } from '../document/attachments.ts';
import { profileOf } from '../document/roots.ts';
import { changeAbout, NO_ABOUT, readAbout, statusAt } from './about.ts';
import { createProfile } from './profile.ts';

const BLOB = 'a'.repeat(64);

function profile(): Y.Doc {
  const doc = new Y.Doc();
  createProfile(doc, { title: 'Ana', createdBy: 'ana', createdAt: 1 });
  return doc;
}

it('[PF3] [PF4] says role, place, zone, picture and lists; what two devices add apart is both there', () => {
  const one = profile();
  changeAbout(one, { role: 'RF engineer', place: 'Recife', zone: 'America/Recife', add: { skills: ['LevelDB'] } });
  const two = new Y.Doc();
  Y.applyUpdate(two, Y.encodeStateAsUpdate(one));
  changeAbout(one, { add: { skills: ['Rotators'] }, picture: { blob: BLOB, size: 9 } });
  changeAbout(two, { add: { skills: ['antennas'], projects: ['Second site'], interests: ['tube radios'] } });
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
  expect(readAbout(one)).toEqual({
    role: 'RF engineer',
    place: 'Recife',
    zone: 'America/Recife',
    status: null,
    picture: { blob: BLOB, size: 9 },
    skills: ['antennas', 'LevelDB', 'Rotators'],
    interests: ['tube radios'],
    projects: ['Second site'],
  });
  expect(readAttachments(one)).toEqual([{ blob: BLOB, size: 9, name: '' }]);
  const before = Y.encodeStateVector(one);
  changeAbout(one, { role: ' RF  engineer', add: { skills: ['LevelDB'] } });
  expect(Y.encodeStateVector(one)).toEqual(before);
  changeAbout(one, { remove: { skills: ['leveldb', 'ROTATORS'] }, picture: null, place: '' });
  expect(readAbout(one)).toMatchObject({ skills: ['antennas'], picture: null, place: '' });
});

it('[PF5] a status is over from its end on; one without an end stays', () => {
  const doc = profile();
  changeAbout(doc, { status: { text: 'On a flight', until: 1_000 } });
  const { status } = readAbout(doc);
  expect(statusAt(status, 999)).toEqual({ text: 'On a flight', until: 1_000 });
  expect(statusAt(status, 1_000)).toBe(null);
  changeAbout(doc, { status: { text: 'At the station', until: null } });
  expect(statusAt(readAbout(doc).status, 8e15)).toEqual({ text: 'At the station', until: null });
  changeAbout(doc, { status: null });
  expect(readAbout(doc).status).toBe(null);
});

it('[PF6] a reader takes what is of another form as not said, and no line turns around or breaks', () => {
  const doc = profile();
  const said = profileOf(doc);
  said.set('role', 'Line one\nline two \u202E<script>');
  said.set('zone', '../../etc/passwd');
  said.set('status', { text: 7, until: 'soon' });
  said.set('picture', { blob: BLOB, size: 10_000_000_000 });
  said.set('place', new Y.Map());
  for (let at = 0; at < 200; at += 1) said.set(`skill/${String(at).padStart(3, '0')}`, 'x');
  const read = readAbout(doc);
  expect(read).toMatchObject({ role: 'Line one line two <script>', zone: '', status: null, picture: null, place: '' });
  expect(read.skills.length).toBe(50);
  expect(readAbout(new Y.Doc())).toBe(NO_ABOUT);
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
      const hostile = profile();
      for (const [key, value] of Object.entries(values)) profileOf(hostile).set(key, value);
      for (const key of ['status', 'picture', 'zone', 'role']) profileOf(hostile).set(key, values['a'] ?? null);
      readAbout(hostile);
      readAttachments(hostile);
    }),
    { numRuns: 100 },
  );
});

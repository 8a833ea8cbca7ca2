// Properties of a page: what is written, what two people write apart, and what a peer's hostile values become.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createDocument } from '../document/commands.ts';
import { metaOf } from '../document/roots.ts';
import {
  addTag,
  lockPage,
  markReviewed,
  removeTag,
  setOwner,
  setReview,
  setStatus,
  setTemplate,
  unlockPage,
  writeProperties,
} from './commands.ts';
import { afterMonths, isDay } from './day.ts';
import { NO_PROPERTIES, readProperties } from './read.ts';
import { tagOf } from './tag.ts';
import { fillTemplate } from './template.ts';

function page(): Y.Doc {
  const doc = new Y.Doc();
  createDocument(doc, { kind: 'page', title: 'Dish', createdBy: 'ana', createdAt: 1 });
  return doc;
}

function copy(of: Y.Doc): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(of));
  return doc;
}

test('[W23][PP1] owner, status, tags and review are written, read and taken away again', () => {
  const doc = page();
  expect(readProperties(doc)).toEqual(NO_PROPERTIES);
  setOwner(doc, 'ana');
  setStatus(doc, '  In   review ');
  expect(addTag(doc, '#Radio')).toBe(true);
  expect(addTag(doc, ' , ')).toBe(false);
  setReview(doc, '2026-11-30', 3);
  setTemplate(doc, true);
  lockPage(doc, { by: 'bo', at: 7 });
  expect(readProperties(doc)).toEqual({
    owner: 'ana',
    tags: ['Radio'],
    status: 'In review',
    reviewBy: '2026-11-30',
    reviewMonths: 3,
    reviewed: null,
    template: true,
    locked: { by: 'bo', at: 7 },
  });
  setOwner(doc, null);
  setStatus(doc, '');
  removeTag(doc, 'RADIO');
  setReview(doc, null, 6);
  setTemplate(doc, false);
  unlockPage(doc);
  expect(readProperties(doc)).toEqual(NO_PROPERTIES);
  expect([...metaOf(doc).keys()].sort()).toEqual(['createdAt', 'createdBy', 'kind']);
});

test('[PP2] tags that two people add apart are both there; one tag in two spellings is one', () => {
  const ana = page();
  const bo = copy(ana);
  addTag(ana, 'field');
  addTag(ana, 'Radio');
  addTag(bo, 'radio');
  addTag(bo, 'mast');
  Y.applyUpdate(ana, Y.encodeStateAsUpdate(bo));
  Y.applyUpdate(bo, Y.encodeStateAsUpdate(ana));
  expect(readProperties(ana).tags).toEqual(readProperties(bo).tags);
  expect(readProperties(ana).tags.map((tag) => tag.toLowerCase())).toEqual(['field', 'mast', 'radio']);
});

test('[W23][PP3] "reviewed" says who and when, and moves the day on by its months, to the end of a shorter month', () => {
  const doc = page();
  setReview(doc, '2026-08-31', 3);
  markReviewed(doc, { by: 'ana', at: 1_000 }, '2026-11-30');
  expect(readProperties(doc)).toMatchObject({ reviewBy: '2027-02-28', reviewed: { by: 'ana', at: 1_000 } });
  expect(afterMonths('2026-08-31', 18)).toBe('2028-02-29');
  expect(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', 'x', 5, null].some(isDay)).toBe(false);
});

test('[PP1][PP2] what a peer wrote in any other form is not said, is bounded and shows no control characters', () => {
  const doc = page();
  const meta = metaOf(doc);
  meta.set('owner', { evil: true });
  meta.set('status', `\u202e<img src=x onerror=alert(1)>${'x'.repeat(10_000)}`);
  meta.set('reviewBy', '2026-02-31');
  meta.set('reviewMonths', Number.MAX_SAFE_INTEGER);
  meta.set('reviewed', { by: '../..', at: 1 });
  meta.set('locked', { by: 'ana', at: Number.NaN });
  meta.set('template', 'yes');
  meta.set('tag/', 'empty');
  meta.set('tag/UPPER', 'UPPER');
  meta.set('tag/a,b', 'a,b');
  meta.set('tag/fine', 'something else');
  meta.set(`tag/${'y'.repeat(500)}`, 'long');
  for (let at = 0; at < 500; at += 1) meta.set(`tag/t${at}`, `T${at}`);
  const read = readProperties(doc);
  expect(read).toMatchObject({
    owner: null,
    reviewBy: null,
    reviewMonths: 6,
    reviewed: null,
    locked: null,
    template: false,
  });
  expect(read.status.startsWith('<img')).toBe(true);
  expect(read.status).toHaveLength(50);
  expect(read.tags).toHaveLength(50);
  expect(read.tags[0]).toBe('fine');
  expect(read.tags).not.toContain('UPPER');
});

test('[PP2] a tag is one line, cut between characters', () => {
  expect(tagOf('##  Feld\tarbeit ')).toEqual({ key: 'feld arbeit', name: 'Feld arbeit' });
  expect(tagOf('מדידה')?.name).toBe('מדידה');
  expect(tagOf(`${'a'.repeat(49)}😀`)?.name).toBe('a'.repeat(49));
  expect(tagOf('#')).toBeNull();
});

test('[PP6] writing properties over others writes only what differs', () => {
  const doc = page();
  const wanted = { owner: 'ana', tags: ['Radio', 'field'], status: 'current', reviewBy: '2027-01-01', reviewMonths: 6 };
  writeProperties(doc, wanted);
  addTag(doc, 'gone');
  const before = Y.encodeStateVector(doc);
  writeProperties(doc, wanted);
  expect(readProperties(doc).tags).toEqual(['field', 'Radio']);
  expect(Y.encodeStateVector(doc)).toEqual(before);
});

test('[PP5] placeholders are filled in, and nothing else in braces', () => {
  const filling = { title: 'Pass $1 of {{date}}', date: '2026-11-29', author: 'Ana' };
  expect(fillTemplate('{{ Title }} on {{date}} by {{AUTHOR}}, {{other}} {date}', filling)).toBe(
    'Pass $1 of {{date}} on 2026-11-29 by Ana, {{other}} {date}',
  );
});

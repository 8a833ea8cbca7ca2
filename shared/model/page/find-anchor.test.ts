import { expect, it } from 'vitest';
import { findAnchor } from './find-anchor.ts';

const block = (id: string, text: string, isHeading = true) => ({ id, text, isHeading });
const PAGE = [
  block('intro', 'not this', false),
  block('h1', 'My  Heading: one'),
  block('h2', '会議の議題'),
  block('h3', 'h4'),
  block('h4', 'Other'),
];

it('[W24] [LK6] a block by its id, a heading by its words or by its address on a site', () => {
  expect(findAnchor(PAGE, 'intro')).toBe('intro');
  expect(findAnchor(PAGE, 'h4')).toBe('h4');
  expect(findAnchor(PAGE, 'my-heading-one')).toBe('h1');
  expect(findAnchor(PAGE, 'Part#My%20%20heading:%20ONE')).toBe('h1');
  expect(findAnchor(PAGE, encodeURIComponent('会議の議題'))).toBe('h2');
  expect(findAnchor(PAGE, 'OTHER')).toBe('h4');
});

it('[W24] [LK6] what is not there is null, whatever was written', () => {
  for (const anchor of ['', '#', '%', '%00', 'not this', 'gone', '-', '::'])
    expect(findAnchor(PAGE, anchor)).toBe(null);
});

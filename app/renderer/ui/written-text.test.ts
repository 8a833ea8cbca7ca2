import { describe, expect, it } from 'vitest';
import { fileText, mentionText, pageText } from '../../../shared/model/markdown/post-links.ts';
import { triggerBefore } from './text-trigger.ts';
import { fieldOf, markdownOf } from './written-text.ts';

const BLOB = 'b'.repeat(64);

describe('[T5] what is written in a field', () => {
  it('shows names in the place of addresses and files beside it, and is stored as it was', () => {
    const markdown = `Hi ${mentionText('bo', 'Bo Li')}, see ${pageText('p1', 'The [new] plan')}.\n\n${fileText(BLOB, 'dish.png', true)}\n\n${fileText(BLOB, 'log.txt', false)}`;
    const field = fieldOf(markdown);
    expect(field.text).toBe('Hi @Bo Li, see [[The [new] plan]].');
    expect(field.files).toEqual([
      { blob: BLOB, name: 'dish.png', picture: true },
      { blob: BLOB, name: 'log.txt', picture: false },
    ]);
    expect(markdownOf(field)).toBe(markdown);
  });

  it('tells two people of one name apart, and a longer name from a shorter one', () => {
    const two = `${mentionText('bo', 'Bo')} and ${mentionText('bo2', 'Bo')} and ${mentionText('li', 'Bo Li')}`;
    expect(fieldOf(two).text).toBe('@Bo and [@Bo](member:bo2) and @Bo Li');
    expect(markdownOf(fieldOf(two))).toBe(two);
    const { names } = fieldOf(two);
    expect(markdownOf({ text: 'Ask @Bob, or @Bo.', names, files: [] })).toBe('Ask @Bob, or [@Bo](member:bo).');
  });

  it('is nothing where nothing is written, and a file alone is enough', () => {
    expect(markdownOf(fieldOf(''))).toBe('');
    expect(markdownOf({ text: ' ', names: new Map(), files: [{ blob: BLOB, name: 'a', picture: false }] })).toBe(
      fileText(BLOB, 'a', false),
    );
    for (const text of ['plain', '@nobody', 'a [link](https://x.y) **b**', '[x](blob:nope)'])
      expect(markdownOf(fieldOf(text))).toBe(text);
  });
});

describe('[T5] signs that open a menu', () => {
  it.each([
    ['Hi @', '@', ''],
    ['Hi @Bo L', '@', 'Bo L'],
    ['(@bo', '@', 'bo'],
    ['see [[the pl', '[[', 'the pl'],
    ['nice :ta', ':', 'ta'],
    ['/', '/', ''],
    ['one\n/co', '/', 'co'],
  ])('%j opens %s with %j', (text, sign, query) => {
    expect(triggerBefore(text)).toEqual({ sign, from: text.length - query.length - sign.length, query });
  });

  it.each(['bo@example.org', 'at 10:30', 'so:', 'and/or', 'a /b', '```\n@bo', '[[done]]'])('%j opens none', (text) => {
    expect(triggerBefore(text)).toBeNull();
  });
});

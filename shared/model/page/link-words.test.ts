import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { linkWords } from './link-words.ts';
import { createMarker } from './marker.ts';
import { readBlocks } from './read.ts';
import { appendBlocks } from './write.ts';

function page(): Y.Text {
  const body = new Y.Doc().getText('body');
  appendBlocks(body, [
    { type: 'text', id: 'one', kind: 'paragraph', content: [{ type: 'text', text: 'First the plan', marks: {} }] },
    {
      type: 'text',
      id: 'two',
      kind: 'paragraph',
      content: [
        { type: 'page', page: 'p' },
        { type: 'text', text: ' and the ', marks: {} },
        { type: 'text', text: 'big plan', marks: { bold: true } },
      ],
    },
  ]);
  return body;
}
const contentOf = (body: Y.Text, id: string): unknown =>
  readBlocks(body).flatMap((block) => (block.id === id && block.type === 'text' ? block.content : []));

it('[W21] [LK4] links exactly the words that were found, over marks, and keeps those', () => {
  const body = page();
  expect(linkWords(body, { block: 'two', from: 6, to: 18, words: 'the big plan' }, 'page:x')).toBe('linked');
  expect(contentOf(body, 'two')).toEqual([
    { type: 'page', page: 'p' },
    { type: 'text', text: ' and ', marks: {} },
    { type: 'text', text: 'the ', marks: { link: 'page:x' } },
    { type: 'text', text: 'big plan', marks: { bold: true, link: 'page:x' } },
  ]);
});

it('[W21] [LK4] refuses when the words moved, were linked meanwhile, or the block is gone; nothing is written', () => {
  const body = page();
  const place = { block: 'one', from: 10, to: 14, words: 'plan' };
  const doc = body.doc!;
  let writes = 0;
  doc.on('update', () => (writes += 1));
  expect(linkWords(body, { ...place, block: 'gone' }, 'page:x')).toBe('changed');
  expect(linkWords(body, { ...place, from: 9, to: 13 }, 'page:x')).toBe('changed');
  expect(linkWords(body, { ...place, to: 10, words: '' }, 'page:x')).toBe('changed');
  expect(linkWords(body, { block: 'two', from: 0, to: 4, words: ' and' }, 'page:x')).toBe('changed');
  expect(writes).toBe(0);
  expect(linkWords(body, place, 'page:x')).toBe('linked');
  expect(linkWords(body, place, 'page:y')).toBe('changed');
});

it('[LK4] finds the words where the block was split in storage and moved', () => {
  const body = page();
  // "First the " and "plan", the second half flowing on behind a marker of its own (PG6).
  const flowing = createMarker({ id: 'flow', kind: 'paragraph' });
  flowing.set('flow', true);
  body.insertEmbed(11, flowing);
  expect(linkWords(body, { block: 'one', from: 6, to: 14, words: 'the plan' }, 'page:x')).toBe('linked');
  expect(contentOf(body, 'one')).toEqual([
    { type: 'text', text: 'First ', marks: {} },
    { type: 'text', text: 'the plan', marks: { link: 'page:x' } },
  ]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text.ts';
import { blobsInText, fileText, mentionText, pageText } from './post-links.ts';
import { readPostText, type PostBlock, type PostInline } from './post-tree.ts';

const BLOB = 'a'.repeat(64);

function inlineOf(text: string): readonly PostInline[] {
  const [block] = readPostText(text);
  return block?.type === 'paragraph' ? block.content : [];
}

describe('[TH14][T5] the Markdown of posts', () => {
  it('has lists in lists, boxes, quotes, code, tables and marks', () => {
    expect(readPostText('1. one\n   - [x] two\n\n> said\n\n```ts\nf()\n```')).toMatchObject([
      {
        type: 'list',
        start: 1,
        items: [
          { checked: null, blocks: [{ type: 'paragraph' }, { type: 'list', start: null, items: [{ checked: true }] }] },
        ],
      },
      { type: 'quote', blocks: [{ type: 'paragraph', content: [{ text: 'said' }] }] },
      { type: 'code', language: 'ts', text: 'f()' },
    ]);
    expect(readPostText('| a | **b** |\n|---|---|\n| 1 | 2 |')).toMatchObject([
      {
        type: 'table',
        rows: [
          [[{ text: 'a' }], [{ text: 'b', marks: { bold: true } }]],
          [[{ text: '1' }], [{ text: '2' }]],
        ],
      },
    ]);
  });

  it('has people, pages and files by the addresses that the field writes, whatever their names hold', () => {
    for (const name of ['Bo Li', 'A [b] *c* \\d', 'x_y!`z`']) {
      expect(inlineOf(mentionText('bo', name))).toEqual([{ type: 'mention', member: 'bo', text: `@${name}` }]);
      const page = { type: 'page', page: 'p1', anchor: '' };
      expect(inlineOf(pageText('p1', name))).toEqual([{ ...page, text: name, live: true }]);
      expect(inlineOf('[see it](page:p1)')).toEqual([{ ...page, text: 'see it', live: false }]);
      for (const picture of [true, false]) {
        expect(inlineOf(fileText(BLOB, name, picture))).toEqual([{ type: 'file', blob: BLOB, name, picture }]);
        expect(blobsInText(`Look: ${fileText(BLOB, name, picture)}`)).toEqual([{ blob: BLOB, name }]);
      }
    }
  });

  it('shows what is hostile or unknown as it was typed: no picture from elsewhere, no HTML, no other address of ours', () => {
    expect(inlineOf('![x](https://evil.example/p.png)')).toEqual([
      { type: 'text', text: 'x', marks: { link: 'https://evil.example/p.png' } },
    ]);
    expect(inlineOf('a <b onclick=x> c')[1]).toMatchObject({ type: 'text', text: '<b onclick=x>' });
    expect(readPostText('<script>alert(1)</script>')).toEqual([{ type: 'raw', text: '<script>alert(1)</script>' }]);
    expect(inlineOf('[x](blob:../../etc)')).toMatchObject([{ type: 'text', text: 'x' }]);
    expect(inlineOf('[Bo](member:bo)')).toMatchObject([{ type: 'text', text: 'Bo' }]);
    expect(blobsInText('[x](blob:../../etc) [y](blob:ABC)')).toEqual([]);
  });

  it('is total, and no deeper than it can be drawn', () => {
    const depth = (blocks: readonly PostBlock[]): number =>
      Math.max(
        0,
        ...blocks.map((block) =>
          block.type === 'quote'
            ? 1 + depth(block.blocks)
            : block.type === 'list'
              ? 1 + Math.max(0, ...block.items.map((item) => depth(item.blocks)))
              : 1,
        ),
      );
    expect(depth(readPostText(`${'> '.repeat(40)}deep`))).toBeLessThan(20);
    expect(readPostText(`${'> '.repeat(400)}deep`)).toMatchObject([{ type: 'raw' }]);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('[', ']', '(', ')', '!', '`', '*', '>', '-', ' ', '\n', 'a', '|', '<') }),
        (text) => {
          readPostText(text);
          plainText(text, 50);
          blobsInText(text);
        },
      ),
      { numRuns: 100 },
    );
  });
});

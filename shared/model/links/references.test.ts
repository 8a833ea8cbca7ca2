import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Marks, NewBlock } from '../page/block.ts';
import { readBlocks } from '../page/read.ts';
import { wellFormed } from '../page/well-formed.ts';
import { appendBlocks } from '../page/write.ts';
import { readReferences, TAKEN, type DocumentReferences, type LinePart } from './references.ts';

function references(blocks: readonly NewBlock[]): DocumentReferences {
  const doc = new Y.Doc();
  const body = doc.getText('body');
  appendBlocks(body, blocks);
  return readReferences(readBlocks(body));
}
const run = (text: string, marks: Marks = {}) => ({ type: 'text', text, marks }) as const;
const shown = (line: readonly LinePart[]): string =>
  line
    .map((part) => {
      const text = part.type === 'text' ? part.text : part.type === 'page' ? `<${part.page}>` : `<${part.type}>`;
      return part.here ? `[${text}]` : text;
    })
    .join('');

describe('references of a page', () => {
  it('[W21] [LK1] page embeds, page links and mentions, each with its line', () => {
    const { references: found } = references([
      {
        type: 'text',
        id: 'b1',
        kind: 'paragraph',
        content: [
          run('See '),
          { type: 'page', page: 'plan', block: 'x' },
          run(' and '),
          run('our ', { link: 'page:goal' }),
          run('goals', { link: 'page:goal', bold: true }),
          run(' with '),
          { type: 'mention', member: 'ana' },
          run(' by '),
          { type: 'date', date: '2026-12-24' },
        ],
      },
    ]);
    expect(found.map(({ target, anchor, block, line }) => [target, anchor, block, shown(line)])).toEqual([
      ['plan', 'x', 'b1', 'See [<plan>] and our goals with <mention> by <date>'],
      ['goal', '', 'b1', 'See <plan> and [our goals] with <mention> by <date>'],
      ['@ana', '', 'b1', 'See <plan> and our goals with [<mention>] by <date>'],
    ]);
  });

  it('[LK1] a long line is cut on both sides and never inside a character', () => {
    const { references: found } = references([
      {
        type: 'text',
        kind: 'paragraph',
        content: [run('𠮷'.repeat(200)), { type: 'page', page: 'plan' }, run('a' + '𠮷'.repeat(200))],
      },
    ]);
    const line = shown(found[0]?.line ?? []);
    expect(line).toMatch(/^…𠮷+\[<plan>\]a𠮷+…$/u);
    expect(wellFormed(line)).toBe(line);
    expect(line.length).toBeLessThan(250);
  });

  it('[LK1] links in source that is kept as Markdown count; code says nothing', () => {
    const { references: found, free } = references([
      { type: 'text', id: 'r', kind: 'raw', content: [run('| [a](page:plan#h) | [b](<page:goal>) |\n[c]: page:more')] },
      { type: 'text', id: 'c', kind: 'code', content: [run('[a](page:no) Plan')] },
    ]);
    expect(found.map(({ target, anchor }) => target + anchor)).toEqual(['planh', 'goal', 'more']);
    expect(free).toEqual([]);
  });

  it('[LK2] free text has a sign for each letter of links and code and for inline things, so that places hold', () => {
    const { free } = references([
      {
        type: 'text',
        id: 'b',
        kind: 'bullet',
        content: [
          run('Plan '),
          { type: 'page', page: 'p' },
          run('Plan', { link: 'https://x.example' }),
          run(' Plan', { code: true }),
          run('!'),
        ],
      },
    ]);
    expect(free).toMatchObject([{ block: 'b', text: `Plan ${TAKEN.repeat(10)}!` }]);
  });

  it('[LK1] cells of tables lead to what they name', () => {
    const table = {
      header: false,
      columns: [{}, {}],
      rows: [[[{ type: 'page', page: 'plan' } as const], [run('words', { link: 'page:goal' })]]],
    };
    const { references: found, free } = references([{ type: 'atom', id: 't', kind: 'table', props: { table } }]);
    expect(found.map(({ target, block }) => [target, block])).toEqual([
      ['plan', 't'],
      ['goal', 't'],
    ]);
    expect(free).toEqual([]);
  });

  it('hostile addresses lead nowhere', () => {
    const link = (url: string): NewBlock => ({ type: 'text', kind: 'paragraph', content: [run('x', { link: url })] });
    const urls = [
      'page:',
      'page:a/b',
      'page:../x',
      'page:a#b c',
      `page:${'a'.repeat(65)}`,
      'javascript:page:a',
      'page:a\u0000',
    ];
    expect(references(urls.map(link)).references).toEqual([]);
  });
});

// Copying as text and inserting blocks, on plain editor states; HTML is tested in the browser.
import { describe, expect, it } from 'vitest';
import { linesOf, stateOf } from '../../../../tests/support/editor-state.ts';
import type { NewBlock, TextKind } from '../../../../shared/model/page/block.ts';
import { pageSchema } from '../schema.ts';
import { embedText } from '../../../../shared/model/markdown/embeds.ts';
import { textOfSlice } from './copy.ts';
import { foreignOpenness, insertBlocks } from './insert-blocks.ts';
import { looksLikeMarkdown, paragraphsOf } from './paste.ts';

const block = (kind: TextKind, text: string): NewBlock => ({
  type: 'text',
  kind,
  content: [{ type: 'text', text, marks: {} }],
});
const insert = (lines: string[], blocks: NewBlock[]): string[] | null => {
  const state = stateOf(...lines);
  const tr = insertBlocks(state, blocks, foreignOpenness(blocks));
  return tr && linesOf(state.apply(tr));
};

describe('inserting blocks', () => {
  const p = (text: string): NewBlock => block('paragraph', text);
  const cases: readonly (readonly [string, string[], NewBlock[], string[]])[] = [
    ['one line into a line', ['a|b'], [p('x')], ['ax|b']],
    ['blocks into an empty paragraph', ['|'], [block('heading', 'H'), p('x')], ['h1 H', 'x|']],
    ['a list into the middle', ['a|b'], [block('bullet', 'x')], ['a', '- x|', 'b']],
    ['lines into the middle', ['a|b'], [p('x'), p('y')], ['ax', 'y|b']],
    ['lines at the end', ['a|'], [p('x'), p('y')], ['ax', 'y|']],
    ['a list at the start', ['|a'], [block('bullet', 'x')], ['- x|', 'a']],
    ['over a selection', ['a|b', 'c|d'], [p('x'), p('y')], ['ax', 'y|d']],
    ['into a list item', ['- a|b'], [p('x'), p('y')], ['- ax', '- y|b']],
    ['a divider into an empty paragraph', ['|'], [{ type: 'atom', kind: 'divider' }], ['---', '|']],
    ['anything into code, as text', ['code a|'], [block('bullet', 'x'), p('y')], ['code ax\\ny|']],
    ['under an indented block', ['- a', '  - b|'], [p(''), block('bullet', 'x')], ['- a', '  - b', '  - x|']],
  ];
  for (const [title, lines, blocks, wanted] of cases) {
    it(`[W6] ${title}`, () => expect(insert(lines, blocks)).toEqual(wanted));
  }
  it('[W6] nothing is nothing', () => expect(insert(['a|'], [])).toBeNull());
  it('[W26] the block that takes the paste keeps its id, all others are new', () => {
    const state = stateOf('a|b');
    const blocks = [p('x'), p('y')];
    const next = state.apply(insertBlocks(state, blocks, foreignOpenness(blocks))!);
    expect(next.doc.child(0).attrs['id']).toBe('block-0');
    expect(next.doc.child(1).attrs['id']).not.toBe('block-0');
  });
});

describe('copying as text', () => {
  const text = (...lines: string[]): string => {
    const state = stateOf(...lines);
    return textOfSlice(state.selection.content(), pageSchema, embedText);
  };
  it('[W6] several blocks are Markdown', () => {
    expect(text('h2 |T', '- a', '  - b', '1. c', '1. d', '[x] e', '> f\\ng', 'code h|')).toBe(
      '## T\n\n- a\n  - b\n1. c\n2. d\n- [x] e\n\n> f\n> g\n\n```\nh\n```',
    );
  });
  it('[W6] a piece of one block is bare', () => expect(text('h2 a|bc|d')).toBe('bc'));
});

describe('plain text', () => {
  it('[W6] with signs of Markdown is read as Markdown, other text is not', () => {
    for (const sign of ['# a', 'x\n- a', '1. a', '> a', '```\na', 'a **b** c', '[a](b)', '| a |\n| - |', '---']) {
      expect(looksLikeMarkdown(sign)).toBe(true);
    }
    for (const plain of ['a', '2*3*4', 'a - b', '#tag', 'snake_case', 'C:\\x', '10.5 m', '[ref]']) {
      expect(looksLikeMarkdown(plain)).toBe(false);
    }
  });
  it('[W6] is a paragraph a line', () => {
    expect(paragraphsOf('a\r\n\r\nb\n')).toEqual([block('paragraph', 'a'), block('paragraph', 'b')]);
  });
});

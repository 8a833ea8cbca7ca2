// The Markdown shortcuts on plain editor states: what the text before the caret turns into, and by which steps.
import { describe, expect, it } from 'vitest';
import { after, linesOf, stateOf } from '../../../tests/support/editor-state.ts';
import { isLanguageName, shortcutAt } from './shortcut-rules.ts';
import type { Command } from 'prosemirror-state';

const run: Command = (state, dispatch) => {
  const tr = shortcutAt(state);
  if (tr) dispatch?.(tr);
  return tr !== null;
};

describe('shortcuts at the start of a block', () => {
  const cases: readonly (readonly [string, string[]])[] = [
    ['# |', ['h1 |']],
    ['## |', ['h2 |']],
    ['### |', ['h3 |']],
    ['- |', ['- |']],
    ['* |', ['- |']],
    ['[] |', ['[ ] |']],
    ['> |', ['> |']],
    ['```|', ['code |']],
    ['---|', ['---', '|']],
  ];
  for (const [typed, wanted] of cases) {
    it(`[W2] ${typed} becomes ${wanted.join(', ')}`, () => {
      // A leading space of the notation keeps the text a paragraph of these very letters.
      const state = stateOf('x', 'y|');
      const block = state.doc.child(1);
      const text = typed.replace('|', '');
      const tr = state.tr.insertText(text, 3 + 1, 3 + 1 + block.content.size);
      const result = after(state.apply(tr), run);
      expect(result?.slice(1)).toEqual(wanted);
    });
  }
  it('[W2] 1. becomes an ordered item, [x] a ticked one', () => {
    const type = (text: string): string[] | null => {
      const state = stateOf('|');
      return after(state.apply(state.tr.insertText(text)), run);
    };
    expect(type('1. ')).toEqual(['1. |']);
    expect(type('12) ')).toEqual(['1. |']);
    expect(type('[x] ')).toEqual(['[x] |']);
  });
  it('[W2] keeps the text that follows, and does nothing in code or in the middle of a line', () => {
    const state = stateOf('|rest');
    expect(after(state.apply(state.tr.insertText('# ')), run)).toEqual(['h1 |rest']);
    const code = stateOf('code |');
    expect(after(code.apply(code.tr.insertText('# ')), run)).toBeNull();
    const middle = stateOf('a |');
    expect(after(middle.apply(middle.tr.insertText('# ')), run)).toBeNull();
  });
  it('[W26] takes delete and attribute steps alone', () => {
    const state = stateOf('|rest');
    const names = shortcutAt(state.apply(state.tr.insertText('## ')))?.steps.map((step) => step.toJSON());
    expect(names?.map((step) => String(step.stepType))).toEqual(['replace', 'attr', 'attr']);
    expect(names?.[0]?.slice).toBeUndefined();
  });
});

describe('marks', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['**b**', 'bold', 'b'],
    ['*i*', 'italic', 'i'],
    ['`c`', 'code', 'c'],
    ['~~s~~', 'strike', 's'],
    ['==h==', 'highlight', 'h'],
  ];
  for (const [typed, mark, left] of cases) {
    it(`[W2] ${typed} becomes ${mark}`, () => {
      const state = stateOf('say |');
      const next = state.apply(state.tr.insertText(typed));
      const result = next.apply(shortcutAt(next)!);
      expect(linesOf(result)).toEqual([`say ${left}|`]);
      expect(result.doc.child(0).lastChild?.marks.map(({ type }) => type.name)).toEqual([mark]);
      expect(result.storedMarks).toEqual([]);
    });
  }
  for (const typed of ['**b*', '2*3*', '** b**', '``', 'a==b', 'snake_case_', '~~ s ~~']) {
    it(`[W2] ${typed} stays as it is`, () => {
      const state = stateOf('|');
      expect(shortcutAt(state.apply(state.tr.insertText(typed)))).toBeNull();
    });
  }
});

it('[W2] a fence can name its language', () => {
  expect(isLanguageName('ts')).toBe(true);
  expect(isLanguageName('hello')).toBe(false);
});

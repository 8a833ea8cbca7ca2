// The editor's commands on plain editor states: what each key makes of a page, and that only harmless steps are taken.
import { describe, expect, it } from 'vitest';
import { after, stateOf, stepsOf } from '../../../../tests/support/editor-state.ts';
import { backspaceAtStart, deleteAtEnd } from './edges.ts';
import { caretBelow, enter, lineBreak } from './enter.ts';
import { indentBlocks, outdentBlocks, shiftTab, tab } from './indent.ts';
import { deleteBlocks, insertDivider, setKind, toggleCheck, toggleKind } from './kinds.ts';
import { duplicateBlocks, planMove } from './move.ts';

const backspace = backspaceAtStart(() => undefined);

describe('indenting', () => {
  it('[W8] Tab indents an item with its children, at most one level below the item above', () => {
    const page = stateOf('- a', '- b|', '  - c', '- d');
    expect(after(page, indentBlocks)).toEqual(['- a', '  - b|', '    - c', '- d']);
    expect(after(stateOf('- a', '  - b|'), indentBlocks)).toBeNull();
    expect(after(stateOf('- a|'), indentBlocks)).toBeNull();
  });
  it('[W8] Tab in a list that cannot go deeper changes nothing and keeps the focus', () => {
    expect(after(stateOf('- a|'), tab)).toEqual(['- a|']);
  });
  it('[W8] Shift+Tab outdents with children; at the margin nothing moves', () => {
    expect(after(stateOf('- a', '  - b|', '    - c'), outdentBlocks)).toEqual(['- a', '- b|', '  - c']);
    expect(after(stateOf('- a|'), outdentBlocks)).toBeNull();
  });
  it('[W8] indenting a selection of several items takes them all', () => {
    expect(after(stateOf('- a', '- b|', '- c|', '- d'), indentBlocks)).toEqual(['- a', '  - b|', '  - c|', '- d']);
  });
  it('[W8] Tab and Shift+Tab in code move the text, not the block', () => {
    expect(after(stateOf('a', 'code x|'), tab)).toEqual(['a', 'code x  |']);
    expect(after(stateOf('code   x|'), shiftTab)).toEqual(['code x|']);
  });
  it('[W26] indenting takes attribute steps alone', () => {
    expect(stepsOf(stateOf('- a', '- b|', '  - c'), indentBlocks)).toEqual(['attr', 'attr']);
  });
});

describe('Enter', () => {
  it('[W8] splits, and a list goes on', () => {
    expect(after(stateOf('on|e'), enter)).toEqual(['on', '|e']);
    expect(after(stateOf('- on|e'), enter)).toEqual(['- on', '- |e']);
    expect(after(stateOf('[x] one|'), enter)).toEqual(['[x] one', '[ ] |']);
  });
  it('[W8] on an empty item outdents, then makes a paragraph', () => {
    expect(after(stateOf('- a', '  - |'), enter)).toEqual(['- a', '- |']);
    expect(after(stateOf('- a', '- |'), enter)).toEqual(['- a', '|']);
  });
  it('[W8] leaves a heading; at its start the heading stays whole', () => {
    expect(after(stateOf('h1 Title|'), enter)).toEqual(['h1 Title', '|']);
    expect(after(stateOf('h1 |Title'), enter)).toEqual(['', 'h1 |Title']);
  });
  it('[W8] is a line break in code, and the second one at the end leaves', () => {
    expect(after(stateOf('code a|'), enter)).toEqual(['code a\\n|']);
    expect(after(stateOf('code   a|'), enter)).toEqual(['code   a\\n  |']);
    expect(after(stateOf('code a\\n|'), enter)).toEqual(['code a', '|']);
    expect(after(stateOf('code a\\n|b'), enter)).toEqual(['code a\\n\\n|b']);
  });
  it('[W8] with text selected over blocks replaces it by the split', () => {
    expect(after(stateOf('on|e', 'tw|o'), enter)).toEqual(['on', '|o']);
  });
  it('[W8] Shift+Enter breaks the line inside the block', () => {
    expect(after(stateOf('- a|b'), lineBreak)).toEqual(['- a\\n|b']);
  });
  it('[W26] a split is one replace step', () => {
    expect(stepsOf(stateOf('on|e'), enter)).toEqual(['replace']);
  });
});

describe('edges of a block', () => {
  it('[W8] Backspace loses the kind, then the indent, then joins', () => {
    expect(after(stateOf('a', '- |b'), backspace)).toEqual(['a', '|b']);
    expect(after(stateOf('a', '  |b'), backspace)).toEqual(['a', '|b']);
    expect(after(stateOf('a', '|b'), backspace)).toEqual(['a|b']);
    expect(after(stateOf('a', 'h2 |b'), backspace)).toEqual(['a', '|b']);
  });
  it('[W8] Backspace behind a divider removes the divider', () => {
    expect(after(stateOf('a', '---', '|b'), backspace)).toEqual(['a', '|b']);
  });
  it('[W8] Backspace inside text is left to the browser', () => {
    expect(after(stateOf('a|b'), backspace)).toBeNull();
  });
  it('[W1] Backspace at the very start leaves to the title', () => {
    let left = 0;
    expect(
      after(
        stateOf('|a'),
        backspaceAtStart(() => (left += 1)),
      ),
    ).toEqual(['|a']);
    expect(left).toBe(1);
  });
  it('[W8] Delete at the end joins what follows', () => {
    expect(after(stateOf('a|', '- b'), deleteAtEnd)).toEqual(['a|b']);
    expect(after(stateOf('a|', '---', 'b'), deleteAtEnd)).toEqual(['a|', 'b']);
    expect(after(stateOf('a|'), deleteAtEnd)).toEqual(['a|']);
  });
});

describe('kinds', () => {
  it('[W10 marks] turns every selected block into the chosen kind, by attribute steps', () => {
    const page = stateOf('o|ne', '- t|wo');
    const command = setKind({ kind: 'heading', level: 2 });
    expect(after(page, command)).toEqual(['h2 o|ne', 'h2 t|wo']);
    expect(new Set(stepsOf(page, command))).toEqual(new Set(['attr']));
  });
  it('[W26] a kind that loses a level or a tick resets it, so that nobody sees a stale one', () => {
    expect(after(stateOf('h3 a|'), setKind({ kind: 'paragraph' }))).toEqual(['a|']);
    expect(after(stateOf('a|'), setKind({ kind: 'heading', level: 1 }))).toEqual(['h1 a|']);
    expect(after(stateOf('[x] a|'), setKind({ kind: 'bullet' }))).toEqual(['- a|']);
  });
  it('[W10] choosing the kind that a block has makes it text again', () => {
    expect(after(stateOf('> a|'), toggleKind({ kind: 'quote' }))).toEqual(['a|']);
  });
  it('[W8] Ctrl+Enter ticks and unticks', () => {
    expect(after(stateOf('[ ] a|'), toggleCheck)).toEqual(['[x] a|']);
    expect(after(stateOf('[x] |a', '[ ] b|'), toggleCheck)).toEqual(['[ ] |a', '[ ] b|']);
    expect(after(stateOf('a|'), toggleCheck)).toBeNull();
  });
  it('[W3] a divider stands before an empty block or behind a full one', () => {
    expect(after(stateOf('a', '|'), insertDivider)).toEqual(['a', '---', '|']);
    expect(after(stateOf('a|', 'b'), insertDivider)).toEqual(['a', '---', '|b']);
    expect(after(stateOf('a|'), insertDivider)).toEqual(['a', '---', '|']);
  });
});

describe('whole blocks', () => {
  it('[W1] the caret below the last line: a new paragraph, or the empty one that is there', () => {
    expect(after(stateOf('a|'), caretBelow)).toEqual(['a', '|']);
    expect(after(stateOf('a|', ''), caretBelow)).toEqual(['a', '|']);
    expect(after(stateOf('- |'), caretBelow)).toEqual(['-', '|']);
  });
  it('[W9] duplicates blocks with their children under fresh ids', () => {
    expect(after(stateOf('- a|', '  - b', '- c'), duplicateBlocks)).toEqual(['- a', '  - b', '- |a', '  - b', '- c']);
  });
  it('[W9] deletes blocks; the last one leaves an empty paragraph', () => {
    expect(after(stateOf('a', 'b|', 'c'), deleteBlocks)).toEqual(['a', '|c']);
    expect(after(stateOf('a', 'b|'), deleteBlocks)).toEqual(['a|']);
    expect(after(stateOf('- a|'), deleteBlocks)).toEqual(['|']);
  });
  it('[W9] moving plans: past siblings with their children, never deeper than one below what stands above', () => {
    expect(planMove(stateOf('- a', '  - b', '- c|'), 'up')).toEqual({ from: 2, to: 3, target: 0, indent: 0 });
    expect(planMove(stateOf('- a|', '  - b', '- c', '  - d'), 'down')).toEqual({
      from: 0,
      to: 2,
      target: 4,
      indent: 0,
    });
    expect(planMove(stateOf('- a', '  - b|'), 'up')).toEqual({ from: 1, to: 2, target: 0, indent: -1 });
    expect(planMove(stateOf('a|'), 'up')).toBeNull();
    expect(planMove(stateOf('a|'), 'down')).toBeNull();
  });
});

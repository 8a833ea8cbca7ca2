// Shows that an anchor finds its text again through typing, moving, splitting, joining, deleting and undoing, in every replica.
import { joinBackward, splitBlock } from 'prosemirror-commands';
import { describe, expect, it } from 'vitest';
import { open, pair, select, text } from '../../../../tests/support/bound-editors.ts';
import type { BoundState } from './bound-state.ts';
import { moveBlocks } from './page-binding.ts';

/** The words that an anchor stands for now, a string a piece of text. */
function words(editor: BoundState, anchor: ReturnType<BoundState['binding']['anchorOf']>): string[] {
  const [ranges = []] = editor.binding.rangesOf([anchor]);
  return ranges.map(({ from, to }) => editor.state.doc.textBetween(from, to));
}

describe('anchors', () => {
  it('[CM1] hold to their text while others type around it, and take in what is typed inside', () => {
    const [a, b] = pair('Park at 90 degrees.', 'Second.');
    const anchor = a.binding.anchorOf(1, 8);
    expect(words(b, anchor)).toEqual(['Park at']);
    b.dispatch(b.state.tr.insertText('Please ', 1));
    b.dispatch(b.state.tr.insertText(' once', 15));
    expect(text(a)).toBe('Please Park at once 90 degrees.\nSecond.');
    expect([words(a, anchor), words(b, anchor)]).toEqual([['Park at'], ['Park at']]);
    b.dispatch(b.state.tr.insertText('ed', 12));
    expect(words(a, anchor)).toEqual(['Parked at']);
  });

  it('[CM1] go along when their blocks move, also apart from each other', () => {
    const editor = open('one two', 'three four', 'five');
    const anchor = editor.binding.anchorOf(5, 15);
    expect(words(editor, anchor)).toEqual(['two', 'three']);
    moveBlocks(['block-one'], 3)(editor.state, (tr) => editor.dispatch(tr));
    expect(text(editor)).toBe('three four\nfive\none two');
    expect(words(editor, anchor)).toEqual(['three', 'two']);
    const moved = editor.binding.anchorOf(1, 6);
    editor.dispatch(editor.state.tr.insertText('So ', 1));
    expect(words(editor, moved)).toEqual(['three']);
    expect(words(editor, editor.binding.anchorOf(4, 25))).toEqual(['three four', 'five', 'one']);
  });

  it('[CM1] survive a split and a join in their middle', () => {
    const editor = open('Park at 90 degrees.', 'Second.');
    const anchor = editor.binding.anchorOf(1, 8);
    select(editor, 5);
    splitBlock(editor.state, (tr) => editor.dispatch(tr));
    expect(words(editor, anchor)).toEqual(['Park', ' at']);
    joinBackward(editor.state, (tr) => editor.dispatch(tr));
    expect(words(editor, anchor).join('')).toBe('Park at');
  });

  it('[CM6] stand for nothing while their text is deleted, and for it again when that is undone', () => {
    const editor = open('Park at 90 degrees.');
    const anchor = editor.binding.anchorOf(1, 8);
    editor.dispatch(editor.state.tr.delete(1, 12));
    expect(words(editor, anchor)).toEqual([]);
    editor.binding.undo();
    expect(words(editor, anchor).join('')).toBe('Park at');
  });

  it('[CM5] are nothing where a peer wrote something else', () => {
    const editor = open('words');
    const hostile = [
      [1, 2],
      [{}, {}],
      [{ item: { client: -1, clock: 'x' } }, null],
      [{ type: { client: 1, clock: 1 } }, { tname: 'x' }],
      [{ item: { client: 7, clock: 7 }, assoc: 1e9 }, { item: [] }],
    ] as const;
    expect(editor.binding.rangesOf([hostile])).toEqual([[]]);
  });
});

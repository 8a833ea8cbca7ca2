// The binding's rules one by one (RULES.md), on one editor or two wired together.
import { splitBlock, joinBackward } from 'prosemirror-commands';
import { TextSelection } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { plainText, readBlocks } from '../../../../shared/model/page/read.ts';
import { BoundState } from './bound-state.ts';
import { docFromBlocks } from './nodes.ts';

function open(): BoundState {
  return new BoundState(new Y.Doc().getText('body'));
}
function at(editor: BoundState, pos: number) {
  editor.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, pos)));
}
function type(editor: BoundState, text: string) {
  editor.dispatch(editor.state.tr.insertText(text));
}
function check(editor: BoundState) {
  expect(editor.state.doc.toJSON()).toEqual(docFromBlocks(readBlocks(editor.binding.body)).toJSON());
  editor.state.doc.check();
}

describe('binding', () => {
  it('types, splits, joins', () => {
    const a = open();
    at(a, 1);
    type(a, 'hello');
    check(a);
    at(a, 3);
    a.run(splitBlock);
    check(a);
    expect(plainText(readBlocks(a.binding.body))).toBe('he\nllo');
    type(a, 'X');
    check(a);
    a.run(splitBlock);
    check(a);
    expect(plainText(readBlocks(a.binding.body))).toBe('he\nX\nllo');
    a.run(joinBackward);
    check(a);
    expect(plainText(readBlocks(a.binding.body))).toBe('he\nXllo');
    a.binding.move([a.state.doc.child(0).attrs.id], 2);
    check(a);
    expect(plainText(readBlocks(a.binding.body))).toBe('Xllo\nhe');
    a.dispatch(a.state.tr.delete(3, 8));
    check(a);
    a.binding.undo();
    check(a);
    a.binding.undo();
    check(a);
    a.binding.undo();
    check(a);
  });
});

// The binding's rules one by one (RULES.md): what a change of the page becomes in the editor, undo included.
import { NodeSelection } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { blocks, open, pair, select, text } from '../../../../tests/support/bound-editors.ts';
import { pageSchema } from '../schema.ts';
import { BoundState } from './bound-state.ts';
import { moveBlocks, pageBindingKey, redo, undo } from './page-binding.ts';

describe('from the page to the editor', () => {
  it('[BI12] [BI13] [W26] shows what another does, and keeps untouched nodes the same objects', () => {
    const [a, b] = pair('one', 'two', 'three');
    const kept = blocks(b)[2];
    a.dispatch(a.state.tr.insertText('X', 3));
    a.dispatch(a.state.tr.split(8));
    a.run(moveBlocks(['block-two'], 0));
    a.dispatch(a.state.tr.setNodeAttribute(0, 'kind', 'quote'));
    expect(text(b)).toBe(text(a));
    expect(blocks(b)).toContain(kept);
  });

  it('[BI14] the caret stays behind the character on its left, through typing, splits and moves of others', () => {
    const [a, b] = pair('one', 'two', 'three');
    select(b, 8);
    a.dispatch(a.state.tr.insertText('XY', 6));
    expect(b.state.selection.head).toBe(10);
    a.dispatch(a.state.tr.insertText('Z', 10));
    expect(b.state.selection.head).toBe(10);
    a.dispatch(a.state.tr.split(9));
    expect(b.state.doc.resolve(b.state.selection.head).parent.textContent).toBe('wZo');
    expect(b.state.selection.$head.parentOffset).toBe(1);
    a.run(moveBlocks([String(blocks(a)[2]!.attrs['id'])], 0));
    expect(text(b)).toBe('wZo\none\nXYt\nthree');
    expect(b.state.selection.head).toBe(2);
  });

  it('[BI14] a pending mark outlives what another types; the transaction is marked as not one of mine', () => {
    const [a, b] = pair('one');
    const seen: unknown[] = [];
    const dispatch = b.dispatch;
    Object.assign(b, {
      dispatch: (transaction: Parameters<typeof dispatch>[0]) => {
        seen.push(transaction.getMeta(pageBindingKey), transaction.getMeta('addToHistory'));
        dispatch(transaction);
      },
    });
    b.dispatch(b.state.tr.setStoredMarks([pageSchema.marks.bold.create()]));
    a.dispatch(a.state.tr.insertText('X', 1));
    expect(b.state.storedMarks).toHaveLength(1);
    expect(seen.slice(2)).toEqual([{ remote: true }, false]);
  });

  it('[BI15] [W12] undo and redo touch only my own edits and put the selection back', () => {
    const [a, b] = pair('one', 'two');
    select(a, 4);
    a.dispatch(a.state.tr.insertText(' more'));
    b.dispatch(b.state.tr.insertText('yours ', 1));
    a.binding.stopCapturing();
    a.run(moveBlocks(['block-one'], 2));
    expect(text(a)).toBe('two\nyours one more');
    a.run(undo);
    expect(text(b)).toBe('yours one more\ntwo');
    a.run(undo);
    expect(text(b)).toBe('yours one\ntwo');
    expect(a.state.selection.head).toBe(10);
    expect(a.run(undo)).toBe(false);
    a.run(redo);
    a.run(redo);
    expect(text(a)).toBe('two\nyours one more');
    expect(text(b)).toBe(text(a));
  });

  it('[BI15] [W12] keeps 200 steps', () => {
    const editor = open('');
    for (let count = 0; count < 205; count += 1) {
      editor.binding.stopCapturing();
      editor.dispatch(editor.state.tr.insertText('x', 1));
    }
    let undone = 0;
    while (editor.run(undo)) undone += 1;
    expect(undone).toBe(200);
    expect(text(editor)).toBe('xxxxx');
  });

  it('[BI17] relative positions follow the text, and hostile ones are nothing', () => {
    const [a, b] = pair('one', 'two');
    const relative = JSON.parse(JSON.stringify(a.binding.toRelative(8))) as unknown;
    b.dispatch(b.state.tr.insertText('XXX', 1).split(3));
    expect(b.state.doc.textBetween(0, b.binding.fromRelative(relative)!, '|')).toMatch(/tw$/);
    for (const bad of [
      null,
      7,
      'x',
      {},
      { item: 3 },
      { item: { client: 9, clock: 9 } },
      { tname: 'title' },
      { type: {} },
    ]) {
      expect(() => b.binding.fromRelative(bad)).not.toThrow();
    }
    expect(b.binding.fromRelative({ item: { client: 'x', clock: {} } })).toBeNull();
  });

  it('[BI12] a selected divider and a page that another empties', () => {
    const [a, b] = pair('one');
    a.dispatch(a.state.tr.insert(5, pageSchema.nodes.divider.create()));
    b.dispatch(b.state.tr.setSelection(NodeSelection.create(b.state.doc, 5)));
    a.dispatch(a.state.tr.delete(0, a.state.doc.content.size));
    expect(text(b)).toBe('');
    expect(blocks(b)).toHaveLength(1);
  });

  it('[BI18] a step that cannot be stored is reported, and the view shows the page again', () => {
    const errors: unknown[] = [];
    const doc = new Y.Doc();
    const editor = new BoundState(doc.getText('body'), [], (error) => errors.push(error));
    doc.getText('body').insert = () => {
      throw new Error('no room');
    };
    editor.dispatch(editor.state.tr.insertText('x', 1));
    expect(errors).toHaveLength(1);
    expect(text(editor)).toBe('');
  });
});

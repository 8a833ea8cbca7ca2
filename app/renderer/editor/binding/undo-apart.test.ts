// What is undone after somebody else changed the same block meanwhile: it stays a block, under the kind and in the place that it had.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { blocks, open, text } from '../../../../tests/support/bound-editors.ts';
import { BoundState } from './bound-state.ts';
import { moveBlocks } from './page-binding.ts';

/** Two editors of one page that hear each other only in meet(); the first's words stand beyond the second's where it has the `greater` client id. */
function apart(greater: boolean, ...texts: string[]): { ana: BoundState; bo: BoundState; meet(): void } {
  const page = open(...texts).binding.body.doc!;
  const [ana, bo] = [greater ? 900 : 700, 800].map((client) => {
    const doc = new Y.Doc();
    doc.clientID = client;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(page));
    return new BoundState(doc.getText('body'));
  }) as [BoundState, BoundState];
  const meet = (): void => {
    const [left, right] = [ana.binding.body.doc!, bo.binding.body.doc!];
    const [ours, theirs] = [Y.encodeStateAsUpdate(left), Y.encodeStateAsUpdate(right)];
    Y.applyUpdate(left, theirs);
    Y.applyUpdate(right, ours);
    expect(text(ana)).toBe(text(bo));
  };
  return { ana, bo, meet };
}

const kinds = (editor: BoundState): unknown[] => blocks(editor).map(({ attrs }) => attrs['kind']);
const set = (editor: BoundState, name: string, value: unknown, at = 0): void => {
  editor.binding.stopCapturing();
  editor.dispatch(editor.state.tr.setNodeAttribute(at, name, value));
};

// Found by the strict reading of pages in the convergence runs: a marker without a kind, which is a thing that nobody knows and nobody can delete.
describe('[BI25] an undo after another changed the same block', () => {
  it.each([true, false])('of a kind that both set (ours stood: %s) leaves it a block, and is redone', (greater) => {
    const { ana, bo, meet } = apart(greater, 'one', 'two');
    set(ana, 'kind', 'quote', 5);
    set(bo, 'kind', 'check', 5);
    meet();
    ana.binding.undo();
    meet();
    // Where the other's stood it stays; where ours did, it is what it was before.
    const back = greater ? 'paragraph' : 'check';
    expect([kinds(ana), kinds(bo)]).toEqual([
      ['paragraph', back],
      ['paragraph', back],
    ]);
    ana.binding.redo();
    meet();
    expect(kinds(bo)).toEqual(['paragraph', greater ? 'quote' : 'check']);
    expect(text(bo)).toBe('one\ntwo');
  });

  it.each([true, false])('of a block that was deleted brings it back as a block (client id greater: %s)', (greater) => {
    const { ana, bo, meet } = apart(greater, 'one', 'two', 'three');
    ana.dispatch(ana.state.tr.delete(5, 10));
    set(bo, 'kind', 'heading', 5);
    meet();
    expect(text(ana)).toBe('one\nthree');
    ana.binding.undo();
    meet();
    expect(text(bo)).toBe('one\ntwo\nthree');
    expect(kinds(bo)).toEqual(['paragraph', 'paragraph', 'paragraph']);
    ana.binding.redo();
    meet();
    expect(text(bo)).toBe('one\nthree');
  });

  it('of one that was new, and redone after somebody retyped it', () => {
    const { ana, bo, meet } = apart(false, 'one', 'two');
    ana.dispatch(ana.state.tr.split(2));
    meet();
    expect(text(bo)).toBe('o\nne\ntwo');
    ana.binding.undo();
    set(bo, 'kind', 'quote', 3);
    meet();
    ana.binding.redo();
    meet();
    expect(text(bo)).toBe('o\nne\ntwo');
    expect(kinds(bo)).toEqual(['paragraph', 'paragraph', 'paragraph']);
  });

  it('of a move that both made puts it back to where it had been moved before', () => {
    const { ana, bo, meet } = apart(true, 'one', 'two', 'three');
    ana.run(moveBlocks(['block-one'], 2));
    meet();
    expect(text(bo)).toBe('two\none\nthree');
    ana.run(moveBlocks(['block-one'], 3));
    bo.run(moveBlocks(['block-one'], 0));
    meet();
    expect(text(bo)).toBe('two\nthree\none');
    ana.binding.undo();
    meet();
    expect(text(bo)).toBe('two\none\nthree');
  });

  it('leaves an entry away that was not there before', () => {
    const { ana, bo, meet } = apart(true, 'one');
    set(ana, 'indent', 2);
    set(bo, 'indent', 1);
    meet();
    ana.binding.undo();
    meet();
    expect(blocks(bo)[0]!.attrs['indent']).toBe(0);
  });
});

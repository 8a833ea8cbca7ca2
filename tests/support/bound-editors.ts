// Editors of a page for the binding's tests: one, or two whose documents hear each other at once; and what is read off them.
import { TextSelection } from 'prosemirror-state';
import type { Node } from 'prosemirror-model';
import { expect } from 'vitest';
import * as Y from 'yjs';
import { BoundState } from '../../app/renderer/editor/binding/bound-state.ts';
import { docFromBlocks } from '../../app/renderer/editor/binding/nodes.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { plainText, readBlocks } from '../../shared/model/page/read.ts';
import { writeBlocks } from '../../shared/model/page/write.ts';

const NAMES = ['block-one', 'block-two', 'block-three', 'block-four'];

export function open(...texts: string[]): BoundState {
  const doc = new Y.Doc();
  const blocks = texts.map((text, index): NewBlock => ({
    type: 'text',
    id: NAMES[index]!,
    kind: 'paragraph',
    content: [{ type: 'text', text, marks: {} }],
  }));
  doc.transact(() => writeBlocks(doc.getText('body'), blocks));
  return new BoundState(doc.getText('body'), [], (error) => {
    throw error;
  });
}

/** Two editors whose documents hear each other at once. */
export function pair(...texts: string[]): [BoundState, BoundState] {
  const first = open(...texts);
  const left = first.binding.body.doc!;
  const right = new Y.Doc();
  Y.applyUpdate(right, Y.encodeStateAsUpdate(left));
  left.on('update', (update: Uint8Array, origin: unknown) => origin !== 'wire' && Y.applyUpdate(right, update, 'wire'));
  right.on('update', (update: Uint8Array, origin: unknown) => origin !== 'wire' && Y.applyUpdate(left, update, 'wire'));
  return [first, new BoundState(right.getText('body'))];
}

export function select(editor: BoundState, anchor: number, head = anchor): void {
  editor.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, anchor, head)));
}

export function text(editor: BoundState): string {
  expect(editor.state.doc.eq(docFromBlocks(readBlocks(editor.binding.body)))).toBe(true);
  editor.state.doc.check();
  return plainText(readBlocks(editor.binding.body));
}

export function bytes(editor: BoundState): string {
  return Buffer.from(Y.encodeStateAsUpdate(editor.binding.body.doc!)).toString('hex');
}

export function blocks(editor: BoundState): readonly Node[] {
  return editor.state.doc.content.content;
}

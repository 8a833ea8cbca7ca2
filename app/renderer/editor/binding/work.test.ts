// What one keystroke touches on a page of 10,000 blocks: one node, whoever typed. What that costs is for the bench.
import type { Node } from 'prosemirror-model';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { appendBlocks } from '../../../../shared/model/page/write.ts';
import { BoundState } from './bound-state.ts';

const BLOCKS = 10_000;

function nodesOf(editor: BoundState): Node[] {
  const nodes: Node[] = [];
  editor.state.doc.forEach((node) => nodes.push(node));
  return nodes;
}

function changed(before: readonly Node[], after: readonly Node[]): number {
  expect(after.length).toBe(before.length);
  return after.filter((node, index) => node !== before[index]).length;
}

it('[BI16] a keystroke on a page of 10,000 blocks replaces one node, a remote keystroke too', () => {
  const doc = new Y.Doc();
  const body = doc.getText('body');
  doc.transact(() =>
    appendBlocks(
      body,
      Array.from({ length: BLOCKS }, (_, index) => ({
        type: 'text' as const,
        kind: 'paragraph' as const,
        content: [
          { type: 'text' as const, text: `Paragraph number ${String(index)} with `, marks: {} },
          { type: 'text' as const, text: 'bold words', marks: { bold: true as const } },
          { type: 'text' as const, text: ' in the middle of it.', marks: {} },
        ],
      })),
    ),
  );
  const editor = new BoundState(body);
  const position = Math.floor(editor.state.doc.content.size / 2);
  for (let count = 0; count < 5; count += 1) {
    const before = nodesOf(editor);
    editor.dispatch(editor.state.tr.insertText('x', position + count));
    expect(changed(before, nodesOf(editor))).toBe(1);
  }
  const remote = new Y.Doc();
  Y.applyUpdate(remote, Y.encodeStateAsUpdate(doc));
  const updates: Uint8Array[] = [];
  remote.on('update', (update: Uint8Array) => updates.push(update));
  for (let count = 0; count < 5; count += 1) remote.getText('body').insert(5000 + count, 'y');
  for (const update of updates) {
    const before = nodesOf(editor);
    Y.applyUpdate(doc, update);
    expect(changed(before, nodesOf(editor))).toBe(1);
  }
  editor.dispose();
});

// What one keystroke costs in the binding on a page of 10,000 blocks. The limits leave room for a busy machine.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { appendBlocks } from '../../../../shared/model/page/write.ts';
import { BoundState } from './bound-state.ts';

it('[BI16] typing on a page of 10,000 blocks costs well under 5 ms, a remote keystroke not much more', () => {
  const doc = new Y.Doc();
  const body = doc.getText('body');
  doc.transact(() =>
    appendBlocks(
      body,
      Array.from({ length: 10_000 }, (_, index) => ({
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
  const times: number[] = [];
  for (let count = 0; count < 100; count += 1) {
    const start = performance.now();
    editor.dispatch(editor.state.tr.insertText('x', position + count));
    times.push(performance.now() - start);
  }
  const remote = new Y.Doc();
  Y.applyUpdate(remote, Y.encodeStateAsUpdate(doc));
  const updates: Uint8Array[] = [];
  remote.on('update', (update: Uint8Array) => updates.push(update));
  for (let count = 0; count < 50; count += 1) remote.getText('body').insert(5000 + count, 'y');
  const away: number[] = [];
  for (const update of updates) {
    const start = performance.now();
    Y.applyUpdate(doc, update);
    away.push(performance.now() - start);
  }
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
  expect(median(times)).toBeLessThan(5);
  expect(median(away)).toBeLessThan(40);
  editor.dispose();
});

// What one keystroke touches on a page of 10,000 blocks: one node, whoever typed. What that costs is for the bench.
import type { Node } from 'prosemirror-model';
import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { readBlocks } from '../../../../shared/model/page/read.ts';
import { appendBlocks } from '../../../../shared/model/page/write.ts';
import { pageSchema } from '../schema.ts';
import { BoundState } from './bound-state.ts';
import { docFromBlocks } from './nodes.ts';

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

/** How often the body is walked from its start to be written. */
function walksOf(body: Y.Text, run: () => void): number {
  let walks = 0;
  for (const name of ['applyDelta', 'insert', 'insertEmbed', 'format', 'delete'] as const) {
    const method = body[name].bind(body) as (...args: unknown[]) => void;
    Object.defineProperty(body, name, {
      configurable: true,
      value: (...args: unknown[]) => {
        walks += 1;
        method(...args);
      },
    });
  }
  run();
  return walks;
}

it.each([20, 400])(
  '[W25] [BI20] deletes, marks and pastes %i blocks in a few walks of the text, however many',
  (count) => {
    const content = [
      { type: 'text' as const, text: 'Some ', marks: {} },
      { type: 'text' as const, text: 'bold', marks: { bold: true as const } },
      { type: 'text' as const, text: ' words.', marks: {} },
    ];
    const body = new Y.Doc().getText('body');
    body.doc!.transact(() =>
      appendBlocks(
        body,
        Array.from({ length: count }, () => ({ type: 'text' as const, kind: 'paragraph' as const, content })),
      ),
    );
    const editor = new BoundState(body);
    const end = (): number => editor.state.doc.content.size - 1;
    const stored = (): boolean => editor.state.doc.eq(docFromBlocks(readBlocks(body)));
    const copied = editor.state.doc.slice(1, end());
    const bold = pageSchema.marks.bold.create();
    expect(walksOf(body, () => editor.dispatch(editor.state.tr.addMark(1, end(), bold)))).toBe(1);
    expect(stored()).toBe(true);
    expect(walksOf(body, () => editor.dispatch(editor.state.tr.removeMark(1, end(), bold)))).toBeLessThan(3);
    expect(stored()).toBe(true);
    expect(walksOf(body, () => editor.dispatch(editor.state.tr.delete(1, end())))).toBeLessThan(6);
    expect(editor.state.doc.childCount).toBe(1);
    expect(stored()).toBe(true);
    expect(walksOf(body, () => editor.dispatch(editor.state.tr.replace(1, 1, copied)))).toBeLessThan(12);
    expect(editor.state.doc.childCount).toBe(count);
    expect(stored()).toBe(true);
    editor.dispose();
  },
);

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

it('[BI13] [W25] a split and a join look up the blocks in question, however long the page is', () => {
  const body = new Y.Doc().getText('body');
  const blocks = Array.from({ length: 2_000 }, (_, index) => ({
    type: 'text' as const,
    kind: 'paragraph' as const,
    content: [{ type: 'text' as const, text: `Paragraph ${String(index)}.`, marks: {} }],
  }));
  body.doc!.transact(() => appendBlocks(body, blocks));
  const editor = new BoundState(body);
  const position = Math.floor(editor.state.doc.content.size / 2);
  const lookUps = vi.spyOn(WeakMap.prototype, 'get');
  const steps = [() => editor.state.tr.split(position), () => editor.state.tr.join(position + 1)];
  for (const step of steps) {
    const before = new Set(nodesOf(editor));
    const transaction = step();
    lookUps.mockClear();
    editor.dispatch(transaction);
    expect(lookUps.mock.calls.length).toBeLessThan(40);
    expect(nodesOf(editor).filter((node) => !before.has(node)).length).toBeLessThan(3);
  }
  lookUps.mockRestore();
  expect(editor.state.doc.eq(docFromBlocks(readBlocks(body)))).toBe(true);
  editor.dispose();
});

it('[W25] typing on and on leaves a run of text and a marker a paragraph, and the last key touches what the first one did', () => {
  const written = 12;
  const body = new Y.Doc().getText('body');
  const paragraph = { type: 'text' as const, kind: 'paragraph' as const, content: [] };
  body.doc!.transact(() =>
    appendBlocks(
      body,
      Array.from({ length: 100 }, () => paragraph),
    ),
  );
  const editor = new BoundState(body);
  // Deleted ones, too.
  const items = (): number => {
    let count = 0;
    for (let item = body._start; item; item = item.right) count += 1;
    return count;
  };
  const before = items();
  const touched = new Set<number>();
  for (let paragraph = 0, at = 1; paragraph < written; paragraph += 1, at += 2) {
    for (let key = 0; key < 100; key += 1, at += 1) {
      const nodes = key % 50 === 49 ? nodesOf(editor) : null;
      editor.dispatch(editor.state.tr.insertText('x', at));
      if (nodes) touched.add(changed(nodes, nodesOf(editor)));
    }
    editor.dispatch(editor.state.tr.split(at));
  }
  expect([...touched]).toEqual([1]);
  expect(items() - before).toBeLessThanOrEqual(2 * written);
  expect(editor.state.doc.childCount).toBe(100 + written);
  expect(editor.state.doc.eq(docFromBlocks(readBlocks(body)))).toBe(true);
  editor.dispose();
});

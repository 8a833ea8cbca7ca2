// Long pages in a member's data folder: the automerge-paper trace typed into a page, a page of many blocks, a large table.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { createDocument } from '../../shared/model/document/commands.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { parseMarkdown } from '../../shared/model/markdown/parse-markdown.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { createMarker } from '../../shared/model/page/marker.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';

type Patch = readonly [at: number, removed: number, added: string];

interface Trace {
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly Patch[] }[];
}

export interface LongPage {
  readonly title: string;
  readonly update: Uint8Array;
  readonly edits: number;
  readonly blocks: number;
}

function begun(title: string, client: number, member: string): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  createDocument(doc, { kind: 'page', title, createdBy: member, createdAt: 1, parent: null, order: 'a0' });
  return doc;
}

/**
 * Each patch of the trace as one transaction on the body. A line of the paper is a block: its line break is the marker of the
 * next one, so that a place in the text is a place in the body, behind the first marker.
 */
export function tracePage(file: string, member: string): LongPage {
  const trace = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Trace;
  const doc = begun('Paper', 21, member);
  const body = bodyOf(doc);
  let blocks = 0;
  const marker = (): Y.Map<unknown> => createMarker({ id: `line${(blocks += 1)}`, kind: 'paragraph' });
  body.insertEmbed(0, marker(), {});
  let edits = 0;
  for (const { patches } of trace.txns) {
    for (const [at, removed, added] of patches) {
      edits += 1;
      doc.transact(() => {
        if (removed > 0) body.delete(at + 1, removed);
        let place = at + 1;
        for (const [index, line] of added.split('\n').entries()) {
          if (index > 0) body.insertEmbed(place++, marker(), {});
          if (line !== '') body.insert(place, line, {});
          place += line.length;
        }
      });
    }
  }
  const text = body
    .toDelta()
    .map(({ insert }: { insert: unknown }) => (typeof insert === 'string' ? insert : '\n'))
    .join('');
  if (text !== `\n${trace.endContent}`) throw new Error('The page does not say what the trace ends with.');
  return { title: 'Paper', update: Y.encodeStateAsUpdate(doc), edits, blocks: trace.endContent.split('\n').length };
}

export function manyBlocksPage(count: number, member: string): LongPage {
  const doc = begun(`Blocks ${count}`, 22, member);
  const blocks = Array.from({ length: count }, (_, at): NewBlock => ({
    type: 'text',
    id: `block${at}`,
    kind: at % 10 === 0 ? 'heading' : 'paragraph',
    content: [{ type: 'text', text: `Block ${at} says a sentence of an ordinary length, more or less.`, marks: {} }],
  }));
  doc.transact(() => appendBlocks(bodyOf(doc), blocks));
  return { title: `Blocks ${count}`, update: Y.encodeStateAsUpdate(doc), edits: 1, blocks: count };
}

export function tablePage(rows: number, columns: number, member: string): LongPage {
  const doc = begun('Table', 23, member);
  const line = (cells: (column: number) => string): string =>
    `| ${Array.from({ length: columns }, (_, column) => cells(column)).join(' | ')} |`;
  const markdown = [
    line((column) => `Column ${column}`),
    line(() => '---'),
    ...Array.from({ length: rows - 1 }, (_, row) => line((column) => `Cell ${row} ${column}`)),
  ].join('\n');
  const { blocks } = parseMarkdown(markdown);
  doc.transact(() => appendBlocks(bodyOf(doc), blocks));
  return { title: 'Table', update: Y.encodeStateAsUpdate(doc), edits: 1, blocks: blocks.length };
}

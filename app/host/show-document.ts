// A document as scripts read it: its entry, and a page's content as Markdown and as blocks. It writes nothing.
import type * as Y from 'yjs';
import { readTitle } from '../../shared/model/document/title.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import type { Block, NewBlock, TextRun } from '../../shared/model/page/block.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import type { DocEntry } from '../contract/entities.ts';
import type { RoomDocuments } from './room-documents.ts';

/** A block as Markdown can say it; what this version does not know shows as the text it holds. */
function printable(block: Block): NewBlock {
  if (block.type === 'atom') return block;
  if (block.type === 'unknown') {
    const content: TextRun[] = block.text === '' ? [] : [{ type: 'text', text: block.text, marks: {} }];
    return { type: 'text', kind: 'paragraph', indent: block.indent, content };
  }
  return { ...block, content: block.content.filter((inline) => inline.type === 'text') };
}

/** `content` is Markdown; `blocks` is the same for programs. Documents that are no pages have neither yet. */
export async function showDocument(documents: RoomDocuments, entry: DocEntry): Promise<Record<string, unknown>> {
  const { id, room, kind, space, parent, archived, createdBy, createdAt } = entry;
  // The document itself is asked for its title: right after a start the catalogue may still be behind it.
  const { title, blocks } = await documents.read(room, (doc: Y.Doc) => ({
    title: readTitle(doc),
    blocks: kind === 'page' ? readBlocks(bodyOf(doc)) : [],
  }));
  const shown = { id, room, kind, title, space, parent, archived, createdBy, createdAt };
  if (kind !== 'page') return shown;
  const { printMarkdown } = await import('../../shared/model/markdown/print-markdown.ts');
  return { ...shown, content: printMarkdown(blocks.map(printable)), blocks };
}

// A document as scripts read it: its entry, and a page's content as Markdown and as blocks, a board's columns and cards, a
// thread's posts. It writes nothing.
import type * as Y from 'yjs';
import { readTitle } from '../../shared/model/document/title.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import type { Block, NewBlock, TextRun } from '../../shared/model/page/block.ts';
import { readCardFiles } from '../../shared/model/board/card-files.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { writableAtom } from '../../shared/model/page/new-table.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import type { Post } from '../../shared/model/thread/posts.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import type { DocEntry } from '../contract/entities.ts';
import type { RoomDocuments } from './room-documents.ts';

/** A block as Markdown can say it; what this version does not know shows as the text it holds. */
export function printable(block: Block): NewBlock {
  if (block.type === 'atom') return writableAtom(block);
  if (block.type === 'unknown') {
    const content: TextRun[] = block.text === '' ? [] : [{ type: 'text', text: block.text, marks: {} }];
    return { type: 'text', kind: 'paragraph', indent: block.indent, content };
  }
  return { ...block, content: block.content.filter((inline) => inline.type !== 'unknown') };
}

/** Removed cards and columns are left out. */
function shownBoard(doc: Y.Doc): Record<string, unknown> {
  const { labels, fields, people, columns, unsorted, restored, archived, unreadable } = readBoard(doc);
  return { labels, fields, people, columns, unsorted, restored, archived, unreadable };
}

/** A removed post keeps its place and shows no text. */
function shownPost(post: Post): Record<string, unknown> {
  const { id, author, device, number, after, at, versions, removal, reactions, reply } = post;
  const edited = versions.length > 1;
  const text = removal.kind === 'removed' ? '' : post.text;
  return { id, author, device, number, after, at, text, edited, removal, reactions, reply };
}

function shownThread(doc: Y.Doc): Record<string, unknown> {
  const { facts, posts, marks, votes, poll, unreadable } = readThread(doc);
  return {
    ...facts,
    poll,
    posts: posts.map((post) => ({ ...shownPost(post), hidden: marks.hidden.get(post.id) ?? null })),
    votes: [...votes].map(([member, { choices, at }]) => ({ member, choices, at })),
    unreadable,
  };
}

/** Of a page `content` is Markdown and `blocks` the same for programs; what a card holds is shown like a page, with its comments as a thread's posts, and its files. */
export async function showDocument(
  documents: Pick<RoomDocuments, 'read'>,
  entry: DocEntry,
): Promise<Record<string, unknown>> {
  const { id, room, kind, space, parent, archived, createdBy, createdAt } = entry;
  // The document itself is asked for its title: right after a start the catalogue may still be behind it.
  const { title, blocks, parts } = await documents.read(room, (doc: Y.Doc) => ({
    title: readTitle(doc),
    blocks: kind === 'page' || kind === 'card' ? readBlocks(bodyOf(doc)) : null,
    parts:
      kind === 'board'
        ? shownBoard(doc)
        : kind === 'card'
          ? { ...shownThread(doc), files: readCardFiles(doc) }
          : kind === 'thread'
            ? shownThread(doc)
            : {},
  }));
  const shown = { id, room, kind, title, space, parent, archived, createdBy, createdAt };
  if (!blocks) return { ...shown, ...parts };
  const { printMarkdown } = await import('../../shared/model/markdown/print-markdown.ts');
  return { ...shown, content: printMarkdown(blocks.map(printable)), blocks, ...parts };
}

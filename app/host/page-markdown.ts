// One page or board as Markdown for the clipboard: its title in front, links to pages as addresses. Files of an export are not made here.
import { readCardFiles } from '../../shared/model/board/card-files.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import { printMarkdown } from '../../shared/model/markdown/print-markdown.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import type { DocEntry } from '../contract/entities.ts';
import { pageAddress } from '../contract/page-address.ts';
import type { ExportedEntry } from './exported-board.ts';
import type { KnownNames } from './known-names.ts';
import { boardBlocks, type CardWords } from './print-board.ts';
import type { RoomDocuments } from './room-documents.ts';
import { printable } from './show-document.ts';

type Documents = Pick<RoomDocuments, 'read'>;

export async function pageMarkdown(
  documents: Documents,
  workspace: string,
  entry: DocEntry,
  names: KnownNames,
): Promise<string> {
  const { title, blocks } = await documents.read(entry.room, (doc) => ({
    title: readTitle(doc),
    blocks: readBlocks(bodyOf(doc)).map(printable),
  }));
  // What a card holds has no title of its own.
  return printed(workspace, entry.kind === 'card' ? blocks : [heading(title), ...blocks], names);
}

/** A whole board, with what its cards hold. */
export async function boardMarkdown(
  documents: Documents,
  workspace: string,
  entry: ExportedEntry,
  names: KnownNames,
): Promise<string> {
  const { title, board } = await documents.read(entry.room, (doc) => ({
    title: readTitle(doc),
    board: readBoard(doc),
  }));
  const words = new Map<string, CardWords>();
  for (const room of entry.cards ?? []) {
    const held = await documents.read(room, (doc) => ({
      blocks: readBlocks(bodyOf(doc)).map(printable),
      files: readCardFiles(doc),
      posts: readThread(doc).posts,
    }));
    words.set(room.slice(room.lastIndexOf('/') + 1), held);
  }
  const blocks = boardBlocks(board, words, (member) => names.memberName(member));
  return printed(workspace, [heading(title), ...blocks], names);
}

function heading(title: string): NewBlock {
  const content = [{ type: 'text' as const, text: title || 'Untitled', marks: {} }];
  return { type: 'text', kind: 'heading', level: 1, content };
}

function printed(workspace: string, blocks: readonly NewBlock[], names: KnownNames): string {
  return printMarkdown(blocks, {
    ...names,
    printLink: (url) => {
      const link = /^page:([^#]+)(?:#(.*))?$/s.exec(url);
      return link?.[1] === undefined ? null : pageAddress(workspace, link[1], link[2]);
    },
  });
}

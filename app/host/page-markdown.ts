// One page, board, card or discussion as Markdown for the clipboard: its title in front, links to pages as addresses. Files of an export are not made here.
import { readCardFiles } from '../../shared/model/board/card-files.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { readTitle } from '../../shared/model/document/title.ts';
import { printMarkdown } from '../../shared/model/markdown/print-markdown.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { pageAddress } from '../contract/page-address.ts';
import type { ExportedEntry } from './exported-board.ts';
import type { KnownNames } from './known-names.ts';
import { boardBlocks, oneCardBlocks, type CardWords } from './print-board.ts';
import { printThread } from './print-thread.ts';
import type { RoomDocuments } from './room-documents.ts';
import { printable } from './show-document.ts';

type Documents = Pick<RoomDocuments, 'read'>;

export interface MarkdownOf {
  readonly workspace: string;
  readonly entry: ExportedEntry;
  /** Of a board: this card alone. */
  readonly card: string | null;
  /** Of a discussion as it was: how it is now, so that what was hidden or removed since is not shown again. */
  readonly now?: Documents;
}

/** Null for a card that the board does not show. */
export async function documentMarkdown(
  documents: Documents,
  { workspace, entry, card, now }: MarkdownOf,
  names: KnownNames,
): Promise<string | null> {
  if (entry.kind === 'board') return boardMarkdown(documents, { workspace, entry, card }, names);
  if (entry.kind === 'thread')
    return threadMarkdown(documents, { workspace, entry, card, ...(now ? { now } : {}) }, names);
  const { title, blocks } = await documents.read(entry.room, (doc) => ({
    title: readTitle(doc),
    blocks: readBlocks(bodyOf(doc)).map(printable),
  }));
  // What a card holds has no title of its own.
  return printed(workspace, entry.kind === 'card' ? blocks : [heading(title), ...blocks], names);
}

/** A whole board with what its cards hold, or one card of it. */
async function boardMarkdown(
  documents: Documents,
  { workspace, entry, card }: MarkdownOf,
  names: KnownNames,
): Promise<string | null> {
  const { title, board } = await documents.read(entry.room, (doc) => ({
    title: readTitle(doc),
    board: readBoard(doc),
  }));
  const words = new Map<string, CardWords>();
  for (const room of entry.cards ?? []) {
    const id = room.slice(room.lastIndexOf('/') + 1);
    if (card !== null && id !== card) continue;
    const held = await documents.read(room, (doc) => ({
      blocks: readBlocks(bodyOf(doc)).map(printable),
      files: readCardFiles(doc),
      posts: readThread(doc).posts,
    }));
    words.set(id, held);
  }
  const nameOf = (member: string): string | null => names.memberName(member);
  if (card === null) return printed(workspace, [heading(title), ...boardBlocks(board, words, nameOf)], names);
  const blocks = oneCardBlocks(board, card, words.get(card), nameOf);
  return blocks && printed(workspace, blocks, names);
}

async function threadMarkdown(
  documents: Documents,
  { workspace, entry, now }: MarkdownOf,
  names: KnownNames,
): Promise<string> {
  const { title, thread: stood } = await documents.read(entry.room, (doc) => ({
    title: readTitle(doc),
    thread: readThread(doc),
  }));
  const later = now ? await now.read(entry.room, readThread) : stood;
  const removals = new Map(later.posts.map(({ id, removal }) => [id, removal]));
  const thread = {
    ...stood,
    marks: later.marks,
    posts: stood.posts.map((post) => ({ ...post, removal: removals.get(post.id) ?? post.removal })),
  };
  const nameOf = (member: string): string | null => names.memberName(member) || thread.people.get(member) || null;
  const body = printThread(thread, { nameOf, print: (blocks) => printed(workspace, blocks, names) });
  return `${printed(workspace, [heading(title)], names)}\n${body}`;
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

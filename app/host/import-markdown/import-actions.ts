// What an import needs of the documents of one space, as a port, and its adapter over the host's rooms.
import type * as Y from 'yjs';
import { archiveDocument, createDocument } from '../../../shared/model/document/commands.ts';
import { setAliases } from '../../../shared/model/document/aliases.ts';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { bodyOf, metaOf } from '../../../shared/model/document/roots.ts';
import { readTitle, rewriteTitle } from '../../../shared/model/document/title.ts';
import type { Block, NewBlock } from '../../../shared/model/page/block.ts';
import { writableAtom } from '../../../shared/model/page/new-table.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { writeBlocks } from '../../../shared/model/page/write.ts';
import { readFrontMatterAliases } from '../../../shared/model/markdown/front-matter.ts';
import { writeProperties } from '../../../shared/model/properties/commands.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { frontKey, type FrontProperties } from '../../../shared/model/markdown/front-properties.ts';
import { blockKey } from '../../../shared/model/markdown/same-blocks.ts';
import type { RoomDocuments } from '../room-documents.ts';
import { addPlainComments } from '../../../shared/model/comments/plain.ts';
import { addPlainAnswers } from '../../../shared/model/page/plain-answers.ts';
import { writePeople, type NamedPerson } from '../../../shared/model/board/people.ts';
import { writePlainBoard } from '../../../shared/model/board/plain.ts';
import { writePlainThread } from '../../../shared/model/thread/plain.ts';
import type { PageBeside } from '../page-file.ts';
import { writeCards } from '../write-cards.ts';
import type { NewBoard } from './import-board.ts';
import { threadHash, type ThreadToBe } from './import-thread.ts';
import { contentHash, readSource, type ImportSource } from './import-source.ts';
import { replaceBlocks } from './replace-blocks.ts';

/** What an import writes into a page. */
export interface PageContent {
  readonly title: string;
  /** The YAML without title and properties. */
  readonly frontMatter: string;
  readonly properties: FrontProperties;
  readonly blocks: readonly NewBlock[];
  readonly source: ImportSource;
}

export interface NewPage extends PageContent {
  readonly id: string;
  readonly parent: string | null;
  readonly order: string;
  /** When it was archived where it comes from, or null. */
  readonly archivedAt: number | null;
}

/** A page as it stands here now. */
export interface KnownPage {
  readonly kind: 'page' | 'board' | 'thread';
  readonly id: string;
  readonly title: string;
  readonly parent: string | null;
  readonly order: string;
  /** What it was imported from; null for a page that was made here. */
  readonly source: ImportSource | null;
  /** Whether title, front matter, properties or content differ from what was imported, or somebody locked it. */
  readonly edited: boolean;
}

/** The pages of one space. Each write is one transaction, durable when it resolves; what rejects wrote nothing. */
export interface ImportActions {
  /** Ids of all pages, boards and threads of the space, archived ones too. */
  list(): Promise<readonly string[]>;
  /** Null when there is no such page here. */
  read(id: string): Promise<KnownPage | null>;
  create(page: NewPage): Promise<void>;
  /** What its cards hold first, then the board; answers the titles of cards whose words are too large. It is not cancelled halfway. */
  createBoard(board: NewBoard): Promise<readonly string[]>;
  /** Adds what stands beside a page's words and is not here yet. Answers whether there was any. */
  addBeside(id: string, beside: PageBeside, people: readonly NamedPerson[]): Promise<boolean>;
  /** One that is not here, or was brought in and not changed here since. False: nothing was written. */
  writeThread(thread: ThreadToBe): Promise<boolean>;
  /** Changes only the blocks that differ. False: the page was edited here meanwhile, and was left alone. */
  update(id: string, content: PageContent): Promise<boolean>;
}

export interface ImportRooms {
  readonly documents: RoomDocuments;
  readonly workspace: string;
  readonly space: string;
  /** My member id. */
  readonly member: string;
  readonly now: () => number;
  /** Ids of the space's pages, archived ones too. */
  readonly list: () => Promise<readonly string[]> | readonly string[];
  /** Told of each page after it was written, so that the catalogue can read it. */
  readonly onWritten?: (room: string) => Promise<void> | void;
}

export function importActions(rooms: ImportRooms): ImportActions {
  const room = (id: string): string => `${rooms.workspace}/${rooms.space}/${id}`;
  return {
    list: async () => rooms.list(),
    read: (id) => rooms.documents.read(room(id), (doc) => readKnown(doc, id)),
    async create(page) {
      await rooms.documents.edit(room(page.id), (doc) => {
        doc.transact(() => {
          const { title, parent, order } = page;
          const createdAt = rooms.now();
          createDocument(doc, { kind: 'page', title, createdBy: rooms.member, createdAt, parent, order });
          writeBlocks(bodyOf(doc), page.blocks);
          writeMeta(doc, page);
          if (page.archivedAt !== null) archiveDocument(doc, page.archivedAt);
        });
      });
      await rooms.onWritten?.(room(page.id));
    },
    async createBoard(board) {
      const { documents, workspace, space, member } = rooms;
      const doing = { by: member, at: rooms.now() };
      const task = { documents, prefix: `${workspace}/${space}/`, board: board.id, doing };
      const refused = await writeCards(board.cards, (card) => board.page(card), task);
      await documents.edit(room(board.id), (doc) =>
        doc.transact(() => {
          const { title, parent, order, properties, source, archivedAt } = board;
          createDocument(doc, { kind: 'board', title, createdBy: member, createdAt: doing.at, parent, order });
          writeProperties(doc, properties);
          metaOf(doc).set('source', { ...source });
          writePlainBoard(doc, board.board);
          if (archivedAt !== null) archiveDocument(doc, archivedAt);
        }),
      );
      await rooms.onWritten?.(room(board.id));
      return refused.map(({ title }) => title);
    },
    async addBeside(id, beside, people) {
      return rooms.documents.edit(room(id), (doc) =>
        doc.transact(() => {
          if (readMeta(doc)?.kind !== 'page') return false;
          const isCommented = addPlainComments(doc, beside);
          const isAnswered = addPlainAnswers(doc, beside.answers);
          const isAsked = beside.consultation !== null && !metaOf(doc).has('consultation');
          if (isAsked) metaOf(doc).set('consultation', beside.consultation);
          if (isCommented || isAnswered) writePeople(doc, people);
          return isCommented || isAnswered || isAsked;
        }),
      );
    },
    async writeThread({ id, thread, people, source }) {
      const isWritten = await rooms.documents.edit(room(id), (doc) =>
        doc.transact(() => {
          const known = readKnown(doc, id);
          const meta = metaOf(doc);
          if (meta.has('kind') && (known?.kind !== 'thread' || known.edited)) return false;
          const doing = { by: rooms.member, at: rooms.now() };
          const { title, createdAt } = thread;
          createDocument(doc, { kind: 'thread', title, createdBy: thread.createdBy ?? rooms.member, createdAt });
          writePlainThread(doc, thread, doing);
          writePeople(doc, people);
          if (!known) meta.set('imported', doing);
          meta.set('source', { ...source, page: threadHash(doc) });
          return true;
        }),
      );
      if (isWritten) await rooms.onWritten?.(room(id));
      return isWritten;
    },
    async update(id, content) {
      const isWritten = await rooms.documents.edit(room(id), (doc) => {
        const known = readKnown(doc, id);
        if (!known?.source || known.edited) return false;
        return doc.transact(() => {
          if (!replaceBlocks(bodyOf(doc), content.blocks)) return false;
          rewriteTitle(doc, content.title);
          writeMeta(doc, content);
          return true;
        });
      });
      if (isWritten) await rooms.onWritten?.(room(id));
      return isWritten;
    },
  };
}

function readKnown(doc: Y.Doc, id: string): KnownPage | null {
  const meta = readMeta(doc);
  const title = readTitle(doc);
  const source = readSource(metaOf(doc).get('source'));
  if (meta?.kind === 'board') {
    return { kind: 'board', id, title, parent: meta.parent, order: meta.order, source, edited: true };
  }
  if (meta?.kind === 'thread') {
    const edited = source === null || threadHash(doc) !== source.page;
    return { kind: 'thread', id, title, parent: null, order: '', source, edited };
  }
  if (meta?.kind !== 'page') return null;
  const frontMatter = readFrontMatter(doc);
  const blocks = readBlocks(bodyOf(doc));
  const properties = readProperties(doc);
  const edited =
    source !== null &&
    (properties.locked !== null ||
      contentHash(title, frontMatter, blocks.map(keyOf), frontKey(properties)) !== source.page);
  return { kind: 'page', id, title, parent: meta.parent, order: meta.order, source, edited };
}

/** The YAML of a page that was imported; '' for others. */
export function readFrontMatter(doc: Y.Doc): string {
  const value = metaOf(doc).get('frontMatter');
  return typeof value === 'string' ? value : '';
}

function writeMeta(doc: Y.Doc, content: PageContent): void {
  const meta = metaOf(doc);
  if (readFrontMatter(doc) !== content.frontMatter) meta.set('frontMatter', content.frontMatter);
  setAliases(doc, readFrontMatterAliases(content.frontMatter));
  writeProperties(doc, content.properties);
  meta.set('source', { ...content.source });
}

/** A block that an import could have written has the key of what it wrote; any other has one that no import gives. */
function keyOf(block: Block): string {
  if (block.type === 'atom') {
    const cells = block.kind === 'table' ? (block.props.table?.rows.flat(2) ?? []) : [];
    return cells.some((inline) => inline.type === 'unknown') ? 'unknown inline' : blockKey(writableAtom(block));
  }
  if (block.type === 'unknown') return `unknown ${block.kind}`;
  const content = block.content.filter((inline) => inline.type !== 'unknown');
  return content.length === block.content.length ? blockKey({ ...block, content }) : 'unknown inline';
}

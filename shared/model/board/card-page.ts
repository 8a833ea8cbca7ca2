// A card's own document (docs/documents.md, BD16): what it is made of, and a copy of what it holds. What a card's face shows is on the board, not here.
import * as Y from 'yjs';
import { readAttachments } from '../document/attachments.ts';
import { createDocument } from '../document/commands.ts';
import { readEntries, writeEntries, type PlainEntries } from '../document/plain-maps.ts';
import { readRemoval } from '../document/removal.ts';
import { metaOf, bodyOf, filesOf, postsOf, reactionsOf } from '../document/roots.ts';
import type { Block } from '../page/block.ts';
import { readBlocks } from '../page/read.ts';
import { readPosts } from '../thread/posts.ts';
import { copyBody, copyType, type CopiedPiece, type CopyChange } from '../page/copy.ts';
import { readCardFiles } from './card-files.ts';
import type { Doing } from './stored.ts';

/**
 * Makes the document of a card, or says of one that is there on which board the card is now. Two people who do it apart write the same.
 * Its title stays empty: the card's is on the board.
 */
export function openCardPage(doc: Y.Doc, board: string, { by, at }: Doing, origin: unknown = null): void {
  doc.transact(() => {
    createDocument(doc, { kind: 'card', title: '', createdBy: by, createdAt: at, parent: board }, origin);
    const meta = metaOf(doc);
    if (meta.get('parent') !== board) meta.set('parent', board);
  }, origin);
}

/** What a copy of a card takes along; its types belong to no document yet, so it can be written once. */
export interface CopiedCardPage {
  readonly body: readonly CopiedPiece[];
  readonly posts: readonly (readonly [id: string, post: Y.Map<unknown>])[];
  readonly reactions: readonly string[];
  readonly files: PlainEntries;
}

/** The description with fresh block ids, what is attached, and every post with its versions, authors and times. It writes nothing. */
export function copyCardPage(doc: Y.Doc, change: CopyChange = {}): CopiedCardPage {
  const posts = [...postsOf(doc).entries()].flatMap(([id, post]): [string, Y.Map<unknown>][] => {
    const copy = post instanceof Y.Map ? copyType(post) : null;
    return copy instanceof Y.Map ? [[id, copy]] : [];
  });
  return {
    body: copyBody(bodyOf(doc), change),
    posts,
    reactions: [...reactionsOf(doc).keys()],
    files: readPlainFiles(doc),
  };
}

/** Whether there is anything to be written: a card of which nothing is said gets no document. */
export function isEmptyCopy({ body, posts, files }: CopiedCardPage): boolean {
  return body.length === 0 && posts.length === 0 && files.size === 0;
}

/** What is attached, as it is stored, without what was removed: for copies and files. */
export function readPlainFiles(doc: Y.Doc): PlainEntries {
  return readEntries(filesOf(doc), (map, key) =>
    key === undefined ? readRemoval(map).kind === 'removed' : key === 'removed',
  );
}

/** Into a new document. */
export function writeCardPage(doc: Y.Doc, copied: CopiedCardPage, origin: unknown = null): void {
  doc.transact(() => {
    if (copied.body.length > 0) bodyOf(doc).applyDelta([...copied.body]);
    for (const [id, post] of copied.posts) postsOf(doc).set(id, post);
    for (const key of copied.reactions) reactionsOf(doc).set(key, true);
    writeEntries(filesOf(doc), copied.files);
  }, origin);
}

/** What a card's face shows of its own document. */
export interface CardFacts {
  /** Posts that are not removed. */
  readonly comments: number;
  /** What is attached, and other files that the description shows or names, each once. */
  readonly attachments: number;
  /** Whether there is a description. */
  readonly described: boolean;
}

/** Null where there is nothing of all that. Total. */
export function readCardFacts(doc: Y.Doc): CardFacts | null {
  const posts = readPosts(postsOf(doc), null, []);
  const facts = {
    comments: posts.filter(({ removal }) => removal.kind !== 'removed').length,
    attachments: readAttachments(doc).length + readCardFiles(doc).filter(({ kind }) => kind === 'link').length,
    described: readBlocks(bodyOf(doc)).some(saysSomething),
  };
  return facts.comments > 0 || facts.attachments > 0 || facts.described ? facts : null;
}

/** An empty line says nothing. */
function saysSomething(block: Block): boolean {
  if (block.type !== 'text') return true;
  return block.content.some((inline) => inline.type !== 'text' || inline.text.trim() !== '');
}

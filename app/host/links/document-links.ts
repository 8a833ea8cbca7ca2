// What one document of any kind links to and mentions, and its text that is no link; out of the document alone, so that every computer finds the same.
import type * as Y from 'yjs';
import { readMeta } from '../../../shared/model/document/meta.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { readReferences, type DocumentReferences, type Reference } from '../../../shared/model/links/references.ts';
import { foldWords, wordTokens } from '../../../shared/model/links/words.ts';
import { readBoard } from '../../../shared/model/board/read.ts';
import type { Block, TextRun } from '../../../shared/model/page/block.ts';
import { readBlocks } from '../../../shared/model/page/read.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { signatureOf } from './word-signature.ts';

/** One place in a document that leads to a target. */
export type Passage = Omit<Reference, 'target'>;

/** The passages of one document that lead to one target; beyond so many they are only counted. */
export interface Passages {
  readonly passages: readonly Passage[];
  readonly more: number;
}
export const MOST_PASSAGES = 50;

export interface DocumentLinks {
  /** By document id, or `@` and a member's. */
  readonly targets: ReadonlyMap<string, Passages>;
  readonly signature: Uint8Array;
}

const NOTHING: DocumentReferences = { references: [], free: [] };

/** Null for documents that say nothing to others: profiles, spaces' own ones, what is of nobody else's business. Total. */
export function readDocumentLinks(doc: Y.Doc): DocumentLinks | null {
  const said = referencesOf(doc);
  if (!said) return null;
  const targets = new Map<string, { passages: Passage[]; more: number }>();
  for (const { target, ...passage } of said.references) {
    const known = targets.get(target) ?? { passages: [], more: 0 };
    targets.set(target, known);
    if (known.passages.length < MOST_PASSAGES) known.passages.push(passage);
    else known.more += 1;
  }
  const tokens = new Set<string>();
  for (const { text } of said.free) for (const token of wordTokens(foldWords(text).text)) tokens.add(token);
  return { targets, signature: signatureOf(tokens) };
}

/** As readDocumentLinks(), with the text itself. */
export function referencesOf(doc: Y.Doc): DocumentReferences | null {
  switch (readMeta(doc)?.kind) {
    case 'page':
      return readReferences(readBlocks(bodyOf(doc)));
    case 'card':
      return readReferences([...readBlocks(bodyOf(doc)), ...postsAsBlocks(doc)]);
    case 'thread':
      return readReferences(postsAsBlocks(doc));
    case 'board': {
      const { columns, unsorted, restored } = readBoard(doc);
      const cards = [...columns.flatMap((column) => column.cards), ...unsorted, ...restored];
      // A card's title takes no links; it may say a page's name all the same.
      return {
        ...NOTHING,
        free: cards.map(({ id, title }) => ({ block: id, text: title, content: [plainText(title)] })),
      };
    }
    default:
      return null;
  }
}

function postsAsBlocks(doc: Y.Doc): Block[] {
  return readThread(doc).posts.flatMap((post) => asBlock(post.id, post.text, post.removal.kind));
}

/** Posts are Markdown: links in them are found as in the source that a page keeps. */
function asBlock(id: string, text: string, removal: string): Block[] {
  if (removal === 'removed' || text === '') return [];
  const content = [plainText(text)];
  return [{ type: 'text', id, kind: 'raw', indent: 0, level: 1, checked: false, language: '', content }];
}

function plainText(text: string): TextRun {
  return { type: 'text', text, marks: {} };
}

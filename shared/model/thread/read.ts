// A thread as everybody sees it: posts in order, who reacted, who voted. Total on anything a peer wrote; it writes nothing.
import type * as Y from 'yjs';
import { isDocumentId } from '../document/meta.ts';
import { postsOf, reactionsOf, votesOf } from '../document/roots.ts';
import { cutLine } from '../document/title.ts';
import { readPosts, type Post } from './posts.ts';

export interface Thread {
  /** Removed ones too: their place says that something stood there. */
  readonly posts: readonly Post[];
  /** The choices of each member who voted; an idea's vote has none. */
  readonly votes: ReadonlyMap<string, readonly string[]>;
  /** What was written there and cannot be read, by key; it is kept. */
  readonly unreadable: readonly string[];
}

const MOST_CHOICES = 256;

export function readThread(doc: Y.Doc): Thread {
  const unreadable: string[] = [];
  const posts = readPosts(postsOf(doc), reactionsOf(doc), unreadable);
  const votes = readVotes(doc, unreadable);
  return { posts, votes, unreadable: unreadable.sort() };
}

function readVotes(doc: Y.Doc, unreadable: string[]): Map<string, readonly string[]> {
  const votes = new Map<string, readonly string[]>();
  for (const [member, value] of votesOf(doc).entries()) {
    const choices = typeof value === 'object' && value !== null ? (value as { choices?: unknown }).choices : undefined;
    if (isDocumentId(member) && Array.isArray(choices)) {
      votes.set(member, [...new Set((choices as unknown[]).slice(0, MOST_CHOICES).filter(isDocumentId))]);
    } else unreadable.push(`votes/${cutLine(member)}`);
  }
  return new Map([...votes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

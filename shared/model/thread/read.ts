// A thread as everybody sees it: what it is, its posts in order, who reacted, who voted. Total on anything a peer wrote; it writes nothing.
import type * as Y from 'yjs';
import { readPeople } from '../board/people.ts';
import { postsOf, reactionsOf } from '../document/roots.ts';
import { readFacts, type ThreadFacts } from './facts.ts';
import { readMarks, type PostMarks } from './moderation.ts';
import { readPoll, type Poll } from './poll.ts';
import { readPosts, type Post } from './posts.ts';
import { readVotes, type Vote } from './votes.ts';

export interface Thread {
  readonly facts: ThreadFacts;
  /** Removed ones too: their place says that something stood there. */
  readonly posts: readonly Post[];
  readonly marks: PostMarks;
  /** By member who voted. */
  readonly votes: ReadonlyMap<string, Vote>;
  /** Of a poll; else null. */
  readonly poll: Poll | null;
  /** Names of people who are no members, by the ids that stand where a member's does: of an imported thread. */
  readonly people: ReadonlyMap<string, string>;
  /** What was written there and cannot be read, by key; it is kept. */
  readonly unreadable: readonly string[];
}

export function readThread(doc: Y.Doc): Thread {
  const unreadable: string[] = [];
  const facts = readFacts(doc);
  const posts = readPosts(postsOf(doc), reactionsOf(doc), unreadable);
  const votes = readVotes(doc, unreadable);
  const poll = facts.type === 'poll' ? readPoll(doc, unreadable) : null;
  const people = new Map(readPeople(doc).map(({ id, name }) => [id, name]));
  return { facts, posts, marks: readMarks(doc, posts), votes, poll, people, unreadable: unreadable.sort() };
}

// What the list of threads makes of merges: in a row, across each other, and of posts that come where nobody looks any more.
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { readPostsFrom } from '../../../shared/model/personal/read-posts.ts';
import { addPost, vote } from '../../../shared/model/thread/commands.ts';
import { beginThread, markMerged, mergeInto } from '../../../shared/model/thread/fact-commands.ts';
import { listThreads, unreadOfSpace, type Reader } from './thread-entries.ts';
import { readThreadRow, type ThreadRow } from './thread-row.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const ASKED = { filter: 'all', type: null, from: 0, most: 50 } as const;
const READER: Reader = { member: 'me', read: new Map(), level: () => 'all', drafts: new Set() };
const post = (author: string, at = NOW - DAY) => ({ author, device: `${author}-laptop`, text: 'Words', at });

function idea(at = NOW - DAY): Y.Doc {
  const doc = new Y.Doc();
  beginThread(doc, { type: 'idea', title: 'Idea', post: post('me', at) });
  return doc;
}
function rowsOf(docs: Readonly<Record<string, Y.Doc>>): ThreadRow[] {
  return Object.entries(docs).map(([id, doc]) => readThreadRow(`w/s/${id}`, doc)!);
}
function merge(docs: Readonly<Record<string, Y.Doc>>, from: string, into: string): void {
  markMerged(docs[into]!, from);
  mergeInto(docs[from]!, into, { by: 'mia', at: NOW });
}
const listed = (docs: Readonly<Record<string, Y.Doc>>, reader = READER) =>
  listThreads(rowsOf(docs), reader, ASKED).threads.map(({ id, votes, unread }) => [id, votes, unread]);

it('[T12] votes of a thread that went on in one that goes on itself count where both ended, each once', () => {
  const docs = { a: idea(), b: idea(), c: idea() };
  vote(docs.a, { member: 'ana', choices: [], at: NOW });
  vote(docs.a, { member: 'bo', choices: [], at: NOW });
  vote(docs.b, { member: 'bo', choices: [], at: NOW });
  vote(docs.c, { member: 'cy', choices: [], at: NOW });
  merge(docs, 'a', 'b');
  merge(docs, 'b', 'c');
  expect(listed(docs)).toEqual([['c', 3, 0]]);
});

it('[T14] of two threads that two managers let go on in each other while apart, both stay in the list', () => {
  const docs = { a: idea(), b: idea(), c: idea() };
  vote(docs.a, { member: 'ana', choices: [], at: NOW });
  merge(docs, 'a', 'b');
  merge(docs, 'b', 'a');
  merge(docs, 'c', 'b');
  expect(listed(docs)).toEqual([
    ['a', 1, 0],
    ['b', 1, 0],
  ]);
});

it('[T6] what somebody wrote apart into a thread that goes on elsewhere stands in the list and in the badge until it is read', () => {
  const docs = { a: idea(), b: idea() };
  merge(docs, 'a', 'b');
  expect(listed(docs)).toEqual([['b', 0, 0]]);
  addPost(docs.a, post('bo'));
  expect(listed(docs).toSorted()).toEqual([
    ['a', 0, 1],
    ['b', 0, 0],
  ]);
  expect(unreadOfSpace(rowsOf(docs), READER)).toBe(1);
  const reader = { ...READER, read: new Map([['a', readPostsFrom([['bo-laptop', [[1, 1]]]])]]) };
  expect(listed(docs, reader)).toEqual([['b', 0, 0]]);
  expect(unreadOfSpace(rowsOf(docs), reader)).toBe(0);
});

// A thread of thousands of posts and a space of thousands of threads in a member's data folder, the same at every run: written as stored bytes.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';
import { createDocument } from '../../shared/model/document/commands.ts';
import { postsOf } from '../../shared/model/document/roots.ts';

export const LARGE_THREAD = { title: 'Large thread', device: 'bench-device', author: 'bench-author' } as const;
const WORDS = 'antenna array beam calibrate dish elevation feed gain horizon index joint kelvin lobe mast noise'.split(
  ' ',
);
const MINUTE = 60_000;

export interface LargeThreadDocument {
  readonly id: string;
  readonly update: Uint8Array;
}

const id = (what: string): string => createHash('sha256').update(what).digest('hex').slice(0, 32);
const word = (at: number): string => WORDS[at % WORDS.length] ?? '';

/** Some short, some of several lines, some with a list or a quote. */
function words(at: number): string {
  const line = Array.from({ length: 6 + (at % 40) }, (_, n) => word(at * 7 + n * 3)).join(' ');
  return `Post ${at} ${line}${at % 9 === 0 ? `\n\n- ${word(at)}\n- **${word(at + 1)}**` : ''}`;
}

function thread(name: string, title: string, posts: number, from: number): LargeThreadDocument {
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.transact(() => {
    createDocument(doc, { kind: 'thread', title, createdBy: LARGE_THREAD.author, createdAt: from });
    for (let at = 0; at < posts; at += 1) {
      const post = new Y.Map<unknown>();
      post.set('author', LARGE_THREAD.author);
      post.set('device', LARGE_THREAD.device);
      post.set('number', at + 1);
      post.set('after', at === 0 ? [] : [id(`${name} ${at - 1}`)]);
      post.set('at', from + at * MINUTE);
      const versions = new Y.Map<unknown>();
      versions.set('first', { text: words(at), at: from + at * MINUTE, number: 1 });
      post.set('versions', versions);
      postsOf(doc).set(id(`${name} ${at}`), post);
    }
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return { id: id(name), update };
}

/** The large one first. @param now of the newest post */
export function largeThreads(posts: number, threads: number, now: number): LargeThreadDocument[] {
  return [
    thread('large', LARGE_THREAD.title, posts, now - posts * MINUTE),
    ...Array.from({ length: threads }, (_, at) =>
      thread(`thread ${at}`, `On ${word(at)} ${word(at * 3 + 1)} ${at}`, 1 + (at % 4), now - (threads + at) * MINUTE),
    ),
  ];
}

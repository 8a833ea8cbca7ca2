// What posts say to one member, in a thread, on a page and on a card: mentions, replies, answers, and what became of what they wrote. Total; it writes nothing.
import * as Y from 'yjs';
import { readComments } from '../../../shared/model/comments/read.ts';
import { commentsOf, postsOf } from '../../../shared/model/document/roots.ts';
import { plainText } from '../../../shared/model/markdown/plain-text.ts';
import { readPosts, type Post } from '../../../shared/model/thread/posts.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { LONGEST_INBOX_EXCERPT } from '../../contract/inbox.ts';
import { shownPosts } from '../threads/thread-row.ts';
import type { Call } from './call-row.ts';
import { MOST_CALLS } from './call-row.ts';

/** A quotation mentions nobody. */
const QUOTED = /^\s{0,3}>.*$/gm;

function mentions({ text }: Post, me: string): boolean {
  const address = `](member:${me})`;
  return text.includes(address) && text.replace(QUOTED, '').includes(address);
}

/** Removed posts call nobody; one without a number was brought here from elsewhere (EX2, TH13). */
function isHeard({ author, device, number, removal }: Post, me: string): boolean {
  return author !== null && author !== me && device !== null && number > 0 && removal.kind !== 'removed';
}

interface Place {
  readonly document: string;
  readonly comment?: string;
  /** The Yjs item of a post; null where posts are read by their numbers. */
  readonly itemOf: (post: string) => readonly [number, number] | null;
}

function callOf(post: Post, reason: Call['reason'], { document, comment, itemOf }: Place): Call {
  const item = itemOf(post.id);
  return {
    reason,
    thing: `post:${document}:${post.id}`,
    many: false,
    item: item && [item[0], item[1]],
    post: [post.device ?? '', post.number],
    place: { post: post.id, ...(comment === undefined ? {} : { comment }) },
    by: post.author,
    at: post.at,
    excerpt: plainText(post.text, LONGEST_INBOX_EXCERPT),
  };
}

/** @param asker who is answered by every post: of a question who asked it, of a comment who began it. */
function callsOfPosts(
  posts: readonly Post[],
  { me, reason, asker }: { readonly me: string; readonly reason: 'answer' | 'reply'; readonly asker: string | null },
  place: Place,
): Call[] {
  const mine = new Set(posts.flatMap(({ id, author }) => (author === me ? [id] : [])));
  const found: { readonly post: Post; readonly reason: Call['reason'] }[] = [];
  for (const post of posts) {
    if (!isHeard(post, me)) continue;
    if (mentions(post, me)) found.push({ post, reason: 'mention' });
    else if (post.reply !== null && mine.has(post.reply)) found.push({ post, reason: 'reply' });
    else if (asker === me) found.push({ post, reason });
  }
  found.sort((a, b) => b.post.at - a.post.at || (a.post.id < b.post.id ? -1 : 1));
  return found.slice(0, MOST_CALLS).map(({ post, reason: why }) => callOf(post, why, place));
}

export function callsInThread(doc: Y.Doc, document: string, starter: string | null, me: string): readonly Call[] {
  const thread = readThread(doc);
  const { facts } = thread;
  const shown = shownPosts(thread);
  const asker = facts.type === 'question' ? starter : null;
  const calls = callsOfPosts(shown, { me, reason: 'answer', asker }, { document, itemOf: () => null });
  const { accepted } = facts;
  const answer = accepted && shown.find(({ id }) => id === accepted.post);
  if (facts.type === 'question' && accepted && answer?.author === me && accepted.by !== me) {
    calls.push({
      ...callOf(answer, 'accepted', { document, itemOf: () => null }),
      thing: `accepted:${document}:${answer.id}`,
      post: null,
      by: accepted.by,
      at: accepted.at,
    });
  }
  const decision = facts.decisions.at(-1);
  if (facts.type === 'idea' && starter === me && decision && decision.by !== me) {
    calls.push({
      reason: 'idea',
      thing: `idea:${document}:${decision.state}:${String(decision.number)}:${String(decision.at)}`,
      many: false,
      item: null,
      post: null,
      place: {},
      by: decision.by,
      at: decision.at,
      excerpt:
        decision.reason === ''
          ? decision.state
          : `${decision.state}: ${decision.reason}`.slice(0, LONGEST_INBOX_EXCERPT),
    });
  }
  return calls;
}

export function callsInComments(doc: Y.Doc, document: string, me: string): readonly Call[] {
  if (commentsOf(doc).size === 0) return [];
  return readComments(doc).comments.flatMap(({ id, posts }) => {
    const stored = commentsOf(doc).get(id);
    const kept: unknown = stored instanceof Y.Map ? (stored as Y.Map<unknown>).get('posts') : null;
    const place = { document, comment: id, itemOf: itemsIn(kept) };
    return callsOfPosts(posts, { me, reason: 'reply', asker: posts[0]?.author ?? null }, place);
  });
}

export function callsOnCard(doc: Y.Doc, document: string, me: string): readonly Call[] {
  if (postsOf(doc).size === 0) return [];
  const place = { document, itemOf: itemsIn(postsOf(doc)) };
  return callsOfPosts(readPosts(postsOf(doc), null, []), { me, reason: 'reply', asker: null }, place);
}

function itemsIn(posts: unknown): Place['itemOf'] {
  return (post) => {
    const item = posts instanceof Y.Map ? (posts as Y.Map<unknown>)._map.get(post) : undefined;
    return item ? [item.id.client, item.id.clock] : null;
  };
}

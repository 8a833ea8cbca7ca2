// Posts wherever they stand (a thread, the comments of a page): versions, removal, reactions. Total on anything a peer wrote; it writes nothing.
import * as Y from 'yjs';
import { isDeviceId, isDocumentId, readTime } from '../document/meta.ts';
import { readRemoval, type Removal } from '../document/removal.ts';
import { cutLine } from '../document/title.ts';
import { orderPosts } from './order.ts';

export interface PostVersion {
  readonly id: string;
  /** Markdown. */
  readonly text: string;
  readonly at: number;
  /** One more than the versions that its author knew. */
  readonly number: number;
}

export interface Post {
  readonly id: string;
  /** Member id. */
  readonly author: string | null;
  readonly device: string | null;
  /** The device's running number in this thread; 0 where it is missing or malformed. */
  readonly number: number;
  readonly after: readonly string[];
  readonly at: number;
  /** Oldest first; the last one is the text that counts. Empty only where none can be read. */
  readonly versions: readonly PostVersion[];
  readonly text: string;
  readonly removal: Removal;
  readonly reactions: readonly Reaction[];
  /** The post that it answers, where its author said so; it may be unknown here. */
  readonly reply: string | null;
}

export interface Reaction {
  readonly emoji: string;
  /** Sorted, each once. */
  readonly members: readonly string[];
}

/** An author names the newest posts without a follower: more than a few need many people who were apart. */
export const MOST_AFTER = 64;
const LONGEST_EMOJI = 64;
export const HIGHEST_NUMBER = 1_000_000_000;
/** A number says how many versions, or decisions, its author knew: some of them may not be here yet, but not more than this. */
const MOST_MISSING = 64;

/** The posts of a map in order, with the reactions of another; what cannot be read is named in `unreadable`. */
export function readPosts(
  stored: Y.Map<unknown>,
  reacted: Y.Map<unknown> | null,
  unreadable: string[],
): readonly Post[] {
  const reactions = reacted ? readReactions(reacted, unreadable) : new Map<string, Reaction[]>();
  const posts: Post[] = [];
  for (const [id, post] of stored.entries()) {
    if (isDocumentId(id) && post instanceof Y.Map) posts.push(readPost(id, post as Y.Map<unknown>, reactions));
    else unreadable.push(`posts/${cutLine(id)}`);
  }
  return orderPosts(posts);
}

function readPost(id: string, stored: Y.Map<unknown>, reactions: ReadonlyMap<string, readonly Reaction[]>): Post {
  const [author, device, after] = [stored.get('author'), stored.get('device'), stored.get('after')];
  const reply = stored.get('reply');
  const versions = readVersions(stored.get('versions'));
  return {
    id,
    author: isDocumentId(author) ? author : null,
    device: isDeviceId(device) ? device : null,
    number: readNumber(stored.get('number')),
    after: Array.isArray(after) ? (after as unknown[]).slice(0, MOST_AFTER).filter(isDocumentId) : [],
    at: readTime(stored.get('at')) ?? 0,
    versions,
    text: versions.at(-1)?.text ?? '',
    removal: readRemoval(stored),
    reactions: reactions.get(id) ?? [],
    reply: isDocumentId(reply) ? reply : null,
  };
}

function readVersions(stored: unknown): PostVersion[] {
  if (!(stored instanceof Y.Map)) return [];
  const versions: PostVersion[] = [];
  const { size } = stored as Y.Map<unknown>;
  for (const [id, value] of (stored as Y.Map<unknown>).entries()) {
    if (typeof value !== 'object' || value === null) continue;
    const { text, at, number } = value as { text?: unknown; at?: unknown; number?: unknown };
    if (typeof text === 'string') {
      versions.push({ id, text, at: readTime(at) ?? 0, number: numberAmong(size, number) });
    }
  }
  return versions.sort((a, b) => a.number - b.number || a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** Without a limit one forged number would be the highest for ever, and no later edit would count. */
export function numberAmong(size: number, value: unknown): number {
  const number = readNumber(value);
  return number <= size + MOST_MISSING ? number : 0;
}

function readNumber(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= HIGHEST_NUMBER ? Number(value) : 0;
}

function readReactions(stored: Y.Map<unknown>, unreadable: string[]): Map<string, Reaction[]> {
  const found = new Map<string, Map<string, string[]>>();
  for (const key of stored.keys()) {
    const parts = partsOf(key);
    if (!parts) {
      unreadable.push(`reactions/${cutLine(key)}`);
      continue;
    }
    const ofPost = found.get(parts.post) ?? new Map<string, string[]>();
    const members = ofPost.get(parts.emoji) ?? [];
    members.push(parts.member);
    found.set(parts.post, ofPost.set(parts.emoji, members));
  }
  const byText = (a: string, b: string): number => (a < b ? -1 : 1);
  return new Map(
    [...found].map(([post, emojis]) => [
      post,
      [...emojis]
        .map(([emoji, members]) => ({ emoji, members: members.sort(byText) }))
        .sort((a, b) => byText(a.emoji, b.emoji)),
    ]),
  );
}

/** A key is `<post>/<member>/<emoji>`: one a person, however many devices they have. */
function partsOf(key: string): { post: string; member: string; emoji: string } | null {
  const [post, member, emoji, ...more] = key.split('/');
  if (!isDocumentId(post) || !isDocumentId(member) || more.length > 0) return null;
  return emoji && emoji.length <= LONGEST_EMOJI ? { post, member, emoji } : null;
}

// Whom and what a member follows across spaces (docs/documents.md, PS11): people, and topics. It tells nobody anything; others never see it.
import type * as Y from 'yjs';
import { isDocumentId, readMeta } from '../document/meta.ts';
import { followsOf } from '../document/roots.ts';
import { tagOf } from '../properties/tag.ts';

export interface Follows {
  /** Member ids, sorted; some may not be known here. */
  readonly members: readonly string[];
  /** As they were written, sorted by what tells them apart. */
  readonly topics: readonly string[];
}

/** A person by member id, or a topic by its words. */
export type Followed = { readonly member: string } | { readonly topic: string };

/** More of each are kept, and not heeded. */
export const MOST_FOLLOWED = 1_000;
const PERSON = '@';
const TOPIC = '#';

/** Total. */
export function readFollows(doc: Y.Doc): Follows {
  const members: string[] = [];
  const topics = new Map<string, string>();
  if (readMeta(doc)?.kind !== 'personal') return { members, topics: [] };
  for (const [key, value] of followsOf(doc).entries()) {
    const [mark, rest] = [key.slice(0, 1), key.slice(1)];
    if (mark === PERSON && isDocumentId(rest) && members.length < MOST_FOLLOWED) members.push(rest);
    if (mark !== TOPIC || topics.size >= MOST_FOLLOWED) continue;
    const written = typeof value === 'string' ? tagOf(value) : null;
    const topic = written?.key === rest ? written : tagOf(rest);
    if (topic?.key === rest) topics.set(topic.key, topic.name);
  }
  return {
    members: members.sort(),
    topics: [...topics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name),
  };
}

/** False: there is no topic in the words. What is so already is not written. */
export function setFollowed(doc: Y.Doc, followed: Followed, follow: boolean, origin: unknown = null): boolean {
  const topic = 'topic' in followed ? tagOf(followed.topic) : null;
  if ('topic' in followed && !topic) return false;
  const key = 'member' in followed ? PERSON + followed.member : TOPIC + (topic?.key ?? '');
  const follows = followsOf(doc);
  if (follows.has(key) === follow) return true;
  doc.transact(() => {
    if (follow) follows.set(key, topic?.name ?? true);
    else follows.delete(key);
  }, origin);
  return true;
}

// What became different lately of what I follow: which documents, by whom, and why they are shown. Pure.
import type { FollowedBy, HomeChange } from '../../contract/home.ts';
import type { ThreadEntry } from '../../contract/threads.ts';
import type { DocEntry } from '../../contract/entities.ts';
import { tagOf } from '../../../shared/model/properties/tag.ts';

export interface Following {
  readonly me: string;
  readonly favourites: ReadonlySet<string>;
  readonly watched: ReadonlySet<string>;
  readonly members: ReadonlySet<string>;
  /** What tells topics apart. */
  readonly topics: ReadonlySet<string>;
}

export interface SpaceLately {
  readonly documents: readonly DocEntry[];
  readonly threads: readonly ThreadEntry[];
  /** By document: who wrote there and when, the last one first. */
  readonly writers: ReadonlyMap<string, readonly { readonly member: string; readonly at: number }[]>;
}

/** People of one document that are named. */
const MOST_WRITERS = 5;

/** @param since earlier changes are left out. In no order. */
export function followedIn({ documents, threads, writers }: SpaceLately, my: Following, since: number): HomeChange[] {
  const byId = new Map(threads.map((thread) => [thread.id, thread]));
  return documents.flatMap((entry) => {
    if (entry.archived) return [];
    const thread = byId.get(entry.id);
    if (thread?.level === 'mute') return [];
    const others = (writers.get(entry.id) ?? []).filter(({ member, at }) => member !== my.me && at >= since);
    const [last] = others;
    if (!last) return [];
    const why = reasons(entry, thread, others, my);
    if (why.length === 0) return [];
    const by = others.slice(0, MOST_WRITERS).map(({ member }) => member);
    return { document: entry.id, space: entry.space, why, by, at: last.at, unread: thread?.unread ?? 0 };
  });
}

function reasons(
  { id, properties }: DocEntry,
  thread: ThreadEntry | undefined,
  others: readonly { readonly member: string }[],
  my: Following,
): FollowedBy[] {
  const topics = [...(properties?.tags ?? []), ...(thread?.topics ?? [])];
  const is: Readonly<Record<FollowedBy, boolean>> = {
    favourite: my.favourites.has(id),
    watched: my.watched.has(id),
    thread: thread !== undefined && thread.level === 'all' && thread.unread > 0,
    person: others.some(({ member }) => my.members.has(member)),
    topic: topics.some((topic) => my.topics.has(tagOf(topic)?.key ?? '')),
  };
  return (Object.keys(is) as FollowedBy[]).filter((why) => is[why]);
}

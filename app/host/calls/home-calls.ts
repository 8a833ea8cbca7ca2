// The call behind the home screen: what projections say of all spaces that I can read. It opens my own documents and the spaces' own, and no other.
import { readFavourites } from '../../../shared/model/personal/favourites.ts';
import { readFollows } from '../../../shared/model/personal/follows.ts';
import { watchedDocuments } from '../../../shared/model/personal/watched.ts';
import { tagOf } from '../../../shared/model/properties/tag.ts';
import { readFeatured } from '../../../shared/model/space/featured.ts';
import { spaceRoom } from '../../../shared/model/space/space.ts';
import type { Home, HomeChange, HomeNews } from '../../contract/home.ts';
import type { ThreadEntry } from '../../contract/threads.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { lastWritten } from '../doings/last-written.ts';
import { followedIn, type Following, type SpaceLately } from '../home/followed.ts';
import { listThreads } from '../threads/thread-entries.ts';
import { mineOf, readerIn } from './thread-calls.ts';

const LATELY = 14 * 24 * 60 * 60 * 1000;
const MOST_PEOPLE = 30;
const MOST_WORKS = 3;
const MOST_NEWS = 10;
const MOST_CHANGES = 50;
/** Of one space. */
const MOST_THREADS = 10_000;

async function followingIn(host: HostParts, id: string): Promise<Following> {
  const [favourites, watched, follows] = await Promise.all([
    host.documents.read(mineOf(host, id, 'favourites'), readFavourites),
    host.documents.read(mineOf(host, id, 'watched'), watchedDocuments),
    host.documents.read(mineOf(host, id, 'follows'), readFollows),
  ]);
  return {
    me: host.workspaces.get(id).about.member,
    favourites: new Set(favourites),
    watched: new Set(watched),
    members: new Set(follows.members),
    topics: new Set(follows.topics.map((topic) => tagOf(topic)?.key ?? '')),
  };
}

interface SpaceToday extends SpaceLately {
  readonly space: string;
  readonly featured: Home['featured'];
  /** By member, when they wrote in which document last. */
  readonly works: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

async function spaceToday(host: HostParts, id: string, space: string): Promise<SpaceToday> {
  const [reader, featured] = await Promise.all([
    readerIn(host, id, space),
    host.documents.read(spaceRoom(id, space), readFeatured),
  ]);
  const all = { filter: 'all', type: null, from: 0, most: MOST_THREADS } as const;
  const { threads } = listThreads(host.threads.in(id, space), reader, all);
  const documents = host.catalogue.list(id, space);
  const here = new Set(documents.flatMap((entry) => (entry.archived ? [] : [entry.id])));
  const works = new Map<string, ReadonlyMap<string, number>>();
  const writers = new Map<string, { member: string; at: number }[]>();
  for (const [member, written] of lastWritten(host, id, space)) {
    works.set(member, written.documents);
    for (const [document, at] of written.documents) {
      const known = writers.get(document) ?? [];
      known.push({ member, at });
      writers.set(document, known);
    }
  }
  for (const list of writers.values()) list.sort((a, b) => b.at - a.at || (a.member < b.member ? -1 : 1));
  return {
    space,
    documents,
    threads,
    writers,
    works,
    featured: featured
      .filter(({ document }) => here.has(document))
      .map(({ document, by, at }) => ({ document, space, by, at })),
  };
}

function peopleAtWork(spaces: readonly SpaceToday[], me: string, since: number): Home['people'] {
  const found = new Map<string, Home['people'][number]['works']>();
  for (const { space, works } of spaces) {
    for (const [member, documents] of works) {
      if (member === me) continue;
      const known = found.get(member) ?? [];
      found.set(member, known);
      for (const [document, at] of documents) if (at >= since) known.push({ document, space, at });
    }
  }
  const people = [...found].flatMap(([member, works]) => {
    const latest = works.sort((a, b) => b.at - a.at || (a.document < b.document ? -1 : 1)).slice(0, MOST_WORKS);
    return latest.length > 0 ? [{ member, works: latest }] : [];
  });
  return people.sort((a, b) => (b.works[0]?.at ?? 0) - (a.works[0]?.at ?? 0)).slice(0, MOST_PEOPLE);
}

function newsOf({ id, space, starter, startedAt, unread, confirm, voted, votes }: ThreadEntry): HomeNews {
  return {
    document: id,
    space,
    author: starter,
    at: startedAt,
    unread,
    confirm,
    confirmed: voted,
    confirmations: votes,
  };
}

export const homeCalls = {
  async 'home.read'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const readable = workspace.spaces().filter((space) => !space.archived && workspace.mayRead(space.id));
    const my = await followingIn(host, id);
    const spaces = await Promise.all(readable.map((space) => spaceToday(host, id, space.id)));
    const since = host.clock.now() - LATELY;
    const news = spaces.flatMap(({ threads }) => threads.filter(({ type }) => type === 'announcement'));
    const followed: HomeChange[] = spaces.flatMap((space) => followedIn(space, my, since));
    return {
      people: peopleAtWork(spaces, my.me, since),
      news: news
        .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1))
        .slice(0, MOST_NEWS)
        .map(newsOf),
      followed: followed.sort((a, b) => b.at - a.at || (a.document < b.document ? -1 : 1)).slice(0, MOST_CHANGES),
      featured: spaces.flatMap(({ featured }) => featured).sort((a, b) => b.at - a.at),
      waiting: host.threads.waiting + host.doings.waiting,
    };
  },
} satisfies Partial<CallHandlers>;

// What a digest takes from other parts of the host: calls on me and overlaps that came with its landings, polls that ended meanwhile. It keeps nothing.
import type { DigestItem } from '../../contract/digest.ts';
import type { RoomDocuments } from '../room-documents.ts';
import type { Threads } from '../threads/threads.ts';
import type { Workspaces } from '../workspaces.ts';
import type { DigestSource } from './digest-source.ts';
import type { StoredDigest } from './digest-store.ts';
import { thingOfKey } from './inbox-source.ts';
import { endedPoll } from './landed-items.ts';

/** Calls on me, and overlaps, that are of this landing. Sessions come after the text: overlaps are found when all of it was here. */
export function calledIn(
  sources: readonly DigestSource[],
  workspace: string,
  { head, ranges }: StoredDigest,
): readonly DigestItem[] {
  const [first, last] = [head.spans[0], head.spans.at(-1)];
  if (!first || !last) return [];
  return sources.flatMap((source) =>
    source.list(workspace).flatMap(({ item, arrived, done }) => {
      if (done || (!head.open && item.section !== 'overlaps')) return [];
      if (item.what === 'due') return item.at > first.from && item.at <= last.to ? item : [];
      if (arrived < first.to) return [];
      const { document, space, place } = item;
      const rooms = [document, place.card, place.board].flatMap((one) => (one ? `${workspace}/${space}/${one}` : []));
      return rooms.some((room) => ranges.has(room)) ? item : [];
    }),
  );
}

/** What calls on me no more: everything of the same thing was looked at, or dealt with, on any device. */
export function seenIn(sources: readonly DigestSource[], workspace: string): (item: DigestItem) => boolean {
  const things = new Map<string, string>();
  const open = new Map<string, boolean>();
  for (const source of sources) {
    for (const { item, thing, done } of source.list(workspace)) {
      things.set(item.key, thing);
      open.set(thing, (open.get(thing) ?? false) || !done);
    }
  }
  return ({ key }) => open.get(things.get(key) ?? thingOfKey(key)) === false;
}

interface PollParts {
  readonly threads: Threads;
  readonly workspaces: Workspaces;
  readonly documents: Pick<RoomDocuments, 'readStored'>;
}

/** Polls of my spaces that ended between two ends of an absence. */
export async function endedPolls(
  { threads, workspaces, documents }: PollParts,
  workspace: string,
  { head }: StoredDigest,
): Promise<readonly DigestItem[]> {
  const found: DigestItem[] = [];
  for (const { id: space } of workspaces.find(workspace)?.spaces() ?? []) {
    for (const { room, type, until, archived } of threads.in(workspace, space)) {
      if (type !== 'poll' || until === null || archived) continue;
      if (!head.spans.some(({ from, to }) => until > from && until <= to)) continue;
      const item = await documents.readStored(room, (doc) => endedPoll(room, doc)).catch(() => null); // Others are told of all the same.
      if (item) found.push(item);
    }
  }
  return found;
}

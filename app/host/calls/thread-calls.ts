// Calls about threads: lists, beginning one, what I have read, my drafts and levels. Posts are written by windows into the document itself.
import type * as Y from 'yjs';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { readDrafts, writeDraft, draftPlaces } from '../../../shared/model/personal/drafts.ts';
import { followPosted, levelOf, readLevel, setLevel, type Level } from '../../../shared/model/personal/levels.ts';
import {
  createPersonal,
  personalRoom,
  readMatter,
  type PersonalMatter,
} from '../../../shared/model/personal/personal.ts';
import {
  bringRead,
  markPostsRead,
  markUnreadBut,
  readReadPosts,
  type Numbered,
  type ReadPosts,
} from '../../../shared/model/personal/read-posts.ts';
import { addTag } from '../../../shared/model/properties/commands.ts';
import { beginThread } from '../../../shared/model/thread/fact-commands.ts';
import { noteReader } from '../../../shared/model/thread/readers.ts';
import { readThread } from '../../../shared/model/thread/read.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { postsWrittenIn } from '../../../shared/model/thread/written-in.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { listThreads, threadEntries, unreadOfSpace, type Reader } from '../threads/thread-entries.ts';
import { found } from './document-calls.ts';
import { mayWrite } from './moving-calls.ts';
import { knownSpace } from './space-calls.ts';

export function foundThread(host: HostParts, of: { readonly workspace: string; readonly document: string }): DocEntry {
  const entry = found(host, of);
  if (entry.kind === 'thread') return entry;
  throw new AppError('bad-input', 'This document is not a discussion. Nothing was changed.');
}

/** A thread, or a space: nothing is kept under an id of which this computer knows nothing. */
function knownPlace(host: HostParts, workspace: string, place: string): void {
  if (host.workspaces.get(workspace).mayRead(place)) return;
  foundThread(host, { workspace, document: place });
}

export function mineOf(host: HostParts, workspace: string, matter: PersonalMatter): string {
  return personalRoom(workspace, host.workspaces.get(workspace).about.member, matter);
}

/** One step in a document of my own, which is begun where it is not there yet. */
export async function editMine(
  host: HostParts,
  workspace: string,
  matter: PersonalMatter,
  change: (doc: Y.Doc) => void,
): Promise<string> {
  const room = mineOf(host, workspace, matter);
  const begun = { createdBy: host.workspaces.get(workspace).about.member, createdAt: host.clock.now() };
  await host.documents.edit(room, (doc: Y.Doc) =>
    doc.transact(() => {
      createPersonal(doc, begun);
      change(doc);
    }),
  );
  return room;
}

/** Nothing is written where nothing becomes different. */
async function follow(host: HostParts, workspace: string, thread: string, space: string): Promise<Level | null> {
  const room = mineOf(host, workspace, 'levels');
  const is = await host.documents.read(room, (doc) => ({
    own: readLevel(doc, thread),
    holds: levelOf(doc, thread, space),
  }));
  if (is.own !== null || is.holds === 'all') return is.own;
  await host.threads.refresh(await editMine(host, workspace, 'levels', (doc) => followPosted(doc, thread, space)));
  return 'all';
}

/** With what was read of threads in the spaces that they came from (PS6). */
export async function readerIn(host: HostParts, workspace: string, space: string): Promise<Reader> {
  const { member } = host.workspaces.get(workspace).about;
  const [read, levels, drafts] = await Promise.all([
    host.threads.readIn(workspace, member, space),
    host.documents.read(mineOf(host, workspace, 'levels'), (doc) => (thread: string) => levelOf(doc, thread, space)),
    host.documents.read(mineOf(host, workspace, 'drafts'), (doc) => draftPlaces(doc)),
  ]);
  return { member, read: await withEarlier(host, { workspace, space, member }, read), level: levels, drafts };
}

interface Reading {
  readonly workspace: string;
  readonly space: string;
  readonly member: string;
}

async function withEarlier(
  host: HostParts,
  { workspace, space, member }: Reading,
  read: ReadonlyMap<string, ReadPosts>,
): Promise<ReadonlyMap<string, ReadPosts>> {
  const both = new Map(read);
  for (const { room, cameFrom } of host.threads.in(workspace, space)) {
    const thread = parseRoomName(room)?.document ?? '';
    for (const from of cameFrom) {
      if (both.get(thread)?.none === false) break;
      const earlier = (await host.threads.readIn(workspace, member, from)).get(thread);
      if (earlier) both.set(thread, earlier);
    }
  }
  return both;
}

/** What I have read of one thread, here or where it came from; and whether that is said here already. */
async function readOf(host: HostParts, { id, workspace, space, room }: ReadThread): Promise<ReadPosts> {
  const { member } = host.workspaces.get(workspace).about;
  const here = await host.documents.read(mineOf(host, workspace, readMatter(space)), (doc) => readReadPosts(doc, id));
  if (!here.none) return here;
  for (const from of host.threads.row(room)?.cameFrom ?? []) {
    const earlier = (await host.threads.readIn(workspace, member, from)).get(id);
    if (earlier) return earlier;
  }
  return here;
}

interface ReadThread extends Pick<DocEntry, 'id' | 'space' | 'room'> {
  readonly workspace: string;
}

/** An announcement's first post was on screen here: its readers say so, once (TH16). */
async function tellReader(host: HostParts, workspace: string, room: string, posts: readonly Numbered[]): Promise<void> {
  const about = host.workspaces.get(workspace);
  const { member } = about.about;
  const row = host.threads.row(room);
  const space = parseRoomName(room)?.space ?? '';
  if (row?.type !== 'announcement' || row.starter === member || row.readers.includes(member)) return;
  if (!mayWrite(about, space)) return;
  const hasRead = await host.documents.read(room, (doc) => {
    const [first] = readThread(doc).posts;
    return posts.some(({ device, number }) => device === first?.device && number === first.number);
  });
  if (!hasRead) return;
  await host.documents.edit(room, (doc) => noteReader(doc, member, host.clock.now()));
  await host.threads.refresh(room);
}

export const threadCalls = {
  async 'thread.list'(host, { workspace, space, filter = 'all', type = null, from = 0, most = 50 }) {
    if (!knownSpace(host, workspace, space).mayRead(space)) {
      throw new AppError('not-found', 'This space is not on this computer. Nothing was listed.');
    }
    const reader = await readerIn(host, workspace, space);
    return {
      ...listThreads(host.threads.in(workspace, space), reader, { filter, type, from, most }),
      waiting: host.threads.waiting,
    };
  },
  async 'thread.entry'(host, { workspace, document }) {
    const { room, space } = foundThread(host, { workspace, document });
    const row = host.threads.row(room);
    const reader = await readerIn(host, workspace, space);
    return row ? (threadEntries([row], host.threads.in(workspace, space), reader)[0] ?? null) : null;
  },
  async 'thread.unread'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const unread: Record<string, number> = {};
    for (const { id: space } of workspace.spaces()) {
      if (!workspace.mayRead(space)) continue;
      const count = unreadOfSpace(host.threads.in(id, space), await readerIn(host, id, space));
      if (count > 0) unread[space] = count;
    }
    return unread;
  },
  async 'thread.begin'(host, { workspace: id, space, type, title, text, topics = [], confirm = false, poll = null }) {
    const workspace = knownSpace(host, id, space);
    if ((type === 'poll') !== (poll !== null)) {
      throw new AppError('bad-input', 'A poll, and nothing else, has choices. Nothing was begun.');
    }
    const document = randomId();
    const room = `${id}/${space}/${document}`;
    const post = { author: workspace.about.member, device: host.device.id, text, at: host.clock.now() };
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        beginThread(doc, { type, title, post, confirm, ...(poll ? { poll } : {}) });
        for (const topic of topics) addTag(doc, topic);
      }),
    );
    await Promise.all([host.catalogue.refresh(room), host.threads.refresh(room), follow(host, id, document, space)]);
    return found(host, { workspace: id, document });
  },
  async 'thread.reading'(host, { workspace, document }) {
    const read = await readOf(host, { ...foundThread(host, { workspace, document }), workspace });
    return {
      read: Object.fromEntries(
        [...read.ranges].map(([device, ranges]) => [device, ranges.map(([a, b]) => [a, b] as [number, number])]),
      ),
    };
  },
  async 'thread.read'(host, { workspace, document, posts }) {
    const { space, room } = foundThread(host, { workspace, document });
    const place = { device: host.device.id, thread: document };
    const earlier = await readOf(host, { id: document, workspace, space, room });
    const mine = await editMine(host, workspace, readMatter(space), (doc) => {
      bringRead(doc, place, earlier);
      markPostsRead(doc, place, posts);
    });
    await host.threads.refresh(mine);
    await tellReader(host, workspace, room, posts);
    return {};
  },
  async 'thread.waiting'(host, { workspace, document }) {
    const { room } = foundThread(host, { workspace, document });
    if (host.workspaces.get(workspace).about.relay === null) return { posts: [] };
    const unsent = host.guard.unconfirmed(room);
    return { posts: [...(await host.documents.read(room, (doc) => postsWrittenIn(doc, unsent)))] };
  },
  async 'thread.unreadFrom'(host, { workspace, document, post }) {
    const { space, room } = foundThread(host, { workspace, document });
    const posts = await host.documents.read(room, (doc) => readThread(doc).posts);
    const from = posts.findIndex(({ id }) => id === post);
    if (from < 0) throw new AppError('not-found', 'This post is not in the thread. Nothing was changed.');
    const place = { device: host.device.id, thread: document };
    const read = await readOf(host, { id: document, workspace, space, room });
    const mine = await editMine(host, workspace, readMatter(space), (doc) => {
      markUnreadBut(
        doc,
        place,
        posts.slice(0, from).filter((one) => read.has(one)),
      );
    });
    await host.threads.refresh(mine);
    return {};
  },
  async 'draft.of'(host, { workspace, place, post = place }) {
    return host.documents.read(mineOf(host, workspace, 'drafts'), (doc) =>
      readDrafts(doc, post).map((draft) => ({ ...draft })),
    );
  },
  async 'draft.write'(host, { workspace, place, post = place, text, form = '' }) {
    knownPlace(host, workspace, place);
    const at = host.clock.now();
    await editMine(host, workspace, 'drafts', (doc) =>
      writeDraft(doc, { device: host.device.id, place: post }, { text, form, at }),
    );
    return {};
  },
  async 'level.of'(host, { workspace, place }) {
    return { level: await host.documents.read(mineOf(host, workspace, 'levels'), (doc) => readLevel(doc, place)) };
  },
  async 'level.follow'(host, { workspace, document }) {
    const { space } = foundThread(host, { workspace, document });
    return { level: await follow(host, workspace, document, space) };
  },
  async 'level.set'(host, { workspace, place, level }) {
    knownPlace(host, workspace, place);
    await host.threads.refresh(await editMine(host, workspace, 'levels', (doc) => setLevel(doc, place, level)));
    return {};
  },
} satisfies Partial<CallHandlers>;

// Threads as lists show them, what was read, drafts and levels: over a real host in a folder.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HostBench } from '../../tests/support/host.ts';
import {
  acceptAnswer,
  decide,
  markMerged,
  mergeInto,
  setClosed,
  setPinned,
} from '../../shared/model/thread/fact-commands.ts';
import { addPost, editPost, removePost, vote } from '../../shared/model/thread/commands.ts';
import { hidePost, reportPost } from '../../shared/model/thread/moderation.ts';
import { postsWrittenIn } from '../../shared/model/thread/written-in.ts';
import { readThread } from '../../shared/model/thread/read.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

const OTHERS = { author: 'bo', device: 'bo-laptop' };

async function station() {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [found] = await host.call('space.list', { workspace });
  const space = found?.id ?? '';
  const begin = (title: string, type: 'discussion' | 'question' | 'idea' | 'announcement' = 'discussion') =>
    host.call('thread.begin', { workspace, space, type, title, text: `On ${title}` });
  const edit = async <T>(room: string, change: (doc: Y.Doc) => T): Promise<T> => {
    const result = await host.parts.documents.edit(room, change);
    await host.parts.threads.refresh(room);
    return result;
  };
  /** Posts of somebody else. */
  const answer = (room: string, ...texts: string[]): Promise<string[]> =>
    edit(room, (doc) => texts.map((text, at) => addPost(doc, { ...OTHERS, text, at: 100 + at })));
  const list = (more: object = {}) => host.call('thread.list', { workspace, space, ...more });
  return { folder, host, workspace, space, member, begin, edit, answer, list };
}

it('[T1] the list says who began it, the last post, how many, what is unread, and whether it was answered', async () => {
  const { host, workspace, member, begin, edit, answer, list } = await station();
  const question = await begin('Doppler lag', 'question');
  const [first, last] = await answer(question.room, 'Which elements?', 'Round **to nearest**');
  expect((await list()).threads).toMatchObject([
    {
      id: question.id,
      title: 'Doppler lag',
      type: 'question',
      starter: member,
      posts: 3,
      unread: 2,
      answered: false,
      last: { post: last, author: 'bo', excerpt: 'Round to nearest' },
    },
  ]);
  await edit(question.room, (doc) => acceptAnswer(doc, last!, { by: member, at: 5 }));
  expect((await list()).threads[0]).toMatchObject({ answered: true });
  await edit(question.room, (doc) => removePost(doc, last!, { by: 'bo', at: 6 }));
  const [entry] = (await list()).threads;
  expect(entry).toMatchObject({ answered: false, posts: 2, unread: 1, last: { post: first } });
  expect(await host.call('doc.show', { workspace, document: question.id })).toMatchObject({
    kind: 'thread',
    type: 'question',
  });
});

it('[T3][T4] what was read stays read after a restart, "unread from here" comes back, and badges say what the lists say', async () => {
  const { folder, host, workspace, space, begin, edit, answer, list } = await station();
  const { id, room } = await begin('Doppler lag');
  const posts = await answer(room, 'one', 'two', 'three');
  const numbers = (...all: number[]) => all.map((number) => ({ device: OTHERS.device, number }));
  expect(await host.call('thread.unread', { workspace })).toEqual({ [space]: 3 });
  await host.call('thread.read', { workspace, document: id, posts: numbers(1, 2) });
  expect((await list()).threads[0]?.unread).toBe(1);
  await host.call('thread.unreadFrom', { workspace, document: id, post: posts[1]! });
  expect((await list({ filter: 'unread' })).threads[0]?.unread).toBe(2);
  expect(await host.call('thread.reading', { workspace, document: id })).toEqual({
    read: { [OTHERS.device]: [[1, 1]] },
  });
  await edit(room, (doc) => hidePost(doc, posts[2]!, { by: 'bo', at: 9, reason: 'Personal' }));
  expect(await host.call('thread.unread', { workspace })).toEqual({ [space]: 1 });
  await host.close();

  const again = await bench.start(folder);
  await again.parts.threads.settled();
  expect(await again.call('thread.unread', { workspace })).toEqual({ [space]: 1 });
  await again.call('thread.read', { workspace, document: id, posts: numbers(2) });
  expect(await again.call('thread.unread', { workspace })).toEqual({});
  expect((await again.call('thread.list', { workspace, space, filter: 'unread' })).total).toBe(0);
});

it('[T10] a muted thread is in the list and in no badge', async () => {
  const { host, workspace, space, begin, answer, list } = await station();
  const { id, room } = await begin('Lunch');
  await answer(room, 'Soup');
  await host.call('level.set', { workspace, place: id, level: 'mute' });
  expect((await list()).threads[0]).toMatchObject({ level: 'mute', unread: 1 });
  expect(await host.call('thread.unread', { workspace })).toEqual({});
  await host.call('level.set', { workspace, place: id, level: null });
  await host.call('level.set', { workspace, place: space, level: 'mentions' });
  expect(await host.call('level.of', { workspace, place: id })).toEqual({ level: null });
  expect((await list()).threads[0]).toMatchObject({ level: 'mentions' });
});

it('[T10] who posts follows the thread where its space is quieter, and says otherwise for good', async () => {
  const { host, workspace, space, begin } = await station();
  const { id } = await begin('Lunch');
  const level = async (place: string) => (await host.call('level.of', { workspace, place })).level;
  expect(await host.call('level.follow', { workspace, document: id })).toEqual({ level: null });
  await host.call('level.set', { workspace, place: space, level: 'mentions' });
  expect(await host.call('level.follow', { workspace, document: id })).toEqual({ level: 'all' });
  const begun = await begin('Dinner');
  expect(await level(begun.id)).toBe('all');
  await host.call('level.set', { workspace, place: id, level: 'mute' });
  expect(await host.call('level.follow', { workspace, document: id })).toEqual({ level: 'mute' });
});

it('[T5] a draft is kept across a restart and is gone when it is emptied', async () => {
  const { folder, host, workspace, space, begin, list } = await station();
  const { id } = await begin('Doppler lag');
  await host.call('draft.write', { workspace, place: id, text: 'October only, and' });
  expect((await list()).threads[0]?.draft).toBe(true);
  await host.close();
  const again = await bench.start(folder);
  expect(await again.call('draft.of', { workspace, place: id })).toMatchObject([{ text: 'October only, and' }]);
  // What is typed in the place of a post's words lies apart from it.
  await again.call('draft.write', { workspace, place: id, post: 'post', text: 'November only' });
  await again.call('draft.write', { workspace, place: id, text: '' });
  expect(await again.call('draft.of', { workspace, place: id })).toEqual([]);
  expect(await again.call('draft.of', { workspace, place: id, post: 'post' })).toMatchObject([
    { text: 'November only' },
  ]);
  await expect(again.call('draft.write', { workspace, place: 'nowhere', post: 'post', text: 'x' })).rejects.toThrow();
  expect((await again.call('thread.list', { workspace, space })).threads[0]?.draft).toBe(false);
});

it('[T12][TH12] merged ideas count each member once, a late vote in the old one as well, and only one of them is listed', async () => {
  const { member, begin, edit, list } = await station();
  const [old, kept] = [await begin('More chairs', 'idea'), await begin('Chairs', 'idea')];
  const cast = (room: string, who: string) => edit(room, (doc) => vote(doc, { member: who, choices: [], at: 1 }));
  for (const who of [member, 'bo']) await cast(old.room, who);
  for (const who of ['bo', 'cy']) await cast(kept.room, who);
  await edit(old.room, (doc) => mergeInto(doc, kept.id, { by: member, at: 2 }));
  // Naming another thread is not enough: otherwise anybody could bring votes along.
  expect((await list({ type: 'idea' })).threads).toMatchObject([{ id: kept.id, votes: 2 }]);
  await edit(kept.room, (doc) => markMerged(doc, old.id));
  expect((await list({ type: 'idea' })).threads).toMatchObject([{ id: kept.id, votes: 3, voted: true }]);
  await cast(old.room, 'di');
  await edit(kept.room, (doc) => decide(doc, { state: 'planned', reason: 'In spring', by: member, at: 3 }));
  expect((await list({ type: 'idea' })).threads).toMatchObject([{ votes: 4, state: 'planned' }]);
});

it('[T1][T11] filters, types, pages and counts agree; the pinned stand first, ideas by their votes', async () => {
  const { member, begin, edit, list } = await station();
  const rooms = new Map<string, string>();
  for (let at = 0; at < 7; at += 1) {
    const { id, room } = await begin(`Thread ${at}`, at % 2 === 0 ? 'question' : 'idea');
    rooms.set(`Thread ${at}`, room);
    await edit(room, (doc) => addPost(doc, { ...OTHERS, text: 'yes', at: 10_000_000_000_000 + at }));
    if (at === 3)
      for (const who of ['bo', 'cy']) await edit(room, (doc) => vote(doc, { member: who, choices: [], at: 1 }));
    expect(id).not.toBe('');
  }
  await edit(rooms.get('Thread 0')!, (doc) => setPinned(doc, { by: member, at: 1 }));
  await edit(rooms.get('Thread 2')!, (doc) => setClosed(doc, { by: member, at: 1 }));
  await edit(rooms.get('Thread 4')!, (doc) => {
    reportPost(doc, { post: readThread(doc).posts[0]!.id, by: 'cy', at: 2, reason: 'Spam' });
  });
  const titles = async (more: object): Promise<string[]> => (await list(more)).threads.map(({ title }) => title);
  const all = await titles({});
  expect(all).toEqual(['Thread 0', ...[6, 5, 4, 3, 2, 1].map((at) => `Thread ${at}`)]);
  expect([
    ...(await titles({ most: 3 })),
    ...(await titles({ from: 3, most: 3 })),
    ...(await titles({ from: 6 })),
  ]).toEqual(all);
  expect((await list({})).counts).toEqual({ all: 7, unread: 7, unanswered: 3, mine: 7, reported: 1 });
  expect(await titles({ filter: 'unanswered' })).toEqual(['Thread 0', 'Thread 6', 'Thread 4']);
  expect(await titles({ filter: 'reported' })).toEqual(['Thread 4']);
  expect(await titles({ type: 'idea' })).toEqual(['Thread 3', 'Thread 5', 'Thread 1']);
});

it('[T1] what cannot be begun or marked says so and writes nothing', async () => {
  const { host, workspace, space, begin } = await station();
  const about = { workspace, space, title: 'Lunch', text: 'When' };
  await expect(host.call('thread.begin', { ...about, type: 'poll' })).rejects.toThrow('Nothing was begun');
  const { id } = await begin('Doppler lag');
  await expect(host.call('thread.unreadFrom', { workspace, document: id, post: 'none' })).rejects.toThrow(
    'not in the thread',
  );
  const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Plan', parent: null });
  await expect(host.call('thread.reading', { workspace, document: page.id })).rejects.toThrow('not a discussion');
  await expect(host.call('draft.write', { workspace, place: 'nowhere', text: 'x' })).rejects.toThrow(
    'not on this computer',
  );
  await expect(host.call('level.set', { workspace, place: 'nowhere', level: 'mute' })).rejects.toThrow(
    'not on this computer',
  );
  expect(await host.call('thread.list', { workspace, space })).toMatchObject({ total: 1 });
});

it('[T6] the posts that were begun or edited within clocks are told apart from the others', () => {
  const doc = new Y.Doc();
  const write = (text: string): string => addPost(doc, { ...OTHERS, text, at: 1 });
  const [before, edited] = [write('before'), write('edited')];
  const start = Y.getState(doc.store, doc.clientID);
  const later = write('later');
  editPost(doc, edited, { text: 'edited twice', at: 2 });
  const clocks = new Map([[doc.clientID, { start, end: Infinity }]]);
  expect(postsWrittenIn(doc, clocks).toSorted()).toEqual([edited, later].toSorted());
  expect(postsWrittenIn(doc, new Map())).toEqual([]);
  expect(postsWrittenIn(doc, new Map([[doc.clientID, { start: 0, end: start }]])).toSorted()).toEqual(
    [before, edited].toSorted(),
  );
});

it('[X3] a discussion is copied as text and looked back upon, and what was hidden or removed since is not shown there either', async () => {
  const { host, workspace, begin, edit, answer } = await station();
  const { id, room } = await begin('Doppler lag');
  const [, hidden, gone] = await answer(room, 'Round **to nearest**', 'My number is 5', 'A slip');
  const look = async (more: object): Promise<string> =>
    (await host.call('doc.markdown', { workspace, document: id, ...more })).markdown;
  expect(await look({})).toMatch(/^# Doppler lag\n[^]*> Round \*\*to nearest\*\*[^]*> My number is 5[^]*> A slip/);
  await edit(room, (doc) => hidePost(doc, hidden!, { by: 'bo', at: 9, reason: 'Personal' }));
  await edit(room, (doc) => removePost(doc, gone!, { by: 'bo', at: 9 }));
  for (const text of [await look({}), await look({ at: Date.now() })]) {
    expect(text).toContain('Round');
    expect(text).toMatch(/Hidden by [^]*This post was removed/);
    expect(text).not.toMatch(/number|slip/);
  }
});

// Looking after threads over a real host in a folder: similar ones, moving, splitting, merging, a card of one, who has seen an announcement.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HostBench } from '../../tests/support/host.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { addPost, editPost, react } from '../../shared/model/thread/commands.ts';
import { moderate, readDeeds } from '../../shared/model/thread/deeds.ts';
import { readFacts } from '../../shared/model/thread/facts.ts';
import { markSplit, readReports, reportPost } from '../../shared/model/thread/moderation.ts';
import { readThread } from '../../shared/model/thread/read.ts';
import { readReaders } from '../../shared/model/thread/readers.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

const BO = { author: 'bo', device: 'bo-laptop' };

async function station() {
  const host = await bench.start(await bench.folder());
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [first] = await host.call('space.list', { workspace });
  const space = first?.id ?? '';
  const begin = (
    title: string,
    text: string,
    type: 'discussion' | 'question' | 'idea' | 'announcement' = 'discussion',
  ) => host.call('thread.begin', { workspace, space, type, title, text });
  const edit = async <T>(room: string, change: (doc: Y.Doc) => T): Promise<T> => {
    const result = await host.parts.documents.edit(room, change);
    await host.parts.threads.refresh(room);
    return result;
  };
  const read = <T>(room: string, look: (doc: Y.Doc) => T): Promise<T> => host.parts.documents.read(room, look);
  return { host, workspace, space, member, begin, edit, read };
}

it('[T12][T11] similar threads are found by the words that few have, in titles and in first posts, whatever their endings', async () => {
  const { host, workspace, space, begin } = await station();
  for (let at = 0; at < 12; at += 1) await begin(`The plan of week ${at}`, 'What we do and when');
  const chairs = await begin('Better chairs', 'My back hurts after every pass', 'idea');
  const doppler = await begin('Doppler lag', 'The receiver trails the signal', 'question');
  const similar = async (text: string): Promise<string[]> =>
    (await host.call('thread.similar', { workspace, space, text })).map(({ id }) => id);
  expect(await similar('A better chair for the station')).toEqual([chairs.id]);
  expect(await similar('receivers that trail')).toEqual([doppler.id]);
  expect(await similar('bicycles')).toEqual([]);
  expect(await similar('')).toEqual([]);
  await expect(host.call('thread.similar', { workspace, space: 'nowhere', text: 'x' })).rejects.toThrow('not in');
});

it('[T14][TH13] posts go into a thread of their own with ids, words, authors and reactions; the old place leads there, and nothing is unread by it', async () => {
  const { host, workspace, space, begin, edit, read } = await station();
  const { id, room } = await begin('Lunch', 'Where');
  const [soup, dish, bike] = await edit(room, (doc) =>
    ['Soup', 'The dish wobbles', 'Since Monday'].map((text, at) => addPost(doc, { ...BO, text, at: 100 + at })),
  );
  await edit(room, (doc) => react(doc, { post: dish!, member: 'cy', emoji: '👀' }, true));
  await edit(room, (doc) => moderate(doc, { what: 'hide', to: bike!, by: 'ana', at: 9, reason: 'Rude' }));
  const split = { workspace, document: id, posts: [dish!, bike!], title: 'The dish' };
  const made = await host.call('thread.split', split);
  expect(made).toMatchObject({ kind: 'thread', title: 'The dish', space, createdBy: 'bo' });
  const now = await read(made.room, readThread);
  expect(now.posts.map((one) => [one.id, one.author, one.text, one.reactions.length])).toEqual([
    [dish, 'bo', 'The dish wobbles', 1],
    [bike, 'bo', 'Since Monday', 0],
  ]);
  expect(now.facts.splitFrom).toMatchObject({ thread: id });
  expect([...now.marks.hidden.keys()]).toEqual([bike]);
  const old = await read(room, readThread);
  expect([...old.marks.split]).toEqual([
    [dish, made.id],
    [bike, made.id],
  ]);
  expect(old.posts.map(({ text }) => text)).toContain('The dish wobbles');
  // Whoever edits it in the old place, because they were away, is read there again.
  await edit(room, (doc) => editPost(doc, dish!, { text: 'The dish wobbles in the wind', at: 999 }));
  const late = (await read(room, readThread)).marks;
  expect([[...late.split.keys()], [...late.apart]]).toEqual([[bike], [[dish, made.id]]]);
  await edit(room, (doc) => markSplit(doc, dish!, made.id));
  const unread = Object.fromEntries(
    (await host.call('thread.list', { workspace, space })).threads.map((one) => [one.title, one.unread]),
  );
  expect(unread).toEqual({ Lunch: 1, 'The dish': 0 });
  // Once more takes nothing twice, and a thread keeps its first post.
  await expect(host.call('thread.split', split)).rejects.toThrow('keeps its first post');
  const [first] = old.posts;
  await expect(host.call('thread.split', { ...split, posts: [first!.id, soup!] })).rejects.toThrow(
    'keeps its first post',
  );
});

it('[T14][TH12] a thread goes on in another one and comes back; not in itself, and not in one that ended', async () => {
  const { host, workspace, space, begin, read } = await station();
  const [old, kept] = [await begin('More chairs', 'a', 'idea'), await begin('Chairs', 'b', 'idea')];
  const merge = (document: string, into: string) => host.call('thread.merge', { workspace, document, into });
  const listed = async () =>
    (await host.call('thread.list', { workspace, space })).threads.map(({ title }) => title).toSorted();
  await merge(old.id, kept.id);
  expect(await listed()).toEqual(['Chairs']);
  await expect(merge(kept.id, old.id)).rejects.toThrow('Nothing was changed');
  await expect(merge(kept.id, kept.id)).rejects.toThrow('Nothing was changed');
  await host.call('thread.unmerge', { workspace, document: old.id });
  expect(await listed()).toEqual(['Chairs', 'More chairs']);
  expect((await read(old.room, readDeeds)).map(({ what, to }) => [what, to])).toEqual([
    ['merge', kept.id],
    ['unmerge', kept.id],
  ]);
});

it('[T14][PS6] a thread moves to another space with its id, its posts and what was read of it', async () => {
  const { host, workspace, space, begin, edit } = await station();
  const { id: other } = await host.call('space.create', { workspace, name: 'Crew' });
  const { id, room } = await begin('Lunch', 'Where');
  await edit(room, (doc) => ['Soup', 'Bread'].map((text, at) => addPost(doc, { ...BO, text, at: 100 + at })));
  await host.call('thread.read', { workspace, document: id, posts: [{ device: BO.device, number: 1 }] });
  await host.call('doc.transfer', { workspace, document: id, space: other });
  const list = async (of: string) => (await host.call('thread.list', { workspace, space: of })).threads;
  expect(await list(space)).toEqual([]);
  expect(await list(other)).toMatchObject([{ id, posts: 3, unread: 1 }]);
  expect(await host.call('thread.unread', { workspace })).toEqual({ [other]: 1 });
  await host.call('thread.read', { workspace, document: id, posts: [{ device: BO.device, number: 2 }] });
  expect(await host.call('thread.reading', { workspace, document: id })).toEqual({ read: { [BO.device]: [[1, 2]] } });
  expect(await host.call('thread.unread', { workspace })).toEqual({});
});

it('[T12] a card is made of an idea, and each leads to the other', async () => {
  const { host, workspace, space, begin, read } = await station();
  const idea = await begin('Better chairs', 'My back hurts', 'idea');
  const board = await host.call('doc.create', { workspace, space, kind: 'board', title: 'Station', parent: null });
  const column = (await read(board.room, readBoard)).columns[0]!.id;
  const make = { workspace, document: idea.id, board: board.id, column, title: 'Better chairs' };
  const { card } = await host.call('thread.card', make);
  const [first] = (await read(board.room, readBoard)).columns;
  expect(first).toMatchObject({ id: column, cards: [{ id: card, title: 'Better chairs' }] });
  expect((await read(idea.room, readFacts)).cards).toEqual([{ card, board: board.id }]);
  expect(JSON.stringify(await host.call('doc.show', { workspace, document: card }))).toContain(`page:${idea.id}`);
  await expect(host.call('thread.card', { ...make, board: idea.id })).rejects.toThrow('Nothing was changed');
  const rooms = async () => (await host.parts.hub.changes(workspace, space, 0, 500)).map(({ room }) => room).sort();
  const before = await rooms();
  await expect(host.call('thread.card', { ...make, column: 'elsewhere' })).rejects.toThrow();
  expect(await rooms()).toEqual(before);
});

it('[T17][TH16] whoever has had an announcement on screen is said once, by reading and not by opening, and only there', async () => {
  const { host, workspace, space, member, begin, edit, read } = await station();
  const seen = (document: string) => host.call('thread.seen', { workspace, document });
  // Bo's announcement, which arrives here.
  const { id, room } = await begin('Talk', 'x');
  await edit(room, (doc) => {
    for (const [key, value] of [
      ['type', 'announcement'],
      ['createdBy', 'bo'],
    ] as const)
      doc.getMap('meta').set(key, value);
    doc.getMap('posts').clear();
    addPost(doc, { ...BO, text: 'The hut is closed', at: 1 });
    addPost(doc, { ...BO, text: 'Until May', at: 2 });
  });
  await host.call('thread.reading', { workspace, document: id });
  expect(await seen(id)).toEqual({ seen: [], synced: [member], members: [member] });
  await host.call('thread.read', { workspace, document: id, posts: [{ device: BO.device, number: 2 }] });
  expect((await read(room, readReaders)).size).toBe(0);
  await host.call('thread.read', { workspace, document: id, posts: [{ device: BO.device, number: 1 }] });
  const at = (await read(room, readReaders)).get(member);
  expect(at).toBeGreaterThan(0);
  await host.call('thread.read', { workspace, document: id, posts: [{ device: BO.device, number: 1 }] });
  expect((await read(room, readReaders)).get(member)).toBe(at);
  expect(await seen(id)).toEqual({ seen: [member], synced: [member], members: [member] });
  const plain = await begin('Lunch', 'Where');
  await edit(plain.room, (doc) => addPost(doc, { ...BO, text: 'Soup', at: 3 }));
  await host.call('thread.read', { workspace, document: plain.id, posts: [{ device: BO.device, number: 1 }] });
  expect((await read(plain.room, readReaders)).size).toBe(0);
  expect(space).not.toBe('');
});

it('[T9][T14][TH15] what managers do is done and noted in one step, and reading it is total', () => {
  const doc = new Y.Doc();
  const post = addPost(doc, { ...BO, text: 'Buy now', at: 1 });
  let steps = 0;
  doc.on('update', () => (steps += 1));
  reportPost(doc, { post, by: 'cy', at: 2, reason: 'Spam' });
  const by = { by: 'ana', reason: '' };
  moderate(doc, { ...by, what: 'hide', to: post, at: 3, reason: 'Advertising' });
  moderate(doc, { ...by, what: 'dealt-with', to: post, at: 4 });
  moderate(doc, { ...by, what: 'show', to: post, at: 5 });
  moderate(doc, { ...by, what: 'close', to: null, at: 6 });
  moderate(doc, { ...by, what: 'reopen', to: null, at: 7 });
  expect(steps).toBe(6);
  expect(readThread(doc).marks.hidden.size).toBe(0);
  expect(readReports(doc)).toEqual([]);
  expect(readFacts(doc).closed).toBeNull();
  expect(readDeeds(doc).map(({ what, reason }) => `${what} ${reason}`.trim())).toEqual([
    'hide Advertising',
    'dealt-with',
    'show',
    'close',
    'reopen',
  ]);
  const deeds = doc.getMap('deeds');
  for (const bad of [
    1,
    null,
    {},
    { what: 'hide' },
    { what: 'explode', by: 'x', at: 1 },
    { what: 'pin', by: 'x', at: 9, to: {}, reason: 7 },
  ])
    deeds.set(`x${String(deeds.size)}`, bad);
  expect(readDeeds(doc)).toHaveLength(6);
  expect(() => moderate(doc, { ...by, what: 'hide', to: 'nowhere', at: 8 })).toThrow('not in the thread');
});

// What calls on a member, over a real host in a folder: each once, ended by reading, by what is said of it, and not before its time.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HostBench } from '../../../tests/support/host.ts';
import { addPost } from '../../../shared/model/thread/commands.ts';
import { acceptAnswer, decide } from '../../../shared/model/thread/fact-commands.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { addCard, moveCard } from '../../../shared/model/board/card-commands.ts';
import { setCardDue, setCardMember } from '../../../shared/model/board/card-details.ts';
import { readBoard } from '../../../shared/model/board/read.ts';
import { createPersonal, personalRoom, type PersonalMatter } from '../../../shared/model/personal/personal.ts';
import { cardsMatter, markBoardSeen } from '../../../shared/model/personal/read-cards.ts';
import { setWatched } from '../../../shared/model/personal/watched.ts';
import type { InboxEntry } from '../../contract/inbox.ts';
import type { FreshEntries } from './inbox.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** Of all of them only the newest are heeded. */
const MENTIONS = process.env['CARAVAN_LONG'] ? 10_000 : 2_000;
const OTHERS = { author: 'bo', device: 'bo-laptop' };
const NUMBERED = (number: number) => [{ device: OTHERS.device, number }];

async function station() {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [found] = await host.call('space.list', { workspace });
  const space = found?.id ?? '';
  const fresh: FreshEntries[] = [];
  host.parts.inbox.onFresh((told) => fresh.push(told));
  const begin = (type: 'discussion' | 'question' | 'idea', title = 'Doppler lag') =>
    host.call('thread.begin', { workspace, space, type, title, text: `On ${title}` });
  const edit = <T>(room: string, change: (doc: Y.Doc) => T): Promise<T> => host.parts.documents.edit(room, change);
  /** Of somebody else, a moment from now on. */
  const post = (room: string, text: string, reply?: string): Promise<string> =>
    edit(room, (doc) => addPost(doc, { ...OTHERS, text, at: Date.now(), ...(reply === undefined ? {} : { reply }) }));
  const list = async (on = host): Promise<readonly InboxEntry[]> => {
    await on.parts.inbox.settled();
    return (await on.call('inbox.list', { workspace })).entries;
  };
  const told = () => fresh.flatMap(({ entries }) => entries.map(({ reason }) => reason));
  return { folder, host, workspace, space, member, begin, edit, post, list, told };
}

it('[T18] a mention, a reply and an answer call once each; reading the post ends it', async () => {
  const { host, workspace, member, begin, post, list, told } = await station();
  const talk = await begin('discussion');
  const question = await begin('question', 'Which elements?');
  const first = await post(talk.room, `[@Ana](member:${member}) can you *measure* before Friday?`);
  const answer = await post(question.room, 'The newest');
  const entries = await list();
  expect(entries).toHaveLength(2);
  expect(entries).toContainEqual(
    expect.objectContaining({
      id: `post:${talk.id}:${first}`,
      reason: 'mention',
      document: talk.id,
      title: 'Doppler lag',
      place: { post: first },
      by: ['bo'],
      excerpt: '@Ana can you measure before Friday?',
      state: 'new',
    }),
  );
  expect(entries).toContainEqual(expect.objectContaining({ reason: 'answer', place: { post: answer } }));
  expect(told().sort()).toEqual(['answer', 'mention']);
  await host.call('thread.read', { workspace, document: talk.id, posts: NUMBERED(1) });
  expect((await list()).map(({ reason, state }) => [reason, state])).toEqual(
    expect.arrayContaining([
      ['mention', 'done'],
      ['answer', 'new'],
    ]),
  );
  expect(host.parts.inbox.count(workspace)).toBe(1);
});

it('[T18] what is done, snoozed and taken back stays so over a restart, and nothing is told twice', async () => {
  const { folder, host, workspace, member, begin, post, list, told } = await station();
  const talk = await begin('discussion');
  await post(talk.room, `[@Ana](member:${member}) one`);
  await post(talk.room, 'two');
  const [news, mention] = [...(await list())].sort((a, b) => (a.reason < b.reason ? 1 : -1));
  expect([news?.reason, mention?.reason]).toEqual(['post', 'mention']);
  await host.call('inbox.mark', { workspace, entries: [mention!.id, news!.id], state: 'done' });
  expect(host.parts.inbox.count(workspace)).toBe(0);
  await host.call('inbox.mark', { workspace, entries: [mention!.id], state: 'new' });
  const until = Date.now() + 3_600_000;
  await host.call('inbox.mark', { workspace, entries: [news!.id], state: 'snoozed', until });
  expect(host.parts.inbox.count(workspace)).toBe(1);
  await host.close();
  const again = await bench.start(folder);
  const after: string[] = [];
  again.parts.inbox.onFresh(({ entries }) => after.push(...entries.map(({ id }) => id)));
  expect((await list(again)).map(({ id, state, until: at }) => [id, state, at])).toEqual(
    expect.arrayContaining([
      [mention!.id, 'new', null],
      [news!.id, 'snoozed', until],
    ]),
  );
  expect([after, told().sort()]).toEqual([[], ['mention', 'post']]);
  // What comes after is an entry of its own.
  await again.parts.documents.edit(talk.room, (doc) => addPost(doc, { ...OTHERS, text: 'three', at: Date.now() }));
  const now = await list(again);
  expect(
    now
      .filter(({ reason }) => reason === 'post')
      .map(({ state }) => state)
      .sort(),
  ).toEqual(['new', 'snoozed']);
  expect(after).toHaveLength(1);
});

it('[W5] mentions in a page call once a visit, whoever types around them; my own and old ones do not', async () => {
  const { host, workspace, space, member, edit, list, told } = await station();
  const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Dish', parent: null });
  const write = (by: string, words: string) =>
    edit(page.room, (doc) =>
      doc.transact(() => {
        const marker = new Y.Map<unknown>([
          ['kind', 'paragraph'],
          ['id', `block-${words}`],
        ]);
        bodyOf(doc).insertEmbed(bodyOf(doc).length, marker);
        bodyOf(doc).insert(bodyOf(doc).length, `${words} `);
        bodyOf(doc).insertEmbed(bodyOf(doc).length, { type: 'mention', member, by, at: Date.now() });
      }),
    );
  await write(member, 'mine');
  expect(await list()).toEqual([]);
  await write('bo', 'first');
  await write('bo', 'second');
  await edit(page.room, (doc) => bodyOf(doc).insert(bodyOf(doc).length, ' and more'));
  const [entry, ...others] = await list();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ reason: 'mention', kind: 'page', title: 'Dish', things: 2, by: ['bo'] });
  expect(entry?.excerpt).toContain('@Ana');
  const vector = await host.parts.documents.read(page.room, (doc) => Y.encodeStateVector(doc));
  await host.call('seen.mark', { workspace, document: page.id, vector: Buffer.from(vector).toString('base64url') });
  expect((await list()).map(({ state }) => state)).toEqual(['done']);
  await write('bo', 'third');
  const visits = await list();
  expect(visits.map(({ state }) => state).sort()).toEqual(['done', 'new']);
  expect(visits.find(({ state }) => state === 'new')?.place).toEqual({ block: 'block-third' });
  expect(told()).toEqual(['mention', 'mention']);
});

it('[T11] an accepted answer of mine, and what became of my idea with its reason, call on me', async () => {
  const { host, workspace, space, member, begin, edit, list } = await station();
  const idea = await begin('idea', 'A second dish');
  await edit(idea.room, (doc) => decide(doc, { state: 'planned', reason: 'There is room', by: 'bo', at: Date.now() }));
  const asked = await host.call('thread.begin', {
    workspace,
    space,
    type: 'question',
    title: 'Where?',
    text: 'Where?',
  });
  const mine = await edit(asked.room, (doc) =>
    addPost(doc, { author: member, device: 'ana-phone', text: 'On the roof', at: Date.now() }),
  );
  await edit(asked.room, (doc) => acceptAnswer(doc, mine, { by: 'bo', at: Date.now() }));
  expect((await list()).map(({ reason, excerpt }) => [reason, excerpt]).sort()).toEqual([
    ['accepted', 'On the roof'],
    ['idea', 'planned: There is room'],
  ]);
});

it('[X5][T18] a time in the future stands at when it came, a flood of mentions is one entry, strangers are nobody', async () => {
  const { workspace, host, space, member, begin, edit, post, list } = await station();
  const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Dish', parent: null });
  await edit(page.room, (doc) =>
    doc.transact(() => {
      for (let count = 0; count < MENTIONS; count += 1) {
        bodyOf(doc).insertEmbed(0, { type: 'mention', member, by: 'x'.repeat(500), at: 8e15 });
        if (count % 10 !== 0) continue;
        bodyOf(doc).insertEmbed(0, { type: 'mention', member: {} });
        bodyOf(doc).insertEmbed(0, new Y.Map([['kind', 'paragraph']]));
      }
    }),
  );
  await list();
  const talk = await begin('discussion');
  await post(talk.room, `[@Ana](member:${member}) now`);
  const entries = await list();
  expect(entries.map(({ kind }) => kind)).toEqual(['thread', 'page']);
  expect(entries[1]).toMatchObject({ by: [], at: 8e15 });
  expect(Math.abs((entries[1]?.arrived ?? 0) - Date.now())).toBeLessThan(600_000);
});

it('[B13] a card, a column, a board and a page that I watch tell once a visit who changed what, never what I wrote', async () => {
  const { host, workspace, space, member, edit, list, told } = await station();
  const board = await host.call('doc.create', { workspace, space, kind: 'board', title: 'Station', parent: null });
  const page = await host.call('doc.create', { workspace, space, kind: 'page', title: 'Dish', parent: null });
  const bo = { by: 'bo', at: Date.now() };
  const [first, second] = await edit(board.room, (doc) => {
    const columns = readBoard(doc).columns.map(({ id }) => id);
    return ['Mast', 'Licence'].map((title) =>
      addCard(doc, { title, column: columns[0]!, createdBy: 'bo', createdAt: Date.now() }),
    );
  });
  const columns = await host.parts.documents.read(board.room, (doc) => readBoard(doc).columns.map(({ id }) => id));
  const mine = (matter: PersonalMatter, change: (doc: Y.Doc) => void): Promise<void> =>
    edit(personalRoom(workspace, member, matter), (doc) => {
      createPersonal(doc, { createdBy: member, createdAt: 1 });
      change(doc);
    });
  const clocks = () => host.parts.documents.read(board.room, (doc) => Y.decodeStateVector(Y.encodeStateVector(doc)));
  const seen = await clocks();
  await mine(cardsMatter(board.id), (doc) => markBoardSeen(doc, 'phone', seen));
  await mine('watched', (doc) => {
    setWatched(doc, { board: board.id, card: first! }, 1);
    setWatched(doc, { board: page.id }, 1);
  });
  // Of what nobody watches nothing is told.
  await edit(board.room, (doc) => moveCard(doc, second!, { column: columns[1]! }, bo));
  expect(await list()).toEqual([]);
  await edit(board.room, (doc) => moveCard(doc, first!, { column: columns[1]! }, bo));
  await edit(board.room, (doc) => setCardDue(doc, first!, '2027-01-01'));
  const [entry, ...others] = await list();
  expect(others).toEqual([]);
  expect(entry).toMatchObject({
    reason: 'watched',
    kind: 'card',
    title: 'Mast',
    document: first,
    place: { board: board.id, card: first },
    by: ['bo'],
    excerpt: 'Now in Doing, due',
  });
  await host.call('inbox.mark', { workspace, entries: [entry!.id], state: 'done' });
  expect(host.parts.inbox.count(workspace)).toBe(0);
  await edit(board.room, (doc) => setCardDue(doc, first!, '2027-02-02'));
  expect((await list()).map(({ state }) => state).sort()).toEqual(['done', 'new']);
  const now = await clocks();
  await mine(cardsMatter(board.id), (doc) => markBoardSeen(doc, 'phone', now));
  expect(await list()).toEqual([]);

  // A page: text of mine under a client that I named, and text of somebody else.
  const vector = await host.parts.documents.read(page.room, (doc) => Y.encodeStateVector(doc));
  await host.call('seen.mark', { workspace, document: page.id, vector: Buffer.from(vector).toString('base64url') });
  const write = async (client: number, words: string): Promise<void> => {
    await host.parts.documents.edit(page.room, (doc) => {
      doc.clientID = client;
      bodyOf(doc).insert(0, words);
    });
  };
  await host.call('seen.own', { workspace, document: page.id, client: 11 });
  await write(11, 'mine ');
  expect(await list()).toEqual([]);
  await write(12, 'theirs ');
  const [text] = await list();
  expect(text).toMatchObject({ reason: 'watched', kind: 'page', title: 'Dish', excerpt: 'theirs mine' });
  await write(12, 'more ');
  expect((await list()).map(({ id }) => id)).toEqual([text!.id]);
  await host.call('inbox.mute', { workspace, document: page.id, mute: true });
  expect(await list()).toEqual([]);
  expect(told()).toEqual(['watched', 'watched', 'watched']);
});

it('[B13] being put on a card calls once, by somebody else, and taking it off ends it', async () => {
  const { host, workspace, space, member, edit, list } = await station();
  const board = await host.call('doc.create', { workspace, space, kind: 'board', title: 'Station', parent: null });
  const [theirs, mine] = await edit(board.room, (doc) => {
    const column = readBoard(doc).columns[0]?.id;
    const cards = ['Mast', 'Licence'].map((title) =>
      addCard(doc, { title, column: column!, createdBy: 'bo', createdAt: Date.now() }),
    );
    setCardMember(doc, [cards[0]!], member, true, null, { by: 'bo', at: Date.now() });
    setCardMember(doc, [cards[1]!], member, true, null, { by: member, at: Date.now() });
    return cards;
  });
  expect(mine).toBeDefined();
  expect(await list()).toMatchObject([
    {
      reason: 'assigned',
      kind: 'card',
      document: theirs,
      title: 'Mast',
      by: ['bo'],
      place: { board: board.id, card: theirs },
    },
  ]);
  await edit(board.room, (doc) => setCardMember(doc, [theirs!], member, false));
  expect(await list()).toEqual([]);
});

// What came while a computer was away, between real hosts and a real relay: told once, first what waits for its person, and done for good; also where the host was killed.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CallClient } from '../../app/contract/call-messages.ts';
import type { CallName, CallParams } from '../../app/contract/calls.ts';
import type { DigestItem } from '../../app/contract/digest.ts';
import type { NoticePlace } from '../../app/contract/notify.ts';
import type { Notifier } from '../../app/host/notify/notifier.ts';
import type { Landed } from '../../app/host/digest/digests.ts';
import type { Host } from '../../app/host/host.ts';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { utf8 } from '../../shared/base/encoding.ts';
import { addCard, moveCard } from '../../shared/model/board/card-commands.ts';
import { setCardMember } from '../../shared/model/board/card-details.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
import type { NewBlock } from '../../shared/model/page/block.ts';
import { readBlocks } from '../../shared/model/page/read.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { killLeftovers, openHost } from '../support/host-process.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

const HOUR = 3_600_000;

/** Real timers, another time. */
function later(by: number): Clock {
  return { now: () => systemClock.now() + by, after: (wait, run) => systemClock.after(wait, run) };
}

function words(text: string, mention?: string): NewBlock {
  const said = { type: 'text' as const, text, marks: {} };
  const content = mention === undefined ? [said] : [said, { type: 'mention' as const, member: mention }];
  return { type: 'text', kind: 'paragraph', content };
}

async function synced(workspace: string, ...hosts: Host[]): Promise<void> {
  for (const host of [...hosts, ...hosts]) await host.call('sync.wait', { workspace, timeout: 20_000 });
}

/** The computer comes back so much later; what it tells of its landings is noted. */
async function back(team: AccessTeam, host: Host, clock: Clock): Promise<{ host: Host; landed: Landed[] }> {
  const folder = team.folders.get(host) ?? '';
  await bench.stop(host);
  const again = await bench.start(folder, { clock });
  team.folders.set(again, folder);
  const landed: Landed[] = [];
  again.parts.digests.onLanded((one) => landed.push(one));
  await synced(team.workspace, again);
  await again.parts.digests.settled();
  return { host: again, landed };
}

function told(items: readonly DigestItem[]): string[] {
  return items.map(({ what, title }) => `${what} ${title}`).sort();
}

it('[D1][LD1][LD3] away while forty changes are made, with three mentions, two moves and an overlap: told once, those first, each where it is; done is done, and a second landing brings nothing again', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const first = await team.join('Bo');
  const [anaId, boId] = [team.member(ana), team.member(first)];
  const room = (document: string): string => `${workspace}/${space}/${document}`;
  const pages: string[] = [];
  for (const title of ['Passes', 'Lightning', 'Frequencies', 'Hut', 'Not followed']) {
    const page = await team.page(ana, space, title);
    await ana.parts.documents.edit(room(page), (doc) =>
      appendBlocks(bodyOf(doc), [words('Start three minutes early.')]),
    );
    pages.push(page);
  }
  const place = { workspace, space, parent: null } as const;
  const board = await ana.call('doc.create', { ...place, kind: 'board', title: 'Build' });
  const cards = await ana.parts.documents.edit(board.room, (doc) => {
    const [column] = readBoard(doc).columns;
    const made = ['Mast', 'Cable', 'Others'].map((title) =>
      addCard(doc, { column: column!.id, title, createdBy: anaId, createdAt: 1 }),
    );
    setCardMember(doc, made.slice(0, 2), boId, true);
    return made;
  });
  const thread = await ana.call('thread.begin', {
    workspace,
    space,
    type: 'discussion',
    title: 'Rain',
    text: 'It rained',
  });
  await synced(workspace, ana, first);
  await until('Bo has all of it', async () => (await team.titles(first)).includes('Rain'));
  for (const document of pages.slice(0, 4))
    await first.call('favourites.set', { workspace, document, favourite: true });
  await synced(workspace, first);
  expect(await first.call('digest.read', { workspace })).toMatchObject({ span: null, count: 0, sections: [] });
  const folder = team.folders.get(first) ?? '';
  // Bo goes offline, and changes a sentence that Ana changes as well.
  const instead = (page: string, host: Host, to: string) =>
    host.parts.documents.edit(room(page), (doc) => {
      const body = bodyOf(doc);
      const at = body.toString().indexOf('three');
      body.delete(at + 1, 5);
      body.insert(at + 1, to);
    });
  await team.relay.end('SIGTERM');
  await until(
    'Bo is offline',
    async () => (await first.call('workspace.truths', { workspace })).link.state !== 'online',
  );
  await instead(pages[3]!, first, 'seven');
  await bench.stop(first);
  await team.startRelay();
  await until('Ana is online', async () => (await ana.call('workspace.truths', { workspace })).link.state === 'online');

  // Ana: three mentions, two moves of Bo's cards and one of another's, the sentence, and edits of pages.
  const edit = (page: string, ...blocks: NewBlock[]) =>
    ana.parts.documents.edit(room(page), (doc) => appendBlocks(bodyOf(doc), blocks));
  await edit(pages[4]!, words('Can you measure the sway, ', boId));
  await ana.parts.documents.edit(thread.room, (doc) =>
    addPost(doc, {
      author: anaId,
      device: ana.parts.device.id,
      text: `What do you say [@Bo](member:${boId})?`,
      at: Date.now(),
    }),
  );
  await edit(pages[3]!, words('Ask ', boId));
  await ana.parts.documents.edit(board.room, (doc) => {
    const [, doing] = readBoard(doc).columns;
    for (const card of cards) moveCard(doc, card, { column: doing!.id }, { by: anaId, at: Date.now() });
  });
  for (let round = 0; round < 34; round += 1) await edit(pages[round % 3]!, words(`Line ${String(round)} of Ana`));
  await instead(pages[0]!, ana, 'five');
  await instead(pages[3]!, ana, 'nine');
  await synced(workspace, ana);

  const shown: NoticePlace[] = [];
  const notifier: Notifier = {
    kind: 'electron',
    show: ({ place: at }) => shown.push(at ?? { to: 'inbox', workspace: '' }) > 0,
    count: () => undefined,
    stay: () => undefined,
  };
  const started = await bench.start(folder, { clock: later(HOUR), notifier });
  team.folders.set(started, folder);
  const landed: Landed[] = [];
  started.parts.digests.onLanded((one) => landed.push(one));
  await until('it is told', () => landed.length > 0);
  await synced(workspace, started);
  // What both changed is found from the sessions, which come behind the documents.
  await until('the overlap is found', async () => (await started.call('overlap.list', { workspace })).count === 1);
  const sectionsNow = async () => (await started.call('digest.read', { workspace })).sections.map(({ name }) => name);
  await until('and in the digest', async () => (await sectionsNow()).includes('overlaps'));
  await started.parts.digests.settled();
  const digest = await started.call('digest.read', { workspace });
  expect(landed).toMatchObject([{ workspace, counts: { asked: 3, moved: 2 } }]);
  expect(digest).toMatchObject({ absences: 1, open: false, people: [anaId], clocks: [] });
  expect((digest.span?.to ?? 0) - (digest.span?.from ?? 0)).toBeGreaterThan(HOUR / 2);
  const sections = new Map(digest.sections.map(({ name, items }) => [name, items]));
  expect([...sections.keys()].slice(0, 3)).toEqual(['asked', 'overlaps', 'moved']);
  expect(sections.get('overlaps')?.map(({ what, title, place: at }) => [what, title, at.block !== undefined])).toEqual([
    ['overlap', 'Hut', true],
  ]);
  expect(told(sections.get('asked') ?? [])).toEqual(['mention Hut', 'mention Not followed', 'mention Rain']);
  expect(told(sections.get('moved') ?? [])).toEqual(['card Cable', 'card Mast']);
  // Each where it is: the block, the post, the card on its board.
  for (const item of sections.get('asked') ?? []) {
    const found = await started.parts.documents.read(room(item.document), (doc) =>
      item.what === 'mention' && item.kind === 'thread'
        ? doc.getMap('posts').has(item.place.post ?? '')
        : readBlocks(bodyOf(doc)).some(
            (block) => block.id === item.place.block && JSON.stringify(block).includes(boId),
          ),
    );
    expect([item.title, found]).toEqual([item.title, true]);
  }
  expect(
    sections.get('moved')?.map(({ place: at, by, from, to }) => [at.board, at.card, by, from !== '', to !== '']),
  ).toEqual(expect.arrayContaining(cards.slice(0, 2).map((card) => [board.id, card, [anaId], true, true])));
  const followed = sections.get('followed')?.filter(({ what }) => what === 'page') ?? [];
  expect(told(followed)).toEqual(['page Frequencies', 'page Hut', 'page Lightning', 'page Passes']);
  const passes = followed.find(({ title }) => title === 'Passes');
  // 12 lines of four words; a word for a word in the first.
  expect(passes?.difference).toMatchObject({ added: 12 * 4 + 1, removed: 1, fresh: false });
  const [change] = passes?.difference?.passages ?? [];
  expect(change?.pieces.map(({ text, change: how }) => `${how} ${text}`)).toEqual(
    expect.arrayContaining(['out three', 'in five']),
  );
  expect(passes?.place.block).toBe(change?.block);
  const { markdown, name } = await started.call('digest.markdown', { workspace });
  expect(name).toMatch(/^While you were away .*\.md$/);
  for (const said of ['## Asked of you (3)', '**Ana** mentioned you in', '~~three~~', '## Your cards that moved (2)'])
    expect(markdown).toContain(said);

  // One notification for all of it, which leads here; a clock's longest wait for another one is over by then.
  await started.parts.notifying.notify.settled();
  expect(shown).toEqual([{ to: 'digest', workspace }]);

  // Nothing new: not told again, and what was not done is still there.
  const second = await back(team, started, later(2 * HOUR));
  expect(second.landed).toEqual([]);
  expect((await second.host.call('digest.read', { workspace })).count).toBe(digest.count);
  const [one] = sections.get('asked') ?? [];
  await second.host.call('digest.done', { workspace, keys: [one!.key], done: true });
  expect(await second.host.call('digest.count', { workspace })).toEqual({ count: digest.count - 1 });

  // More while it is not done: both are told together. What is done stays done.
  const off = team.folders.get(second.host) ?? '';
  await bench.stop(second.host);
  await edit(pages[0]!, words('One more thing'));
  await synced(workspace, ana);
  const third = await bench.start(off, { clock: later(4 * HOUR) });
  team.folders.set(third, off);
  await synced(workspace, third);
  await until('both are in it', async () => {
    await third.parts.digests.settled();
    const { absences, open, sections: all } = await third.call('digest.read', { workspace });
    const page = all.flatMap(({ items }) => items).find(({ title, what }) => title === 'Passes' && what === 'page');
    return absences === 2 && !open && page?.difference?.added === 12 * 4 + 1 + 3;
  });
  expect((await third.call('digest.count', { workspace })).count).toBe(digest.count - 1);

  const everything = await third.call('digest.done', { workspace, done: true });
  expect(await third.call('digest.read', { workspace })).toMatchObject({ count: 0, sections: [] });
  const last = await back(team, third, later(6 * HOUR));
  expect(last.landed).toEqual([]);
  expect(await last.host.call('digest.read', { workspace })).toMatchObject({ count: 0, sections: [] });
  // It can be looked at again, and taken back.
  const again = await last.host.call('digest.read', { workspace, past: 'newest' });
  expect(again.sections.map(({ name: section }) => section)).toEqual(['asked', 'overlaps', 'moved', 'followed']);
  await last.host.call('digest.done', { workspace, keys: everything.keys, done: false });
  expect((await last.host.call('digest.read', { workspace })).sections.length).toBeGreaterThan(0);
}, 60_000);

it('[D1][LD2][LD5] a host that is killed while, and after, it lands tells the same; a guest is told of its own places alone', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const lab = await ana.call('space.create', { workspace, name: 'Lab', visibility: 'invited' });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: lab.id, role: 'guest' }] });
  const folder = team.folders.get(gus) ?? '';
  const gusId = team.member(gus);
  const plan = await team.page(ana, lab.id, 'Plan');
  const secret = await team.page(ana, space, 'Secret');
  await synced(workspace, ana, gus);
  await until('the guest has the plan', async () => (await team.titles(gus)) === 'Plan');
  await gus.call('favourites.set', { workspace, document: plan, favourite: true });
  await bench.stop(gus);
  for (const [at, document] of [
    [lab.id, plan],
    [space, secret],
  ] as const) {
    await ana.parts.documents.edit(`${workspace}/${at}/${document}`, (doc) =>
      appendBlocks(bodyOf(doc), [words('Five words and a mention ', gusId)]),
    );
  }
  await synced(workspace, ana);

  // As if the computer had been away for an hour.
  const store = await LevelDocStore.open({ directory: path.join(folder, 'store') });
  const head = { up: Date.now() - HOUR, last: null };
  await store.values.write([{ area: 'landing', key: workspace, value: utf8(JSON.stringify(head)) }]);
  await store.close();

  const read = async (whole: boolean) => {
    const process = await openHost(folder);
    const caller = await callerTo(folder);
    await until('it has landed', async () => {
      const { sections, open } = await caller.call('digest.read', { workspace });
      // The mention is in the inbox at once; a page is read when what came is durable, and no sooner may it be killed (LD2).
      return sections.some(({ name }) => name === 'followed') && (!whole || !open);
    });
    const digest = await caller.call('digest.read', { workspace });
    return { process, caller, digest };
  };
  const killed = await read(false);
  await killed.process.end('SIGKILL');
  const { process, caller, digest } = await read(true);
  expect(digest.sections.map(({ name, items }) => [name, told(items)])).toEqual([
    ['asked', ['mention Plan']],
    ['followed', ['page Plan']],
  ]);
  expect(digest.sections[1]?.items[0]?.difference).toMatchObject({ added: 6, removed: 0 });
  expect(JSON.stringify(digest)).not.toContain(secret);
  await caller.call('digest.done', { workspace, done: true });
  await process.end('SIGKILL');
  const third = await openHost(folder);
  const last = await callerTo(folder);
  expect(await last.call('digest.read', { workspace })).toMatchObject({ count: 0, sections: [] });
  expect(await third.end('SIGTERM')).toBe(0);
}, 60_000);

async function callerTo(folder: string) {
  const file = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as { port: number; token: string };
  const headers = { authorization: `Bearer ${file.token}` };
  const socket = new WebSocket(`ws://127.0.0.1:${String(file.port)}/v1/calls`, { headers });
  const client = new CallClient({ send: (text) => socket.send(text) }, () => undefined);
  socket.on('message', (data: Buffer) => client.receive(data.toString()));
  socket.on('close', () => client.close('the host is gone'));
  socket.on('error', () => undefined);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return { call: <N extends CallName>(name: N, params: CallParams<N>) => client.call(name, params) };
}

// Ready for travel between real hosts and a real relay: what is missing is listed with who has it and fetched, then everything opens without a network; and trying that out beforehand.
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { TravelReport } from '../../app/contract/travel.ts';
import { serveBlob } from '../../app/host/attachments/served-blob.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import type { Host } from '../../app/host/host.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { addCard } from '../../shared/model/board/card-commands.ts';
import { addCardFiles } from '../../shared/model/board/card-file-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { addComment } from '../../shared/model/comments/commands.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { caravan } from '../support/host-process.ts';
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
afterEach(() => bench.dispose());

async function linkState(host: Host, workspace: string): Promise<string> {
  return (await host.call('workspace.truths', { workspace })).link.state;
}

it('[D4] [TR9] [TR10] [TR11] a rehearsal closes the link and opens none, says so in the truths, and ends by hand or with the program', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const bo = await team.join('Bo');
  await until('Bo is online', async () => (await linkState(bo, workspace)) === 'online');
  const told: (number | undefined)[] = [];
  bo.onAnnouncement((news) => {
    if (news.event === 'truths') told.push(news.truths.rehearsing);
  });
  const { since } = await bo.call('links.rehearse', { on: true });
  await until('the link is closed', async () => (await linkState(bo, workspace)) === 'offline');
  expect(await bo.call('workspace.truths', { workspace })).toMatchObject({ rehearsing: since });
  await until('windows are told', () => told.includes(since ?? Number.NaN));
  await expect(bo.call('ticket', { workspace, document: team.space })).rejects.toMatchObject({ code: 'unreachable' });
  await team.page(bo, team.space, 'Written meanwhile');
  await team.page(ana, team.space, 'Not heard of');
  await ana.call('sync.wait', { workspace, timeout: 10_000 });
  // The relay is there all the time; a wait that ends tries again, and is kept off.
  await until('it was tried again', async () => {
    const { link } = await bo.call('workspace.truths', { workspace });
    return link.state === 'offline' && link.reason.includes('try out');
  });
  expect(await team.titles(bo)).toBe('Written meanwhile');
  const { outbox } = await bo.call('workspace.truths', { workspace });
  expect(outbox.map(({ title }) => title)).toContain('Written meanwhile');

  expect(await bo.call('links.rehearse', { on: false })).toEqual({ since: null });
  await team.untilTitles(bo, 'Not heard of,Written meanwhile');
  expect((await bo.call('workspace.truths', { workspace })).rehearsing).toBeUndefined();

  await bo.call('links.rehearse', { on: true });
  const again = await team.restart(bo);
  expect(await again.call('links.rehearse', {})).toEqual({ since: null });
  await until('a start has its links on', async () => (await linkState(again, workspace)) === 'online');
});

interface Added {
  readonly blob: string;
  readonly size: number;
}

async function put(team: AccessTeam, host: Host, bytes: Uint8Array, space = team.space): Promise<Added> {
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return host.parts.attachments.add(team.workspace, space, whole());
}

/** So many files in a page, as a window puts them there. */
async function onPage(team: AccessTeam, host: Host, page: string, added: readonly Added[], name = 'photo.bin') {
  await host.parts.documents.edit(`${team.workspace}/${team.space}/${page}`, (doc) => {
    for (const one of added) {
      const marker = { id: randomId(), kind: 'file', ...one, name, mime: 'application/octet-stream' };
      doc.getText('body').insertEmbed(0, new Y.Map(Object.entries(marker)));
    }
  });
}

function some(team: AccessTeam, host: Host, count: number, space?: string): Promise<Added[]> {
  return Promise.all(Array.from({ length: count }, () => put(team, host, randomBytes(3_000), space)));
}

async function bytesOf(host: Host, workspace: string, space: string, blob: string): Promise<Buffer> {
  const open = await host.openBlob(workspace, space, blob);
  const parts: Uint8Array[] = [];
  for await (const part of open?.read(0, open.size) ?? []) parts.push(part);
  return Buffer.concat(parts);
}

function loseBytes(team: AccessTeam, host: Host, blob: string): void {
  const folder = dataFolderAt(team.folders.get(host) ?? '').blobs;
  rmSync(path.join(folder, team.workspace, blob.slice(0, 2), blob));
}

const files = ({ missing }: TravelReport) => missing.flatMap((one) => (one.what === 'file' ? one : []));

it(
  '[D4] [TR4] [TR5] [TR6] [TR7] with 214 attachments of three members: what is lost behind its back is listed with its holder, fetched in spite of a kill, and then everything opens without a network',
  { timeout: 120_000 },
  async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace, space } = team;
    const [bo, cy] = [await team.join('Bo'), await team.join('Cy')];
    await bo.call('settings.change', { deviceName: 'Bo’s laptop' });
    const { link } = await ana.call('invite.create', { workspace });
    const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isom', 'latin1'), randomBytes(12_000_000)]);
    const video = await put(team, ana, film);
    const pages = await Promise.all(['A', 'B', 'C', 'D', 'E'].map((title) => team.page(ana, space, title)));
    await onPage(team, ana, pages[0]!, [video], 'pass.mp4');
    const onPages: Added[] = [];
    for (const page of pages) {
      const added = await some(team, ana, 20);
      onPages.push(...added);
      await onPage(team, ana, page, added);
    }
    const place = { workspace, space, parent: null } as const;
    const board = await bo.call('doc.create', { ...place, kind: 'board', title: 'Coast site' });
    const cards = await bo.parts.documents.edit(board.room, (doc) =>
      ['Mast', 'Cable', 'Hut', 'Power', 'Road'].map((title) =>
        addCard(doc, { title, column: readBoard(doc).columns[0]!.id, createdBy: team.member(bo), createdAt: 1 }),
      ),
    );
    const survey: Added[] = [];
    for (const card of cards) {
      const own = await bo.call('card.page', { workspace, document: board.id, card });
      const added = await some(team, bo, 10);
      survey.push(...added);
      await bo.parts.documents.edit(own.room, (doc) =>
        addCardFiles(
          doc,
          added.map((one) => ({ name: 'survey.pdf', mime: '', ...one })),
          { by: team.member(bo), at: 1 },
        ),
      );
    }
    const words = (added: Added): string => `See [trace.wav](blob:${added.blob})`;
    const post = (added: Added) => {
      return { author: team.member(cy), device: cy.parts.device.id, text: words(added), at: Date.now() };
    };
    const [traces, notes] = [await some(team, cy, 40), await some(team, cy, 20)];
    const thread = await cy.call('thread.begin', {
      workspace,
      space,
      type: 'question',
      title: 'Doppler lag',
      text: 'Why?',
    });
    await cy.parts.documents.edit(thread.room, (doc) => {
      for (const one of traces) addPost(doc, post(one));
    });
    const commented = await team.page(cy, space, 'Notes');
    await cy.parts.documents.edit(`${workspace}/${space}/${commented}`, (doc) => {
      for (const one of notes) addComment(doc, { anchor: [], quote: '', post: post(one) });
    });
    const pictures: { at: string; blob: string }[] = [];
    for (const host of [ana, bo, cy]) {
      const at = `@${team.member(host)}`;
      const picture = await put(team, host, randomBytes(2_000), at);
      pictures.push({ at, blob: picture.blob });
      await host.call('people.describe', { workspace, picture });
    }
    for (const host of [ana, bo, cy]) {
      const waiting = async () => (await host.call('workspace.truths', { workspace })).attachments.waiting;
      await until('the relay has the files', async () => (await waiting()) === 0, 40_000);
      await host.call('sync.wait', { workspace, timeout: 40_000 });
      // A session is cut when its program ends, and comes behind the words: it says on whose computer a file was put there.
      await bench.stop(host);
    }
    for (const host of [ana, bo]) {
      const again = await bench.start(team.folders.get(host) ?? '');
      await again.call('sync.wait', { workspace, timeout: 40_000 });
      await bench.stop(again);
    }
    const dee = await bench.start(await bench.folder());
    const folder = dee.folder.root;
    team.folders.set(dee, folder);
    await dee.call('workspace.join', { link, name: 'Dee' });
    const check = () => dee.call('travel.check', { workspace });
    // The link is dialed anew once rights are there: until it is, what was heard before counts.
    await until(
      'everything is here, by what the relay says now',
      async () => {
        const { ready, known } = await check();
        return ready && known.how === 'now';
      },
      40_000,
    );
    const whole = await check();
    expect(whole).toMatchObject({ missing: [], missingBytes: 0, choice: { what: 'followed' } });
    expect(whole.spaces).toMatchObject([{ space, pages: 6, boards: 1, threads: 1, files: 211 }]);
    expect(whole.people).toMatchObject({ profiles: 4, files: 3 });
    expect(whole.hereBytes).toBeGreaterThan(film.length + 213 * 2_000);

    for (const { blob } of [video, survey[0]!]) {
      const at = { workspace, space, blob };
      await until('it is known whose it is', async () => (await dee.call('blob.holders', at)).added !== null, 40_000);
    }

    // The relay is away, and three files are gone behind the program's back.
    await team.relay.end('SIGTERM');
    await until('the link is lost', async () => (await linkState(dee, workspace)) !== 'online');
    for (const one of [video, survey[0]!, survey[1]!]) loseBytes(team, dee, one.blob);
    const lost = await check();
    expect([lost.ready, lost.missingCount, lost.missingBytes]).toEqual([false, 3, video.size + 6_000]);
    expect(lost.known).toMatchObject({ how: 'since', at: expect.any(Number) });
    const [first, , last] = files(lost);
    expect(first).toMatchObject({
      name: 'survey.pdf',
      state: 'absent',
      used: { kind: 'card', board: board.id, title: 'Coast site' },
    });
    expect(first?.holders?.added).toMatchObject({ name: 'Bo', deviceName: 'Bo’s laptop' });
    expect(last).toMatchObject({ name: 'pass.mp4', size: video.size, used: { document: pages[0], title: 'A' } });
    expect(last?.holders?.added).toMatchObject({ name: 'Ana' });
    expect(await dee.openBlob(workspace, space, video.blob)).toBeNull();

    // It is fetched, until the relay is killed in the middle of it.
    let pieces = 0;
    let killing: Promise<unknown> | null = null;
    const hearing = dee.parts.attachments.onChange(({ blob }) => {
      if (blob !== video.blob || dee.parts.rehearsal.isOn) return;
      pieces += 1;
      if (pieces === 3) killing = team.relay.end('SIGKILL');
    });
    await dee.call('travel.pause', { workspace });
    expect(files(await check()).map(({ state }) => state)).toEqual(['paused', 'paused', 'paused']);
    await team.startRelay();
    await until('the link is back', async () => (await linkState(dee, workspace)) === 'online');
    pieces = 0;
    expect(await dee.call('travel.fetch', { workspace })).toEqual({
      kind: 'begun',
      files: 3,
      bytes: lost.missingBytes,
    });
    await until('the relay is killed', () => killing !== null);
    await killing;
    hearing.dispose();
    await until('the link is lost again', async () => (await linkState(dee, workspace)) !== 'online');
    // A piece that had left the relay by then may come behind the news that it is gone.
    await dee.parts.attachments.settled(workspace, new AbortController().signal);
    const half = files(await check()).find(({ blob }) => blob === video.blob);
    expect(half?.received).toBeGreaterThan(1_000_000);
    expect(half?.received).toBeLessThan(video.size);
    // What was paused stays away while all else comes, and goes on from where it was.
    await dee.call('travel.pause', { workspace, files: [{ space, blob: video.blob }] });
    await team.startRelay();
    await until('the others are here', async () => (await check()).missingCount === 1);
    expect(files(await check())).toMatchObject([{ blob: video.blob, state: 'paused', received: half?.received }]);
    const resumed: number[] = [];
    const counting = dee.parts.attachments.onChange((at) => {
      if (at.blob === video.blob)
        void dee.parts.attachments.state(at).then((now) => 'received' in now && resumed.push(now.received));
    });
    expect(await dee.call('travel.fetch', { workspace })).toMatchObject({
      kind: 'begun',
      files: 1,
      bytes: video.size - (half?.received ?? 0),
    });
    await until('all of it is here', async () => (await check()).ready, 40_000);
    counting.dispose();
    expect(Math.min(...resumed.filter((bytes) => bytes > 0))).toBeGreaterThanOrEqual(half?.received ?? 0);

    // No network: every page, card and discussion opens, every file has the bytes of its name, and the film plays from anywhere.
    await dee.call('links.rehearse', { on: true });
    await until('the links are off', async () => (await linkState(dee, workspace)) !== 'online');
    for (const { id, title } of await dee.call('doc.list', { workspace })) {
      expect(await dee.call('doc.show', { workspace, document: id })).toMatchObject({ title });
    }
    const names = [
      ...[video, ...onPages, ...survey, ...traces, ...notes].map(({ blob }) => ({ at: space, blob })),
      ...pictures,
    ];
    expect(names.length).toBe(214);
    for (const { at: place, blob } of names) {
      const hash = createHash('sha256')
        .update(await bytesOf(dee, workspace, place, blob))
        .digest('hex');
      expect(hash).toBe(blob);
    }
    const open = await dee.openBlob(workspace, space, video.blob);
    const range = open && serveBlob(open, '', 'bytes=5000000-5000099');
    expect(range).toMatchObject({ status: 206, headers: { 'content-type': 'video/mp4' } });
    const parts: Uint8Array[] = [];
    for await (const part of range?.bytes ?? []) parts.push(part);
    expect(Buffer.concat(parts)).toEqual(film.subarray(5_000_000, 5_000_100));

    // The command line says the same of the same folder: 1 and what is missing, then 0.
    await bench.stop(dee);
    await team.relay.end('SIGTERM');
    loseBytes(team, dee, survey[2]!.blob);
    const said = await caravan('travel', 'check', '--json', '--data', folder);
    expect([said.code, files(said.json() as TravelReport).map(({ blob }) => blob)]).toEqual([1, [survey[2]!.blob]]);
    await team.startRelay();
    const fetched = await caravan('travel', 'fetch', '--data', folder);
    expect([fetched.code, fetched.out.split('\n')[0]]).toEqual([0, 'Ready for travel']);
  },
);

it('[D4] [D6] [TR1] [TR3] a guest of one space is told of that space alone, and of nothing that leads out of it; a choice is kept', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const { id: guests } = await ana.call('space.create', { workspace, name: 'Guests' });
  const secret = await team.page(ana, space, 'Secret plan');
  await onPage(team, ana, secret, await some(team, ana, 2), 'secret.pdf');
  const board = await ana.call('doc.create', { workspace, space, kind: 'board', title: 'Secret board', parent: null });
  const open = await team.page(ana, guests, 'Welcome');
  const [shared] = await some(team, ana, 1, guests);
  await ana.parts.documents.edit(`${workspace}/${guests}/${open}`, (doc) => {
    doc.getText('body').insertEmbed(0, new Y.Map(Object.entries({ id: randomId(), kind: 'board', board: board.id })));
    doc
      .getText('body')
      .insertEmbed(0, new Y.Map(Object.entries({ id: randomId(), kind: 'file', ...shared, name: 'a.pdf' })));
  });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: guests, role: 'viewer' }] });
  const check = () => gus.call('travel.check', { workspace });
  await until('the guest has all', async () => {
    const { ready, spaces } = await check();
    return ready && spaces[0]?.pages === 1 && spaces[0].files === 1;
  });
  const told = JSON.stringify(await check());
  expect((await check()).spaces.map((one) => one.space)).toEqual([guests]);
  for (const hidden of [space, secret, board.id, 'Secret']) expect(told).not.toContain(hidden);
  await expect(gus.call('travel.check', { workspace, space })).rejects.toMatchObject({ code: 'not-found' });
  const mine = { what: 'chosen', spaces: [], documents: [secret] } as const;
  await expect(
    gus.call('travel.choose', { workspace, choice: { ...mine, spaces: [], documents: [secret] } }),
  ).rejects.toMatchObject({ code: 'not-found' });

  // Ana takes the welcome page alone: what it shows comes along, and nothing else.
  await ana.call('travel.choose', { workspace, choice: { what: 'chosen', spaces: [], documents: [open] } });
  await ana.parts.links.settled();
  const along = (await ana.call('travel.check', { workspace })).spaces;
  expect(along.map((one) => [one.space, one.pages, one.boards, one.files])).toEqual(
    expect.arrayContaining([
      [guests, 1, 0, 1],
      [space, 0, 1, 0],
    ]),
  );
  expect((await (await team.restart(ana)).call('travel.check', { workspace })).choice).toEqual({
    what: 'chosen',
    spaces: [],
    documents: [open],
  });
});

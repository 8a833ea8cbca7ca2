// Spaces as communities, home, bookmarks and figures between two hosts and a guest, whose clocks differ by hours.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { acceptAnswer } from '../../shared/model/thread/fact-commands.ts';
import { addPost } from '../../shared/model/thread/commands.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
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

const HOUR = 3_600_000;
const web = (url: string) => ({ kind: 'web' as const, url });
const page = (document: string) => ({ kind: 'document' as const, document, part: null });

/** Real timers, another time. */
function skewed(by: number): Clock {
  return { now: () => systemClock.now() + by, after: (wait, run) => systemClock.after(wait, run) };
}

async function settle(...hosts: Host[]): Promise<void> {
  for (const { parts } of hosts) {
    await parts.catalogue.settled();
    await parts.threads.settled();
    await parts.doings.settled();
    await parts.sittings.settled();
  }
}

async function post(host: Host, workspace: string, room: string, text: string, at: number): Promise<string> {
  const author = host.parts.workspaces.get(workspace).about.member;
  return host.parts.documents.edit(room, (doc) => addPost(doc, { author, device: host.parts.device.id, text, at }));
}

it('[P4][P3] an open space is found, entered and left; managers describe, feature and see what needs them; a guest is told of its own space alone', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const bo = await team.join('Bo');
  const lab = await ana.call('space.create', { workspace, name: 'Lab', purpose: 'Who solders' });
  const closed = await ana.call('space.create', { workspace, name: 'Board room', visibility: 'invited' });
  await until('Bo hears of the lab', async () =>
    (await bo.call('space.list', { workspace })).some(
      ({ name, purpose }) => name === 'Lab' && purpose === 'Who solders',
    ),
  );
  const directory = async (host: Host) =>
    new Map((await host.call('space.directory', { workspace })).map((entry) => [entry.space, entry]));
  // Outside: who manages it and who is in it, and nothing of what stands there. By invitation: not even that it is there.
  expect((await directory(bo)).get(lab.id)).toEqual({
    space: lab.id,
    managers: [workspace],
    people: [workspace],
    inside: null,
    featured: [],
  });
  expect((await directory(bo)).has(closed.id)).toBe(false);

  await bo.call('space.enter', { workspace, space: lab.id });
  const plan = await team.page(bo, lab.id, 'Plan');
  await until('Ana has the plan', async () => (await team.titles(ana, lab.id)).includes('Plan'));
  await expect(bo.call('space.describe', { workspace, space: lab.id, purpose: 'Mine' })).rejects.toMatchObject({
    code: 'not-allowed',
  });
  await expect(bo.call('space.feature', { workspace, document: plan, featured: true })).rejects.toMatchObject({
    code: 'not-allowed',
  });
  await expect(bo.call('space.attention', { workspace, space: lab.id })).rejects.toMatchObject({ code: 'not-allowed' });
  await ana.call('space.describe', { workspace, space: lab.id, purpose: 'Who solders, and who wants to' });
  await ana.call('space.feature', { workspace, document: plan, featured: true });
  await until('Bo sees both', async () => {
    const home = await bo.call('home.read', { workspace });
    const purposes = (await bo.call('space.list', { workspace })).map(({ purpose }) => purpose);
    return home.featured[0]?.document === plan && purposes.includes('Who solders, and who wants to');
  });
  await until('Ana sees that Bo is there', async () => {
    const entry = (await directory(ana)).get(lab.id);
    return entry?.people.length === 2 && entry.inside?.documents === 1 && entry.inside.last !== null;
  });
  expect((await ana.call('home.read', { workspace })).people).toMatchObject([
    { member: team.member(bo), works: [{ document: plan, space: lab.id }] },
  ]);

  const secret = await ana.call('thread.begin', {
    workspace,
    space: closed.id,
    type: 'announcement',
    title: 'Only us',
    text: 'Hush',
  });
  await ana.call('bookmark.set', { workspace, space: lab.id, place: page(plan), name: 'The plan', bookmarked: true });
  await ana.call('bookmark.set', {
    workspace,
    space: closed.id,
    place: web('https://secret.example'),
    bookmarked: true,
  });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: lab.id, role: 'guest' }] });
  await until('the guest has the plan', async () => (await team.titles(gus)) === 'Plan');
  await until('the guest has the shared bookmark', async () => {
    const [shared] = await gus.call('bookmark.list', { workspace });
    return shared?.name === 'The plan' && shared.space === lab.id;
  });
  await settle(gus);
  const told = JSON.stringify([
    await gus.call('home.read', { workspace }),
    await gus.call('space.directory', { workspace }),
    await gus.call('bookmark.list', { workspace }),
    await gus.call('insights.read', { workspace, space: null, week: '2026-11-30' }),
  ]);
  for (const hidden of [secret.id, closed.id, team.space, 'secret.example']) expect(told).not.toContain(hidden);
  for (const space of [closed.id, team.space]) {
    await expect(gus.call('insights.read', { workspace, space, week: '2026-11-30' })).rejects.toMatchObject({
      code: 'not-found',
    });
  }
  await expect(
    gus.call('bookmark.set', { workspace, space: null, place: page(secret.id), bookmarked: true }),
  ).rejects.toMatchObject({ code: 'not-found' });

  await bo.call('space.quit', { workspace, space: lab.id });
  await until('Ana sees that Bo left', async () => (await directory(ana)).get(lab.id)?.people.length === 2);
  expect((await directory(bo)).get(lab.id)).toMatchObject({ inside: null, featured: [] });
  expect((await bo.call('home.read', { workspace })).featured).toEqual([]);
}, 60_000);

it('[P5][P3] figures are the same byte for byte on two synced hosts whose clocks differ by days; bookmarks of both are one; nothing waits for a relay', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana: first, workspace, space } = team;
  const boFirst = await team.join('Bo');
  const open = async (host: Host, clock: Clock): Promise<Host> => {
    const folder = team.folders.get(host) ?? '';
    await bench.stop(host);
    const again = await bench.start(folder, { clock });
    team.folders.set(again, folder);
    return again;
  };
  await until('Bo has the space', async () => (await boFirst.call('space.list', { workspace })).length === 1);
  const ana = await open(first, skewed(5 * HOUR));
  const bo = await open(boFirst, skewed(-50 * HOUR));
  const now = systemClock.now();
  const begin = (host: Host, type: 'question' | 'announcement', title: string) =>
    host.call('thread.begin', { workspace, space, type, title, text: `On ${title}` });
  const question = await begin(ana, 'question', 'Doppler lag');
  await begin(ana, 'question', 'Dew point');
  await begin(bo, 'announcement', 'A whole week');
  await until('Bo has the question', async () => (await team.titles(bo, space)).includes('Doppler lag'));
  const answer = await post(bo, workspace, question.room, 'Round to nearest', now + 7 * HOUR);
  await until('the answer is with Ana', async () => {
    await settle(ana);
    return ana.parts.threads.row(question.room)?.posts === 2;
  });
  await ana.parts.documents.edit(question.room, (doc) =>
    acceptAnswer(doc, answer, { by: workspace, at: ana.parts.clock.now() }),
  );
  await ana.call('bookmark.set', {
    workspace,
    space,
    place: web('https://example.org'),
    name: 'Passes',
    bookmarked: true,
  });
  await bo.call('bookmark.set', {
    workspace,
    space,
    place: web('https://example.org/'),
    name: 'Passes',
    bookmarked: true,
  });
  await until('both have all', async () => {
    await ana.call('sync.wait', { workspace, timeout: 10_000 });
    await bo.call('sync.wait', { workspace, timeout: 10_000 });
    await settle(ana, bo);
    const rows = [ana, bo].map(({ parts }) =>
      [...parts.doings.in(workspace, space)].sort((a, b) => (a.room < b.room ? -1 : 1)),
    );
    return rows[0]?.length === 3 && JSON.stringify(rows[0]) === JSON.stringify(rows[1]);
  });
  const week = new Date(now + 24 * HOUR).toISOString().slice(0, 10);
  for (const of of [space, null]) {
    const ask = { workspace, space: of, week };
    const here = JSON.stringify(await ana.call('insights.read', ask));
    expect(here).toBe(JSON.stringify(await bo.call('insights.read', ask)));
    expect(JSON.parse(here)).toMatchObject({ total: { active: 2, asked: 2, answered: 1, replies: 1, across: 0 } });
  }
  const shared = async (host: Host) => JSON.stringify(await host.call('bookmark.list', { workspace }));
  await until('one bookmark of both', async () => (await shared(ana)) === (await shared(bo)));
  expect(await ana.call('bookmark.list', { workspace })).toHaveLength(1);
  const home = await ana.call('home.read', { workspace });
  expect(home.news).toMatchObject([{ author: team.member(bo), unread: 1 }]);
  expect(home.people).toMatchObject([{ member: team.member(bo) }]);
  expect(home.followed.map(({ document, why }) => [document, why])).toContainEqual([question.id, ['thread']]);

  // A favourite that a person whom I follow wrote in says both, and all of it is there without a relay.
  await team.relay.end('SIGTERM');
  await ana.call('favourites.set', { workspace, document: question.id, favourite: true });
  await ana.call('people.follow', { workspace, member: team.member(bo), follow: true });
  const offline = await ana.call('home.read', { workspace });
  expect(offline.followed.find(({ document }) => document === question.id)?.why).toEqual([
    'favourite',
    'thread',
    'person',
  ]);
}, 60_000);

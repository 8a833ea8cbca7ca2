// Search with the built thread: in a process of its own, through the command line, after the thread died, and in step on two computers of which one is a guest's.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { bodyOf } from '../../shared/model/document/roots.ts';
import { appendBlocks } from '../../shared/model/page/write.ts';
import type { Host } from '../../app/host/host.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { caravan, killLeftovers, openHost } from '../support/host-process.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';

const THREAD = path.resolve(import.meta.dirname, '../../dist/search.cjs');
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

async function page(host: Host, workspace: string, space: string, title: string, words: string): Promise<string> {
  const { id, room } = await host.call('doc.create', { workspace, space, kind: 'page', title, parent: null });
  await host.parts.documents.edit(room, (doc) =>
    appendBlocks(bodyOf(doc), [
      { type: 'text', kind: 'paragraph', content: [{ type: 'text', text: words, marks: {} }] },
    ]),
  );
  return id;
}

async function titles(host: Host, workspace: string, query: string): Promise<string[]> {
  const { hits } = await host.call('search.find', { workspace, query, wait: true, most: 50 });
  return hits.map(({ title }) => title.text);
}

it('[SE5] a thread that ends is started again, and a room that ends it twice is left out', async () => {
  const folder = await bench.folder();
  const poisoned = path.join(await bench.folder(), 'search.cjs');
  const watching = `require('node:worker_threads').parentPort.on('message', ({ call, params }) => {
    if (call === 'put' && params.updates.some((update) => Buffer.from(update).includes('poison'))) process.exit(7);
  });\n`;
  await writeFile(poisoned, watching + (await readFile(THREAD, 'utf8')));
  const host = await bench.start(folder, { links: false, searchThread: poisoned });
  const { id: workspace } = await host.call('workspace.create', { title: 'W', name: 'Ana' });
  const space = (await host.call('space.list', { workspace }))[0]?.id ?? '';
  await page(host, workspace, space, 'Before', 'common');
  expect(await titles(host, workspace, 'common')).toEqual(['Before']);
  const bad = await page(host, workspace, space, 'Bad', 'poison common');
  await page(host, workspace, space, 'After', 'common');
  await until('what is sound is found again', async () => {
    const found = await titles(host, workspace, 'common').catch((): string[] => []);
    return found.length === 2 && found.includes('After');
  });
  const room = host.parts.catalogue.entry(workspace, bad)?.room ?? '';
  await host.parts.documents.edit(room, (doc) => bodyOf(doc).delete(0, bodyOf(doc).length));
  expect((await host.call('search.find', { workspace, query: 'after', wait: true })).total).toBe(1);
}, 30_000);

it('[X2] [SE3] computers in step find the same in the same order; a guest finds what stands in their space, and nothing of it when they are out', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space: everyone } = team;
  const pilot = (await ana.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' })).id;
  const bo = await team.join('Bo');
  await ana.call('space.grant', { workspace, space: pilot, member: team.member(bo), role: 'member' });
  const gus = await team.join('Gus', { role: 'guest', spaces: [{ space: pilot, role: 'guest' }] });
  const words = ['rotator drift', 'rotator', 'the rotator of the rotator', 'drift'];
  for (const [at, one] of words.entries()) {
    await page(at % 2 === 0 ? ana : bo, workspace, everyone, `Open ${at} rotator`, one);
    await page(at % 2 === 0 ? bo : ana, workspace, pilot, `Pilot ${at} rotator`, `会議室 ${one}`);
  }
  const all = 'rotator type:page';
  await until('all is everywhere', async () => {
    const counts = await Promise.all([ana, bo, gus].map((host) => titles(host, workspace, all)));
    return counts[0]?.length === 8 && counts[1]?.length === 8 && counts[2]?.length === 4;
  });
  // Conditions name people and spaces, whose names come with rooms of their own.
  for (const host of [ana, bo, gus]) {
    await until('the names are there', async () => {
      const people = await host.call('workspace.members', { workspace });
      const spaces = await host.call('space.list', { workspace });
      return people.some(({ name }) => name === 'Bo') && spaces.some(({ name }) => name === 'Pilot');
    });
  }
  for (const query of [
    all,
    'rotator drift',
    'drfit rotator',
    '会議',
    '議室',
    'in:pilot rotator',
    'by:bo rotator',
    'pil',
  ]) {
    const [ofAna, ofBo, ofGus] = await Promise.all([ana, bo, gus].map((host) => titles(host, workspace, query)));
    expect([query, ofBo]).toEqual([query, ofAna]);
    expect([query, ofGus]).toEqual([query, ofAna?.filter((title) => title.startsWith('Pilot'))]);
  }
  // What one writes is found by the other a moment later, without a question about it in between.
  const heard = new Promise<void>((resolve) => {
    bo.onAnnouncement((news) => {
      if (news.event === 'search') resolve();
    });
  });
  await page(ana, workspace, everyone, 'Fresh', 'kestrel');
  await heard;
  await until('it is found', async () => (await titles(bo, workspace, 'kestrel')).length === 1);

  await ana.call('space.revoke', { workspace, space: pilot, member: team.member(gus) });
  await until('the guest hears of it', () => !gus.parts.workspaces.get(workspace).mayRead(pilot));
  expect(await titles(gus, workspace, all)).toEqual([]);
  await until('nothing of it is in the index', async () => (await gus.call('search.state', { workspace })).read <= 1);
}, 60_000);

it('[X2] `caravan search` finds words, phrases and conditions, says where they stand, and the same through a host that runs', async () => {
  const data = await bench.folder();
  const host = await bench.start(data, { links: false });
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const space = (await host.call('space.list', { workspace }))[0]?.id ?? '';
  const dish = await page(host, workspace, space, 'Dish alignment', 'Measure the rotator drift twice.');
  const notes = await page(host, workspace, space, 'Old notes', 'The drift of the rotator was small.');
  await bench.stop(host);
  const search = (...words: string[]) => caravan('search', ...words, '--data', data);
  const found = async (...words: string[]): Promise<string[]> => {
    const ran = await search(...words, '--json');
    expect([words, ran.code, ran.err]).toEqual([words, 0, '']);
    return (ran.json() as { open: { document: string } }[]).map(({ open }) => open.document).sort();
  };

  expect(await search('rotator', 'twice')).toMatchObject({
    code: 0,
    out: `Dish alignment  (page, Everyone; ${dish})\n  Measure the rotator drift twice.\n`,
    err: '',
  });
  expect(await found('rotator', 'drift')).toEqual([dish, notes].sort());
  // What the shell was given in quotation marks is a phrase beside other words, and a whole question alone.
  expect(await found('rotator drift', 'measure')).toEqual([dish]);
  expect(await found('drift -old')).toEqual([dish]);
  expect(await search('zeppelin')).toMatchObject({
    code: 0,
    out: 'Nothing on this computer has all of these words.\n',
  });
  // What is no time is said, and counts for nothing.
  const wrong = await search('drift', 'after:never', '--most', '1');
  expect([wrong.code, wrong.err !== '', /\n1 more\.\n$/.test(wrong.out)]).toEqual([0, true, true]);
  expect((await caravan('search', '--data', data)).code).toBe(2);

  const running = await openHost(data);
  expect(await found('rotator', 'drift')).toEqual([dish, notes].sort());
  expect(await running.end('SIGTERM')).toBe(0);
});

// Two computers of one member and a colleague's, over a real relay: what calls on her comes to both once, what she does on one counts on the other, and nothing comes back.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import type { InboxEntry } from '../../app/contract/inbox.ts';
import { bodyOf } from '../../shared/model/document/roots.ts';
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

/** What a host tells of as new, by reason. */
function hearing(host: Host): string[] {
  const told: string[] = [];
  host.parts.inbox.onFresh(({ entries }) => told.push(...entries.map(({ reason }) => reason)));
  return told;
}

const shown = (entries: readonly InboxEntry[]): string[] =>
  entries.map(({ id, state, by, excerpt }) => JSON.stringify({ id, state, by, excerpt })).sort();

it('[T18] [W5] [T11] a mention and an answer reach both computers of a member once; reading or done on one ends it on the other, also over a restart', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const { link } = await ana.call('device.invite', { workspace });
  const folder = await bench.folder();
  const laptop = await bench.start(folder);
  const { code } = await laptop.call('device.answer', { link, name: 'laptop' });
  await ana.call('device.add', { workspace, code });
  await until('the laptop is in', async () => (await laptop.call('hello', {})).workspaces.length === 1);
  const bo = await team.join('Bo');
  const [me, other] = [team.member(ana), team.member(bo)];
  const question = await ana.call('thread.begin', { workspace, space, type: 'question', title: 'Lag', text: 'Why?' });
  const page = await ana.call('doc.create', { workspace, space, kind: 'page', title: 'Dish', parent: null });
  for (const host of [bo, laptop]) await team.untilTitles(host, 'Dish,Lag');
  const told = [hearing(ana), hearing(laptop), hearing(bo)] as const;
  const listed = async (host: Host): Promise<readonly InboxEntry[]> =>
    (await host.call('inbox.list', { workspace })).entries;
  const untilNew = (host: Host, count: number): Promise<void> =>
    until(`${String(count)} new entries`, async () => (await host.call('inbox.list', { workspace })).count === count);

  const at = Date.now();
  await bo.parts.documents.edit(page.room, (doc) => {
    bodyOf(doc).insert(0, 'See this, ');
    bodyOf(doc).insertEmbed(10, { type: 'mention', member: me, by: other, at });
  });
  await bo.parts.documents.edit(question.room, (doc) =>
    addPost(doc, { author: other, device: bo.parts.device.id, text: 'The clock', at }),
  );
  for (const host of [ana, laptop]) await untilNew(host, 2);
  expect(shown(await listed(laptop))).toEqual(shown(await listed(ana)));
  for (const heard of told.slice(0, 2)) expect([...heard].sort()).toEqual(['answer', 'mention']);
  // Of his own words he hears nothing.
  expect(told[2]).not.toContain('mention');

  // Done on one, read on the other.
  const mention = (await listed(ana)).find(({ reason }) => reason === 'mention');
  await laptop.call('inbox.mark', { workspace, entries: [mention!.id], state: 'done' });
  await untilNew(ana, 1);
  await ana.call('thread.read', {
    workspace,
    document: question.id,
    posts: [{ device: bo.parts.device.id, number: 1 }],
  });
  for (const host of [ana, laptop]) await untilNew(host, 0);

  await bench.stop(laptop);
  const again = await bench.start(folder);
  const back = hearing(again);
  await until('it is linked', () => again.parts.workspaces.get(workspace).link?.status.state === 'online');
  await again.parts.inbox.settled();
  expect(shown(await listed(again))).toEqual(shown(await listed(ana)));
  expect([back, told[0].length, told[1].length]).toEqual([[], 2, 2]);

  // More of it is another visit: told once more, on each.
  await bo.parts.documents.edit(page.room, (doc) => {
    doc.transact(() => {
      bodyOf(doc).insertEmbed(0, new Y.Map([['kind', 'paragraph']]));
      bodyOf(doc).insertEmbed(1, { type: 'mention', member: me, by: other, at: at + 1 });
    });
  });
  for (const host of [ana, again]) await untilNew(host, 1);
  expect([back, told[0].length]).toEqual([['mention'], 3]);
}, 60_000);

it('[T18] [X5] a new member is told of nothing that was there before, and a colleague off the clock is shown', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const talk = await ana.call('thread.begin', { workspace, space, type: 'discussion', title: 'Talk', text: 'All' });
  const bo = await team.join('Bo');
  const told = hearing(bo);
  await team.untilTitles(bo, 'Talk');
  const me = team.member(bo);
  await bo.parts.inbox.settled();
  expect((await bo.call('inbox.list', { workspace })).entries).toEqual([]);
  const late = Date.now() + 86_400_000;
  await ana.parts.documents.edit(talk.room, (doc) =>
    addPost(doc, { author: team.member(ana), device: ana.parts.device.id, text: `[@Bo](member:${me})`, at: late }),
  );
  await until('it came', async () => (await bo.call('inbox.list', { workspace })).count === 1);
  const [entry] = (await bo.call('inbox.list', { workspace })).entries;
  expect(entry).toMatchObject({ at: late, reason: 'mention' });
  expect(entry!.arrived).toBeLessThan(late - 80_000_000);
  expect(told).toEqual(['mention']);
}, 60_000);

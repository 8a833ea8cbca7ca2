// Ready for travel between real hosts and a real relay: what is missing is listed with who has it and fetched, then everything opens without a network; and trying that out beforehand.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
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

// Words in a space that was lost before they went out: they wait, are told, exported, and let go of; let in again, the page is the others'. Rule AH12.
import { unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
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

it('[AH12] waits, is told and exported, is let go of knowingly, and what the others have comes back with the space', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const pilot = await ana.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' });
  const plan = await team.page(ana, pilot.id, 'Plan');
  await team.page(ana, team.space, 'Elsewhere');
  const joined = await team.join('Bo', { role: 'guest', spaces: [{ space: pilot.id, role: 'guest' }] });
  await team.untilTitles(joined, 'Plan');
  expect(await joined.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  await expect(joined.call('lost.export', { workspace, space: pilot.id })).rejects.toMatchObject({
    code: 'not-allowed',
  });

  await team.relay.end('SIGTERM');
  await joined.call('doc.rename', { workspace, document: plan, title: 'Plan with a word of Bo' });
  await team.page(joined, pilot.id, 'Page of Bo');
  await ana.call('space.revoke', { workspace, space: pilot.id, member: team.member(joined) });
  // Whoever is first at the relay is heard: were it Bo, the words would be taken before anybody there knows of the removal.
  await bench.stop(joined);
  await team.startRelay();
  expect(await ana.call('sync.wait', { workspace, timeout: 30_000 })).toMatchObject({ done: true });
  const bo = await team.restart(joined);

  await team.untilTitles(bo, '', 30_000);
  const lost = async () =>
    (await bo.call('space.list', { workspace })).map(({ name, part, lost: is, outsiders }) => ({
      name,
      part,
      is,
      outsiders,
    }));
  await until('Bo is told which space it was', async () => (await lost())[0]?.is === true);
  expect(await lost()).toEqual([{ name: 'Pilot', part: null, is: true, outsiders: 0 }]);
  const waiting = async () =>
    (await bo.call('lost.list', { workspace, space: pilot.id })).map(({ title }) => title).sort();
  expect(await waiting()).toEqual(['Page of Bo', 'Plan with a word of Bo']);
  // Nobody takes them, so nothing is said to be leaving; leaving the workspace names them all the same.
  const truths = async () => bo.call('workspace.truths', { workspace });
  await until('it is known what waited before this start', async () => (await truths()).outboxIsComplete);
  const { outbox, lost: kept } = await truths();
  expect([outbox, kept.map(({ title }) => title)]).toEqual([[], expect.arrayContaining(await waiting())]);
  const { unsent } = await bo.call('workspace.leaving', { workspace });
  expect(unsent.map(({ title }) => title)).toEqual(expect.arrayContaining(await waiting()));
  const zip = await bo.call('lost.export', { workspace, space: pilot.id });
  expect(Object.keys(unzipSync(Buffer.from(zip.base64, 'base64'))).join()).toContain('Plan with a word of Bo.md');
  expect(zip.pages).toBe(2);
  await expect(bo.call('lost.release', { workspace, space: team.space })).rejects.toMatchObject({ code: 'not-found' });

  expect(await bo.call('lost.release', { workspace, space: pilot.id })).toEqual({ released: 2 });
  expect(await waiting()).toEqual([]);
  const again = await team.restart(bo);
  expect(await again.call('lost.list', { workspace, space: pilot.id })).toEqual([]);
  await ana.call('space.grant', { workspace, space: pilot.id, member: team.member(again), role: 'guest' });
  await team.untilTitles(again, 'Plan', 30_000);
  expect(await again.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  expect(await team.titles(ana, pilot.id)).toBe('Plan');
});

// Several workspaces in one data folder, on one relay and on another: nothing of one is with the other's relay or members.
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { registrationKey } from '../support/access-team.ts';
import { Canaries } from '../support/canaries.ts';
import { HostBench, until } from '../support/host.ts';
import { RelayCalls } from '../support/relay-calls.ts';
import { bundleRelay, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';

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

async function relayIn() {
  const folder = path.join(await bench.folder(), 'relay');
  const process = await startRelayProcess(bundle, ['serve', '--data', folder, '--port', '0']);
  return { folder, process, key: registrationKey(folder) };
}

it('[X11] two workspaces on one relay and one on another: no word of one is with the other’s relay or members', async () => {
  const [near, far] = [await relayIn(), await relayIn()];
  const ana = await bench.start(await bench.folder());
  /** A workspace of its own words, with a page and a member who is in no other. */
  const make = async (relay: typeof near) => {
    const canaries = new Canaries();
    const { id: workspace } = await ana.call('workspace.create', { title: canaries.word(), name: canaries.word() });
    await ana.call('relay.attach', { workspace, url: relay.process.url, key: relay.key });
    const [space] = await ana.call('space.list', { workspace });
    const place = { workspace, space: space!.id, kind: 'page', parent: null } as const;
    await ana.call('doc.create', { ...place, title: canaries.word() });
    const { link } = await ana.call('invite.create', { workspace });
    const folder = await bench.folder();
    const member: Host = await bench.start(folder);
    await member.call('workspace.join', { link, name: canaries.word() });
    await until('the page is there', async () => (await member.call('doc.list', { workspace })).length === 1);
    await member.call('doc.create', { ...place, title: canaries.word() });
    await until('both pages are there', async () => (await ana.call('doc.list', { workspace })).length === 2);
    // Ids of the log as well: nobody learns of a workspace that they have no part in.
    for (const id of [workspace, space!.id, member.parts.device.id]) canaries.add(id);
    return { workspace, canaries, relay, member, folder };
  };
  const made = [await make(near), await make(near), await make(far)];
  expect((await ana.call('hello', {})).workspaces.map((one) => one.relay)).toEqual(
    made.map(({ relay }) => relay.process.url),
  );
  for (const { workspace } of made) {
    expect(await ana.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  }
  for (const one of made) {
    expect((await one.member.call('hello', {})).workspaces.map(({ id }) => id)).toEqual([one.workspace]);
    for (const other of made.filter((each) => each !== one)) {
      await expect(one.member.call('doc.list', { workspace: other.workspace })).rejects.toMatchObject({
        code: 'not-found',
      });
      const calls = new RelayCalls(other.relay.process.url);
      expect((await calls.askTicket(one.member.parts.device, other.workspace, '*')).status).toBe(403);
    }
  }
  await bench.stop(ana);
  for (const { member } of made) await bench.stop(member);
  for (const { process } of [near, far]) expect(await process.end('SIGTERM')).toBe(0);
  for (const one of made) {
    const places = [path.join(one.folder, 'store', 'db')];
    for (const place of places) expect((await one.canaries.inDatabase(place)).length).toBeGreaterThan(3);
    for (const other of made.filter((each) => each !== one)) {
      expect(await one.canaries.inFiles(other.folder)).toEqual([]);
      expect(await one.canaries.inDatabase(path.join(other.folder, 'store', 'db'))).toEqual([]);
      if (one.relay === other.relay) continue;
      expect(await one.canaries.inFiles(other.relay.folder)).toEqual([]);
      expect(await one.canaries.inDatabase(path.join(other.relay.folder, 'store', 'db'))).toEqual([]);
    }
    expect((await one.canaries.inDatabase(path.join(one.relay.folder, 'store', 'db'))).length).toBeGreaterThan(3);
  }
}, 60_000);

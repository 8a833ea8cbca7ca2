// A computer whose keyring is gone: everything is read, nothing is written or sent, and its person comes back in. KY4 to KY6, with a closed relay process.
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOrRecover } from '../../app/host/recovering-host.ts';
import { RenewableHost } from '../../app/host/renewable-host.ts';
import type { WindowHost } from '../../app/host/window-host.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';
import { VaultDouble } from '../support/vault-double.ts';

let bundle: RelayBundle;
let bench: HostBench;
let vault: VaultDouble;
const opened: WindowHost[] = [];
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
  vault = new VaultDouble();
});
afterEach(async () => {
  for (const host of opened.splice(0)) await host.close();
  await bench.dispose();
});

/** As a window's host starts. */
async function start(dataFolder: string): Promise<WindowHost> {
  const host = await startOrRecover({ dataFolder, version: '0.0.0-test', snapshots: false, vault });
  opened.push(host);
  return host;
}
async function stop(host: WindowHost): Promise<void> {
  opened.splice(opened.indexOf(host), 1);
  await host.close();
}
const mine = async (host: WindowHost): Promise<string | undefined> =>
  (await host.call('hello', {})).workspaces[0]?.mine;

/** Bo's computer with a page that nobody else has, written while the relay was away; its key lies in a keyring that is another one now. */
async function lost() {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  await team.page(ana, space, 'Plan');
  const first = await team.join('Bo');
  await team.untilTitles(first, 'Plan');
  const folder = team.folders.get(first) ?? '';
  const { words } = await first.call('recovery.create', { workspace });
  expect(await first.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  await team.relay.end('SIGTERM');
  await bench.stop(first);
  const sealed = await start(folder);
  expect(await sealed.call('keys.where', {})).toMatchObject({ kept: 'keyring', closed: null });
  await sealed.call('doc.create', { workspace, space, kind: 'page', title: 'Only here', parent: null });
  // A record that nobody else has, signed by the key that will be lost.
  await sealed.call('space.create', { workspace, name: 'Bo’s corner' });
  await stop(sealed);
  vault.number = 2;
  return { team, folder, words };
}

describe('a keyring that is gone', () => {
  it('[KY4] reads and exports everything, writes and sends nothing, and is the same computer when the keyring is back', async () => {
    const { team, folder } = await lost();
    const { workspace, space } = team;
    const host = await start(folder);
    expect(await mine(host)).toBe('keyless');
    expect((await host.call('hello', {})).notices.join()).toContain('does not open it');
    const titles = (await host.call('doc.list', { workspace })).map(({ title }) => title);
    expect(titles.sort()).toEqual(['Only here', 'Plan']);
    const { job } = await host.call('export.zip', { workspace, space });
    await until('the space is exported', async () => (await host.call('job.get', { job })).status.state === 'done');
    expect((await host.call('export.take', { job })).base64).not.toBe('');
    const directory = path.join(await bench.folder(), 'backup');
    for (const attempt of [
      () => host.call('doc.create', { workspace, space, kind: 'page', title: 'No', parent: null }),
      () => host.call('space.rename', { workspace, space, name: 'No' }),
      () => host.call('space.create', { workspace, name: 'No' }),
      () => host.call('recovery.create', { workspace }),
      () => host.call('backup', { directory }),
      () => host.call('workspace.create', { title: 'Other', name: 'Bo' }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'not-allowed',
        message: expect.stringContaining('does not open it') as string,
      });
    }
    expect((await host.call('doctor', {})).find(({ check }) => check === 'device key')).toMatchObject({ ok: false });
    expect((await host.call('workspace.truths', { workspace })).link).toEqual({ state: 'none' });
    await stop(host);
    vault.number = 1;
    const again = await start(folder);
    expect(await mine(again)).toBe('member');
    await team.startRelay();
    await team.untilTitles(team.ana, 'Only here,Plan', 30_000);
  });

  it('[KY5] [KY6] with a new key and the recovery words it comes back in, and what was nowhere else reaches the others', async () => {
    const { team, folder, words } = await lost();
    const { workspace } = team;
    const host = await start(folder);
    expect(host).toBeInstanceOf(RenewableHost);
    const { device } = await host.call('hello', {});
    await host.call('keys.renew', {});
    expect((await host.call('hello', {})).device).not.toBe(device);
    expect(await mine(host)).toBe('keyless');
    await team.startRelay();
    await host.call('workspace.recover', { words, relay: '', workspace, name: 'Bo’s laptop' });
    expect(await mine(host)).toBe('member');
    await team.untilTitles(team.ana, 'Only here,Plan', 30_000);
    await until('the space that the lost key made is known', async () =>
      (await team.ana.call('space.list', { workspace })).some(({ name }) => name === 'Bo’s corner'),
    );
  });

  it('[KY6] or another computer of the same person lets it in', async () => {
    const { ana, workspace } = await AccessTeam.make(bench, bundle);
    const second = await bench.folder();
    const plain = await bench.start(second);
    const { link } = await ana.call('device.invite', { workspace });
    const { code } = await plain.call('device.answer', { link, name: 'Laptop' });
    await ana.call('device.add', { workspace, code });
    await until('it is in', async () => (await mine(plain)) === 'member', 30_000);
    await bench.stop(plain);
    vault.number = 1;
    await stop(await start(second));
    vault.number = 2;
    const host = await start(second);
    await host.call('keys.renew', {});
    const again = await ana.call('device.invite', { workspace });
    const { code: fresh } = await host.call('device.answer', { link: again.link, name: 'Laptop' });
    await ana.call('device.add', { workspace, code: fresh });
    await until('it is in again', async () => (await mine(host)) === 'member', 30_000);
  });

  it('[KY6] a workspace without a relay is entered by the recovery words as well', async () => {
    const folder = await bench.folder();
    const host = await start(folder);
    const { id: workspace } = await host.call('workspace.create', { title: 'Alone', name: 'Ana' });
    const [space] = await host.call('space.list', { workspace });
    const { words } = await host.call('recovery.create', { workspace });
    await stop(host);
    // The key is sealed at the first start, since there is a keyring.
    vault.present = null;
    const keyless = await start(folder);
    expect((await keyless.call('hello', {})).notices.join()).toContain('no keyring here now');
    await keyless.call('keys.renew', {});
    await keyless.call('workspace.recover', { words, relay: '', workspace, name: 'Ana' });
    const title = 'Written again';
    await keyless.call('doc.create', { workspace, space: space!.id, kind: 'page', title, parent: null });
    expect((await keyless.call('doc.list', { workspace })).map((one) => one.title)).toEqual([title]);
    await stop(keyless);
    expect(await mine(await start(folder))).toBe('member');
  });
});

// Settings of this computer: bounds of history that hold at once, a name that others see, and what takes room.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostBench, until } from '../../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

describe('settings', () => {
  it('[X12] the bounds of history hold at once and after a restart, together with what the browser shell keeps', async () => {
    const folder = await bench.folder();
    const host = await bench.start(folder);
    expect(await host.call('settings.read', {})).toMatchObject({ historyDays: 0, historyBytes: 1024 ** 3 });
    await host.settings.setBrowserPort(4999);
    await host.call('settings.change', { historyDays: 30 });
    await host.call('settings.change', { historyBytes: 5_000_000 });
    expect(await host.call('history.totals', {})).toMatchObject({ days: 30, maxBytes: 5_000_000 });
    await bench.stop(host);
    const again = await bench.start(folder);
    expect(await again.call('settings.read', {})).toMatchObject({ historyDays: 30, historyBytes: 5_000_000 });
    expect(again.settings.browserPort).toBe(4999);
  });

  it('[X12] this computer has a name in my profile, in every workspace, and it can be changed', async () => {
    const host = await bench.start(await bench.folder());
    const one = await host.call('workspace.create', { title: 'One', name: 'Ana' });
    const two = await host.call('workspace.create', { title: 'Two', name: 'Ana' });
    const { deviceName } = await host.call('settings.read', {});
    const nameIn = async (workspace: string) => (await host.call('device.list', { workspace }))[0]?.name;
    await until('the computer has its name', async () => (await nameIn(two.id)) === deviceName);
    await host.call('settings.change', { deviceName: ' train laptop ' });
    for (const { id } of [one, two]) {
      expect(await host.call('device.list', { workspace: id })).toMatchObject([{ name: 'train laptop', me: true }]);
    }
    const [device] = await host.call('device.list', { workspace: one.id });
    await host.call('device.rename', { workspace: one.id, device: device!.id, name: 'desk' });
    expect(await nameIn(one.id)).toBe('desk');
    expect(await nameIn(two.id)).toBe('train laptop');
    await expect(host.call('device.rename', { workspace: one.id, device: 'x', name: 'y' })).rejects.toThrow(
      'own computers',
    );
    await expect(host.call('settings.change', { deviceName: '  ' })).rejects.toThrow('Nothing was changed');
  });

  it('[X12] says what takes room, and by what', async () => {
    const host = await bench.start(await bench.folder());
    await host.call('workspace.create', { title: 'One', name: 'Ana' });
    const use = await host.call('disk.use', {});
    expect(use.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['Documents', 'Members’ lists', 'Settings and keys']),
    );
    expect(use.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(await host.call('keys.where', {})).toEqual({ kept: 'file', keyring: null, closed: null });
  });
});

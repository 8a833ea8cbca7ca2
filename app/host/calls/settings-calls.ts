// Calls about what this computer keeps for itself: how much history, its name, what takes room, where its key lies.
import { diskUse } from '../disk-use.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { writeDeviceName } from './device-calls.ts';
import { visible } from './workspace-calls.ts';

export const settingsCalls = {
  async 'settings.read'(host) {
    const { history, deviceName } = host.settings;
    return { historyDays: history.days, historyBytes: history.bytes, deviceName };
  },
  /** Bounds of history hold at once; the name is written into my profile in every workspace. */
  async 'settings.change'(host, { historyDays, historyBytes, deviceName }) {
    if (historyDays !== undefined || historyBytes !== undefined) {
      const { days, bytes } = host.settings.history;
      const kept = { days: historyDays ?? days, bytes: historyBytes ?? bytes };
      await host.settings.setHistory(kept);
      host.history.keep(kept);
    }
    if (deviceName !== undefined) {
      const name = visible(deviceName, 'The name').slice(0, 200);
      await host.settings.setDeviceName(name);
      for (const workspace of host.workspaces.all) {
        const { membership, device } = workspace.standing();
        if (membership.devices.has(device)) await writeDeviceName(host, workspace, device, name);
      }
    }
    return {};
  },
  async 'disk.use'(host) {
    const parts = { history: host.history.counts.bytes, unnamed: host.attachments.unnamedBytes() };
    return [...(await diskUse(host.folder, parts))];
  },
  async 'keys.where'({ keeper }) {
    const { kept, keyring, closed } = keeper;
    return { kept, keyring: keyring ?? (await keeper.offered()), closed };
  },
  /** What was chosen holds at later starts as well. */
  async 'keys.move'({ keeper, settings }, { to }) {
    await keeper.move(to);
    await settings.setKeyring(to === 'keyring');
    return {};
  },
  /** A host that windows look at starts again at once (RenewableHost). */
  async 'keys.renew'({ keeper }) {
    await keeper.renew();
    return {};
  },
} satisfies Partial<CallHandlers>;

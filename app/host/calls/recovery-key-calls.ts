// Calls about the recovery key: making one, entering its words as a test, and what is known of it.
import { AppError } from '../../../shared/base/app-error.ts';
import { readRecoveryKey, setRecoveryKey, type RecoveryKey } from '../../../shared/model/profile/devices.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { appendRecord, requireClosed } from '../append-record.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { addByKey, recoverByKey } from '../enter-relay.ts';
import { isKeyless } from './device-calls.ts';
import { makeRecoveryKey, recoveryKeyOf } from '../recovery-key.ts';
import { relayClient } from '../relay-client.ts';
import { parseRelayUrl } from '../relay-url.ts';
import type { Workspace } from '../workspace.ts';

/** The key that holds now: one that was taken out of the log is none any more. */
async function presentKey(host: HostParts, workspace: Workspace): Promise<RecoveryKey | null> {
  const { member } = workspace.about;
  const key = await host.documents.read(profileRoom(workspace.id, member), readRecoveryKey);
  return key && workspace.log.membership.devices.get(key.device) === member ? key : null;
}

async function writeKey(host: HostParts, workspace: Workspace, key: RecoveryKey): Promise<void> {
  const room = profileRoom(workspace.id, workspace.about.member);
  await host.documents.edit(room, (doc) => setRecoveryKey(doc, key));
  await host.catalogue.refresh(room);
}

export const recoveryKeyCalls = {
  /** A second one takes the place of the first, whose words are worth nothing from then on. */
  async 'recovery.create'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    requireClosed(workspace);
    const { member } = workspace.about;
    const before = await presentKey(host, workspace);
    const { words, key, proof } = await makeRecoveryKey(id, member);
    await appendRecord(workspace, { verb: 'device.add', device: key.publicKey, proof });
    await writeKey(host, workspace, { device: key.id, tested: false });
    // Last: at no time is there no key that works.
    if (before) await appendRecord(workspace, { verb: 'device.remove', device: before.device });
    return { words };
  },
  async 'recovery.confirm'(host, { workspace: id, words }) {
    const workspace = host.workspaces.get(id);
    const present = await presentKey(host, workspace);
    const entered = await recoveryKeyOf(words);
    if (entered.id !== present?.device) {
      throw new AppError(
        'bad-input',
        'These are the words of another recovery key than the one that holds now. Nothing was changed. Look for the newest ones, or make a new key.',
      );
    }
    await writeKey(host, workspace, { device: entered.id, tested: true });
    return {};
  },
  /** On a new computer: the words, the relay and the workspace are all that is needed. */
  async 'workspace.recover'(host, { words, relay, workspace: id, name }) {
    const key = await recoveryKeyOf(words);
    const present = host.workspaces.find(id);
    const returning = present && isKeyless(host, present) ? present : null;
    if (returning && returning.about.relay === null) {
      await returning.comeBack(await addByKey(returning.log.records, key, host));
      // The computer that ordered is gone, or was this one under its former key.
      const { role } = returning.entry();
      if (role === 'owner' && !returning.log.orders) await returning.takeOver();
      return { workspace: id };
    }
    const url = parseRelayUrl(returning?.about.relay ?? relay);
    if (present && !returning) {
      throw new AppError(
        'already-exists',
        `This computer is in "${present.entry().title}" already. Nothing was changed.`,
      );
    }
    const client = relayClient(url, host.rehearsal.demandLinks);
    await client.check();
    const records = await recoverByKey({ device: host.device, clock: host.clock, client }, key, id);
    await host.settings.setDeviceName(name.trim().slice(0, 200) || host.settings.deviceName);
    const workspace = await host.workspaces.enter(records, { relay: url, title: '' });
    return { workspace: workspace.id };
  },
  async 'recovery.state'(host, { workspace }) {
    const present = await presentKey(host, host.workspaces.get(workspace));
    return { made: present !== null, tested: present?.tested ?? false };
  },
} satisfies Partial<CallHandlers>;

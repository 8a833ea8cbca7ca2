// Calls about the recovery key: making one, entering its words as a test, and what is known of it.
import { AppError } from '../../../shared/base/app-error.ts';
import { readRecoveryKey, setRecoveryKey, type RecoveryKey } from '../../../shared/model/profile/devices.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { appendRecord, requireClosed } from '../append-record.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { makeRecoveryKey, recoveryKeyOf } from '../recovery-key.ts';
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
    await appendRecord(host, workspace, { verb: 'device.add', device: key.publicKey, proof });
    await writeKey(host, workspace, { device: key.id, tested: false });
    // Last: at no time is there no key that works.
    if (before) await appendRecord(host, workspace, { verb: 'device.remove', device: before.device });
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
  async 'recovery.state'(host, { workspace }) {
    const present = await presentKey(host, host.workspaces.get(workspace));
    return { made: present !== null, tested: present?.tested ?? false };
  },
} satisfies Partial<CallHandlers>;

// Calls about one's own computers: their names, the two codes by which a new one comes in, and taking one out.
import { ordererOf } from '../../../shared/access/ordering.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { nameDevice } from '../../../shared/model/profile/devices.ts';
import type { DeviceEntry } from '../../contract/entities.ts';
import { appendRecord, requireClosed } from '../append-record.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { formatDeviceLink, parseDeviceLink, readDeviceCode } from '../device-link.ts';
import { noRelay } from '../no-relay.ts';
import type { Workspace } from '../workspace.ts';
import { visible } from './workspace-calls.ts';

/** The computers of this member, and the recovery key, as the members' list has them. */
function ownDevices(workspace: Workspace): readonly DeviceEntry[] {
  return workspace.members().find(({ me }) => me)?.devices ?? [];
}

/** Throws not-allowed where this device has no part any more. */
function requireMember(workspace: Workspace): string {
  const { membership, member, device } = workspace.standing();
  if (membership.devices.get(device) === member) return member;
  throw new AppError(
    'not-allowed',
    'This computer has no part in this workspace any more. Nothing was changed; what is here can be read.',
  );
}

/** Whether this computer has a new key and waits to be let in again. Throws where its key cannot be opened. */
export function isKeyless(host: HostParts, workspace: Workspace): boolean {
  const { closed } = host.keeper;
  if (closed !== null) throw new AppError('not-allowed', `${closed} Nothing was changed.`);
  return workspace.entry().mine === 'keyless';
}

export async function writeDeviceName(
  host: HostParts,
  workspace: Workspace,
  device: string,
  name: string,
): Promise<void> {
  const room = profileRoom(workspace.id, workspace.about.member);
  await host.documents.edit(room, (doc) => nameDevice(doc, device, name));
  await host.catalogue.refresh(room);
}

export const deviceCalls = {
  async 'device.list'(host, { workspace }) {
    return [...ownDevices(host.workspaces.get(workspace))];
  },
  async 'device.rename'(host, { workspace: id, device, name }) {
    const workspace = host.workspaces.get(id);
    requireMember(workspace);
    if (!ownDevices(workspace).some((one) => one.id === device)) {
      throw new AppError('not-found', 'This is not one of your own computers. Nothing was changed.');
    }
    await writeDeviceName(host, workspace, device, visible(name, 'The name'));
    return {};
  },
  async 'device.invite'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const member = requireMember(workspace);
    requireClosed(workspace);
    const { relay, title } = workspace.entry();
    if (relay === null) throw noRelay(title);
    return { link: formatDeviceLink({ relay, workspace: id, member, title }) };
  },
  async 'device.answer'(host, { link, name }) {
    const said = parseDeviceLink(link);
    const present = host.workspaces.find(said.workspace);
    if (present && !isKeyless(host, present)) {
      throw new AppError(
        'already-exists',
        `This computer is in "${present.entry().title}" already. Nothing was changed.`,
      );
    }
    // Written into the profile once that has come.
    await host.settings.setDeviceName(visible(name, 'The name').slice(0, 200));
    return { code: await host.pending.answer(said), pending: said.workspace };
  },
  async 'device.add'(host, { workspace: id, code }) {
    const workspace = host.workspaces.get(id);
    const member = requireMember(workspace);
    requireClosed(workspace);
    const { device, id: added, proof } = await readDeviceCode(code, id, member);
    const { membership } = workspace.log;
    // Twice is harmless: the answer to the first may have been lost.
    if (membership.devices.get(added) === member) return { device: added };
    if (membership.devices.has(added) || membership.removedDevices.has(added)) {
      throw new AppError(
        'not-allowed',
        'This computer belonged to this workspace before and was taken out, or belongs to somebody else in it. Nothing was changed. Begin on it with a new data folder.',
      );
    }
    await appendRecord(workspace, { verb: 'device.add', device, proof });
    return { device: added };
  },
  async 'device.remove'(host, { workspace: id, device }) {
    const workspace = host.workspaces.get(id);
    requireMember(workspace);
    requireClosed(workspace);
    const orderer = ordererOf(workspace.log.membership);
    // Nobody would put in order that who orders is gone: this computer does from now on.
    const isOrderer = orderer.kind === 'device' && orderer.device === device;
    if (isOrderer && ownDevices(workspace).some(({ id }) => id === device)) await workspace.takeOver();
    await appendRecord(workspace, { verb: 'device.remove', device });
    return {};
  },
} satisfies Partial<CallHandlers>;

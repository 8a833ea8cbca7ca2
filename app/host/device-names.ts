// Names this computer in its member's profile where it has no name yet: whichever way it came in. Renaming is a call.
import type { Logger } from '../../shared/base/logger.ts';
import { nameDevice, readDeviceNames } from '../../shared/model/profile/devices.ts';
import { profileRoom } from '../../shared/model/profile/profile.ts';
import type { Catalogue } from './catalogue.ts';
import type { RoomDocuments } from './room-documents.ts';
import type { Settings } from './settings.ts';
import type { Workspace } from './workspace.ts';
import type { Workspaces } from './workspaces.ts';

interface Parts {
  readonly device: string;
  readonly settings: Settings;
  readonly workspaces: Workspaces;
  readonly catalogue: Catalogue;
  readonly documents: RoomDocuments;
  readonly logger: Logger;
}

/** The subscriptions end with the workspaces. */
export function keepDeviceNames(parts: Parts): void {
  parts.workspaces.onAdded((workspace) => {
    let busy = false;
    const look = (): void => {
      if (busy || !lacksName(parts, workspace)) return;
      busy = true;
      void nameThisDevice(parts, workspace).finally(() => {
        busy = false;
      });
    };
    // The profile may have to come from the relay first.
    workspace.onChange((part) => {
      if (part === 'members') look();
    });
    look();
  });
}

function lacksName({ device, catalogue }: Parts, workspace: Workspace): boolean {
  const { membership } = workspace.log;
  const profile = catalogue.row(profileRoom(workspace.id, workspace.about.member));
  return profile !== null && profile.devices[device] === undefined && membership.devices.has(device);
}

async function nameThisDevice(
  { device, settings, catalogue, documents, logger }: Parts,
  workspace: Workspace,
): Promise<void> {
  const room = profileRoom(workspace.id, workspace.about.member);
  try {
    await documents.edit(room, (doc) => {
      // A row of an earlier version lists no names: what counts is the document.
      if (!readDeviceNames(doc).has(device)) nameDevice(doc, device, settings.deviceName);
    });
    await catalogue.refresh(room);
  } catch (error) {
    logger.log('warn', 'device-not-named', { workspace: workspace.id, error: String(error) });
  }
}

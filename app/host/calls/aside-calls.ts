// Calls about words that were set aside because somebody else had taken their clocks: listing, putting back, letting go.
import { AppError } from '../../../shared/base/app-error.ts';
import { returnWords } from '../../../shared/hub/return-words.ts';
import type { SetAside } from '../../../shared/hub/set-aside.ts';
import { readProperties } from '../../../shared/model/properties/read.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { AsideEntry } from '../../contract/entities.ts';
import type { CallHandlers } from '../call-handlers.ts';

/** What a workspace's windows are told. */
export function asideEntries(aside: SetAside, workspace: string): AsideEntry[] {
  return aside.open(workspace).map(({ id, room, at, text }) => ({
    id,
    document: parseRoomName(room)?.document ?? '',
    at,
    text,
  }));
}

function mustBelong(aside: SetAside, workspace: string, id: string): void {
  if (aside.get(id)?.room.startsWith(`${workspace}/`)) return;
  throw new AppError('not-found', 'These words are not kept aside any more. Nothing was changed.');
}

export const asideCalls = {
  async 'aside.list'(host, { workspace }) {
    return asideEntries(host.guard.aside, host.workspaces.get(workspace).id);
  },
  async 'aside.return'(host, { workspace: id, passage }) {
    const workspace = host.workspaces.get(id);
    mustBelong(host.guard.aside, id, passage);
    // Of the document itself: the lists may not have heard yet that it was unlocked a moment ago.
    const room = host.guard.aside.get(passage)?.room;
    if (room !== undefined && (await host.documents.read(room, readProperties)).locked) {
      throw new AppError(
        'not-allowed',
        'This page is locked. The words stay kept here; unlock it, and insert them then.',
      );
    }
    await returnWords(host.hub, host.guard.aside, passage, { device: host.device.id, member: workspace.about.member });
    return {};
  },
  async 'aside.dismiss'(host, { workspace, passage, dismissed }) {
    mustBelong(host.guard.aside, workspace, passage);
    await host.guard.aside.settle(passage, dismissed ? 'dismissed' : 'open');
    return {};
  },
} satisfies Partial<CallHandlers>;

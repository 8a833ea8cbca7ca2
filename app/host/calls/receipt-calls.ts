// Calls about who holds what: a document with the people who can read it, and what was written in it here.
import { AppError } from '../../../shared/base/app-error.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import type { DocumentReceipts } from '../../contract/receipts.ts';
import { withBundles } from '../bundles/bundle-holders.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { peopleHolding } from '../receipts/people-holding.ts';
import type { Workspace } from '../workspace.ts';
import { foundOrCard } from './document-calls.ts';

export const receiptCalls = {
  async 'doc.receipts'(host, params) {
    const { room } = foundOrCard(host, params);
    return receiptsOf(host, host.workspaces.get(params.workspace), room);
  },
  async 'profile.receipts'(host, { workspace: id, member }) {
    const workspace = host.workspaces.get(id);
    const room = profileRoom(id, member);
    if (!workspace.mayRead(`@${member}`) || !host.catalogue.row(room)) {
      throw new AppError('not-found', 'This profile is not on this computer. Nothing was changed.');
    }
    return receiptsOf(host, workspace, room);
  },
} satisfies Partial<CallHandlers>;

async function receiptsOf(host: HostParts, workspace: Workspace, room: string): Promise<DocumentReceipts> {
  const holders = await withBundles(host, workspace, room, await workspace.holders(room));
  const near = new Set(
    host.peers.list(workspace.id).flatMap(({ device, state }) => (state === 'linked' ? [device] : [])),
  );
  const people = peopleHolding(workspace.standing(), workspace.names(), room, holders).map((person) => ({
    ...person,
    devices: person.devices.map((one) => (near.has(one.device) ? { ...one, near: true } : one)),
  }));
  // Who cannot read it any more is not told what of it they have.
  const shown = new Set(people.flatMap(({ devices }) => devices.map(({ device }) => device)));
  const sittings = (await host.receipts.of(room)).map((one) => ({
    ...one,
    devices: one.devices.filter(({ device }) => shown.has(device) && device !== host.device.id),
  }));
  return { ...holders, away: awaySince(workspace, host.clock.now()), people, sittings };
}

/** Null: the relay is there, or there is none. */
function awaySince({ about, link }: Workspace, now: number): number | null {
  const status = link?.status ?? { state: 'none' };
  if (about.relay === null || status.state === 'online') return null;
  return 'since' in status ? status.since : now;
}

// Adds to who is known to hold a document whoever said so in a bundle, and of whom it is still true. It claims no more than that.
import { RoomBytes } from '../../../shared/hub/room-bytes.ts';
import type { DocumentHolders } from '../../contract/entities.ts';
import type { HostParts } from '../call-handlers.ts';
import type { Workspace } from '../workspace.ts';
import { readersOf } from '../workspace-views.ts';

/** Rule BU10: a device holds it whose bundle said that it has exactly what is here now. */
export async function withBundles(
  host: Pick<HostParts, 'store' | 'bundles' | 'device'>,
  workspace: Workspace,
  room: string,
  holders: DocumentHolders,
): Promise<DocumentHolders> {
  const devices = new Map(holders.devices.map((one) => [one.device, one]));
  const names = workspace.names();
  let digest: Uint8Array | null = null;
  for (const [member, own] of readersOf(workspace.standing(), room)) {
    for (const device of own) {
      if (device === host.device.id || devices.get(device)?.held) continue;
      const known = await host.bundles.knowledge.of(device, room);
      if (!known) continue;
      digest ??= new RoomBytes(await host.store.load(room)).digest();
      const held = Buffer.compare(known.digest, digest) === 0;
      const told = devices.get(device);
      if (!held && told) continue;
      devices.set(device, { device, member, name: names.member(member), held, at: Math.max(known.at, told?.at ?? 0) });
    }
  }
  const all = [...devices.values()];
  const holding = new Set([
    workspace.about.member,
    ...all.flatMap((one) => (one.held && one.member !== null ? [one.member] : [])),
  ]);
  const { of } = holders.members;
  return {
    ...holders,
    devices: all,
    members: { of, held: Math.max(holders.members.held, Math.min(of, holding.size)) },
  };
}

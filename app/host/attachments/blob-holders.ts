// Who has an attachment that is not here (docs/documents.md, AT7): what the relay said, on which computer it was put into a document, and which computers said so that were met. It asks nobody, and claims no more than it was told.
import { clientsWhoAttached } from '../../../shared/model/document/attachments.ts';
import type { BlobHolders } from '../../contract/attachments.ts';
import type { HostParts } from '../call-handlers.ts';
import { sessionAuthor } from '../session-author.ts';
import type { BlobAt } from './blob-rows.ts';

/** Documents that are looked at: the same file in more of them was mostly put there from the first. */
const MOST_ROOMS = 3;

/** Computers that are named. */
const MOST_PEERS = 20;

type Parts = Pick<HostParts, 'attachments' | 'documents' | 'history' | 'peerBlobs' | 'workspaces'>;

/** Whoever asks may read the space. */
export async function holdersOfBlob(parts: Parts, at: BlobAt): Promise<BlobHolders> {
  const relay = parts.attachments.atRelay(at);
  const peers = peersWith(parts, at);
  for (const room of parts.attachments.roomsOf(at).slice(0, MOST_ROOMS)) {
    const added = await addedIn(parts, room, at);
    if (added) return { relay, added, peers };
  }
  return { relay, added: null, peers };
}

/** Those that are here first, then who was met last. A computer that was taken out of the workspace brings nothing any more. */
function peersWith({ peerBlobs, workspaces }: Parts, at: BlobAt): BlobHolders['peers'] {
  const { here, met } = peerBlobs.holders(at);
  const members = workspaces.get(at.workspace).members();
  const peers: BlobHolders['peers'] = [];
  for (const { device, at: time } of [...here.map((one) => ({ device: one, at: null })), ...met]) {
    const owner = members.find(({ removed, devices }) => !removed && devices.some(({ id }) => id === device));
    const deviceName = owner?.devices.find(({ id }) => id === device)?.name ?? '';
    if (owner) peers.push({ device, deviceName, member: owner.id, name: owner.name, met: time });
  }
  return peers.slice(0, MOST_PEERS);
}

/** The device of another's session, or of another of one's own devices, in which the file came into the document. */
async function addedIn(
  { documents, history, workspaces }: Parts,
  room: string,
  { workspace: id, blob }: BlobAt,
): Promise<BlobHolders['added']> {
  const workspace = workspaces.get(id);
  const clients = await documents.read(room, (doc) => clientsWhoAttached(doc, blob));
  if (clients.length === 0) return null;
  const sessions = await history.sessionsOf(room);
  for (const client of clients) {
    for (const session of sessions) {
      if (!session.clients.includes(client)) continue;
      const { device, member } = sessionAuthor(workspace.log, session);
      // A computer that was taken out of the workspace brings nothing any more.
      const owner = workspace.members().find((one) => one.id === member && !one.removed);
      const known = owner?.devices.find((one) => one.id === device);
      if (!owner || !known || known.me) continue;
      return { device, deviceName: known.name, member, name: owner.name, seen: known.lastSeen };
    }
  }
  return null;
}

// Joining at the computer that a link names: dials its addresses, proves it by the key in the link, and joins there. It keeps no link and stores nothing.
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { deviceId } from '../../../shared/access/device-key.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { WebSocketTransport } from '../../../shared/node/ws-transport.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { encodePeerFrame } from '../../../shared/protocol/peer-frames.ts';
import type { JoinLink } from '../join-link.ts';
import { boundStream, dialPeer } from './door-socket.ts';
import { greet, type Acquaintance } from './handshake.ts';
import { joinAtPeer, type PeerJoining } from './join-peer.ts';
import type { PeerAddress } from './peer-connection.ts';
import { SocketTalk } from './peer-talk.ts';

export interface NewcomerParts {
  readonly device: DeviceKey;
  readonly clock: Clock;
  /** The address of this computer to call from, or null: any. */
  readonly from: string | null;
}

/** A link that leads to a computer. */
export type MeetingLink = JoinLink & { readonly peer: NonNullable<JoinLink['peer']> };

/**
 * @param record of an earlier try, or null. Rejects with what people can read: `unreachable` where none of the addresses is that
 * computer's now, `not-allowed` where it does not let in by this invitation.
 */
export async function joinAtAddress(
  parts: NewcomerParts,
  link: MeetingLink,
  record: string | null,
  signal: AbortSignal,
): Promise<PeerJoining> {
  let refused: AppError | null = null;
  for (const address of link.peer.addresses) {
    try {
      return await joinAt(parts, link, address, record, signal);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // Another computer may have that address in this network: the next one is tried.
      if (error.code !== 'unreachable') refused = error;
      if (signal.aborted) break;
    }
  }
  throw refused ?? nobodyThere();
}

async function joinAt(
  { device, clock, from }: NewcomerParts,
  { workspace, invite, peer }: MeetingLink,
  address: PeerAddress,
  record: string | null,
  signal: AbortSignal,
): Promise<PeerJoining> {
  if (!invite) throw new AppError('bad-input', 'This link holds no invitation. Nothing was changed.');
  const { socket, stream, channel } = await dialPeer(address, from, signal);
  const transport = new WebSocketTransport(socket, { clock });
  const late = clock.after(LIMITS.peerAdmission, () => socket.terminate());
  const end = (): void => socket.terminate();
  signal.addEventListener('abort', end, { once: true });
  try {
    const allow = boundStream(stream, LIMITS.unauthenticatedFrame);
    const talk = new SocketTalk(transport, true, clock);
    await greet({ talk, channel, device }, await inviter(workspace, peer), 'log');
    allow(LIMITS.peerRecords);
    const joining = await joinAtPeer(talk, { device, clock, workspace, invite, record });
    // The other end waits for this before it counts the visit as one of a member.
    if (joining.kind === 'joined') {
      talk.send(encodePeerFrame({ kind: 'admitted' }));
      await talk.receive();
    }
    return joining;
  } catch (error) {
    const isRefusal = error instanceof AppError && error.code === 'not-allowed' && 'closeCode' in error.details;
    throw isRefusal ? notLetIn(error) : error;
  } finally {
    signal.removeEventListener('abort', end);
    late.dispose();
    transport.close(1000, 'That was all.');
  }
}

/** All that a newcomer knows: the one computer that invited, and the key by which members recognise each other. */
async function inviter(workspace: string, { key, meeting }: MeetingLink['peer']): Promise<Acquaintance> {
  const id = await deviceId(key);
  return {
    workspace,
    shared: { devices: new Map([[id, '']]), removedDevices: new Map(), keys: new Map([[id, key]]) },
    meeting: () => Promise.resolve(meeting),
  };
}

function nobodyThere(): AppError {
  return new AppError(
    'unreachable',
    'The computer that this invitation leads to does not answer. Nothing was changed. Be on the same network, with Caravan open on that computer, and try again; if it has moved to another network since, ask for a new link.',
  );
}

/** The other end gives no reason: nobody is to learn anything by trying. */
function notLetIn(cause: AppError): AppError {
  return new AppError(
    'not-allowed',
    'That computer does not let you in by this invitation: each is for one person and for seven days at most, and it can be taken back. Nothing was changed. Ask who invited you for a new one.',
    { cause },
  );
}

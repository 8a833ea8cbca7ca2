// The conversation on a new connection, from the first message to the hand-over, the same for both ends: proofs, the logs in step, both members. It opens no socket.
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { WebSocketTransport } from '../../../shared/node/ws-transport.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { encodePeerFrame, readPeerFrame } from '../../../shared/protocol/peer-frames.ts';
import { boundStream, type OpenSocket } from './door-socket.ts';
import type { HandshakeParts, ProvedPeer } from './handshake.ts';
import { exchangeLogs, type InStep } from './log-exchange.ts';
import type { PeerConnection } from './peer-connection.ts';
import { SocketTalk } from './peer-talk.ts';
import { refusedPeer, REFUSAL } from './refused-peer.ts';

export interface Admission {
  readonly open: OpenSocket;
  readonly dialed: boolean;
  readonly device: DeviceKey;
  /** Versions spoken here, best first. */
  readonly versions?: readonly number[];
  readonly clock: Clock;
  readonly prove: (parts: HandshakeParts) => Promise<ProvedPeer>;
  readonly onProved: () => void;
  /** Both ends said yes; told before the connection is handed over. */
  readonly onLetIn: (other: ProvedPeer, how: InStep) => void;
  /** Whether a further connection of this device may be. */
  readonly hasRoom: (device: string) => boolean;
}

/**
 * Owns the connection until it is handed over. Whatever fails, the other end hears one and the same, and the promise rejects with
 * what this end may be told.
 */
export async function admit(admission: Admission): Promise<PeerConnection> {
  const { open, dialed, device, versions, clock, prove, onProved, onLetIn } = admission;
  const { socket, stream, channel, address } = open;
  const transport = new WebSocketTransport(socket, { clock });
  const allow = boundStream(stream, LIMITS.unauthenticatedFrame);
  const talk = new SocketTalk(transport, dialed, clock);
  let late = clock.after(LIMITS.unauthenticatedTime, () => socket.terminate());
  try {
    const other = await prove({ talk, channel, device, ...(versions ? { versions } : {}) });
    onProved();
    late.dispose();
    late = clock.after(LIMITS.peerAdmission, () => socket.terminate());
    // A long list takes the other end its time to verify; what a member sends of it is bounded by PL2.
    talk.patience = LIMITS.peerAdmission;
    allow(other.log.shared.devices.has(other.device) ? null : LIMITS.peerRecords);
    const how = await exchangeLogs(talk, other.log, other);
    judge(admission, other);
    if (dialed) talk.send(encodePeerFrame({ kind: 'admitted' }));
    if (readPeerFrame(await talk.receive())?.kind !== 'admitted') {
      throw refusedPeer('That computer does not let this one in.');
    }
    // Asked again: the other end took its time.
    const member = judge(admission, other);
    if (!dialed) talk.send(encodePeerFrame({ kind: 'admitted' }));
    allow(null);
    onLetIn(other, how);
    const { log, purpose } = other;
    const about = { workspace: log.workspace, purpose, device: other.device, member, dialed, address };
    return { ...about, transport: talk.release() };
  } catch (error) {
    const version = error instanceof AppError && error.details['closeCode'] === CLOSE.version;
    if (version) transport.close(CLOSE.version, 'There is no version in common.');
    else transport.close(REFUSAL.code, REFUSAL.reason);
    throw error;
  } finally {
    late.dispose();
  }
}

/** By the log as it is now: whose the other device is. Both ends must be members. */
function judge({ device: own, hasRoom }: Admission, { log, device }: ProvedPeer): string {
  const member = log.shared.devices.get(device);
  if (member === undefined) throw refusedPeer('That computer is no member’s.');
  if (!log.membership.devices.has(own.id)) throw refusedPeer('This computer has no part in this workspace any more.');
  if (!hasRoom(device)) throw refusedPeer('That computer has too many connections here.');
  return member;
}

// Brings two members' copies of a membership log in step, before either is let in: who has more sends the rest, to a member alone. A log that forks is refused.
import { encodePeerLogFrame, readPeerLogFrame, RECORDS_PER_FRAME } from '../../../shared/protocol/peer-log-frames.ts';
import type { PublicJwk } from '../../../shared/access/identity.ts';
import { forked, type WorkspaceLog } from '../membership.ts';
import type { PeerTalk } from './peer-connection.ts';
import { refusedPeer } from './refused-peer.ts';

/** The other end, proved by its key. */
export interface OtherDevice {
  readonly device: string;
  readonly publicKey?: PublicJwk;
}

/**
 * Ends when both copies are in step as far as either end may tell; whether the two are members is judged by the caller then. To a
 * device that is no member by this copy nothing is said but that, until the other end's records have made it one.
 */
export async function exchangeLogs(talk: PeerTalk, log: WorkspaceLog, other: OtherDevice): Promise<void> {
  const records = log.records;
  const knows = log.membership.devices.has(other.device);
  const mine = knows ? records.length : 0;
  const tell = (): void =>
    talk.send(encodePeerLogFrame({ kind: 'have', length: mine, head: knows ? log.membership.head : '' }));
  if (talk.dialed) tell();
  const theirs = readPeerLogFrame(await talk.receive());
  if (theirs?.kind !== 'have') throw refusedPeer('It did not say how far its list of members goes.');
  if (!talk.dialed) tell();

  if (mine === theirs.length) {
    if (mine === 0) throw refusedPeer('Neither computer knows the other one.');
    if (theirs.head !== log.entries[mine - 1]?.hash) throw forked();
  } else if (mine > theirs.length) {
    if (theirs.length > 0 && theirs.head !== log.entries[theirs.length - 1]?.hash) throw forked();
    send(talk, records.slice(theirs.length));
  } else {
    await log.extend(mine, await receive(talk));
  }
}

function send(talk: PeerTalk, records: readonly string[]): void {
  for (let at = 0; at < records.length; at += RECORDS_PER_FRAME) {
    const more = at + RECORDS_PER_FRAME < records.length;
    talk.send(encodePeerLogFrame({ kind: 'records', more, records: records.slice(at, at + RECORDS_PER_FRAME) }));
  }
}

async function receive(talk: PeerTalk): Promise<string[]> {
  const records: string[] = [];
  for (;;) {
    const frame = readPeerLogFrame(await talk.receive());
    if (frame?.kind !== 'records' || frame.records.length === 0) throw refusedPeer('It sent no records.');
    for (const record of frame.records) records.push(record);
    if (!frame.more) return records;
  }
}

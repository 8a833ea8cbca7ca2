// Whole lists of records over a conversation between two hosts, frame by frame and within bounds. What they mean is not judged here.
import { LOG_LIMIT } from '../../../shared/access/membership-log.ts';
import { PENDING_LIMITS } from '../../../shared/access/pending-records.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import {
  encodePeerLogFrame,
  readPeerLogFrame,
  type HaveFrame,
  type JoinFrame,
  type PendingFrame,
  type RecordsFrame,
} from '../../../shared/protocol/peer-log-frames.ts';
import type { PeerTalk } from './peer-connection.ts';
import { refusedPeer } from './refused-peer.ts';

export interface RecordList {
  readonly from: number;
  readonly records: readonly string[];
  readonly word: string;
}

export const NO_RECORDS: RecordList = Object.freeze({ from: 0, records: [], word: '' });

export function sendRecords(talk: PeerTalk, { from, records, word }: RecordList): void {
  inFrames(records, (part, at, more) => {
    talk.send(encodePeerLogFrame({ kind: 'records', from: from + at, more, records: part, word: more ? '' : word }));
  });
}

/** Rejects with `not-allowed` for what is not such a list, or is too long for one. */
export async function receiveRecords(talk: PeerTalk): Promise<RecordList> {
  const records: string[] = [];
  let from: number | null = null;
  let characters = 0;
  for (;;) {
    const frame: RecordsFrame | null = ofKind(await talk.receive(), 'records');
    from ??= frame?.from ?? 0;
    if (!frame || frame.from !== from + records.length || (frame.more && frame.records.length === 0)) {
      throw refusedPeer('It sent no list of records.');
    }
    for (const record of frame.records) {
      characters += record.length;
      records.push(record);
    }
    if (from + records.length > LOG_LIMIT || characters > LIMITS.log) throw refusedPeer('It sent too many records.');
    if (!frame.more) return { from, records, word: frame.word };
  }
}

export function sendPending(talk: PeerTalk, records: readonly string[]): void {
  inFrames(records, (part, _at, more) => talk.send(encodePeerLogFrame({ kind: 'pending', more, records: part })));
}

/** At most as many as are carried at all. */
export async function receivePending(talk: PeerTalk): Promise<readonly string[]> {
  const records: string[] = [];
  for (;;) {
    const frame: PendingFrame | null = ofKind(await talk.receive(), 'pending');
    if (!frame || (frame.more && frame.records.length === 0)) throw refusedPeer('It sent no pending records.');
    records.push(...frame.records);
    if (records.length > PENDING_LIMITS.records) throw refusedPeer('It sent too many pending records.');
    if (!frame.more) return records;
  }
}

export async function receiveHave(talk: PeerTalk): Promise<HaveFrame> {
  const frame = ofKind(await talk.receive(), 'have');
  if (!frame) throw refusedPeer('It did not say how far its list of members goes.');
  return frame;
}

/** What an accepting end hears first. */
export async function receiveFirst(talk: PeerTalk): Promise<HaveFrame | JoinFrame> {
  const message = await talk.receive();
  const frame = ofKind(message, 'have') ?? ofKind(message, 'join');
  if (!frame) throw refusedPeer('It did not say how far its list of members goes.');
  return frame;
}

function ofKind<K extends 'have' | 'records' | 'pending' | 'join'>(
  message: Uint8Array,
  kind: K,
): Extract<NonNullable<ReturnType<typeof readPeerLogFrame>>, { kind: K }> | null {
  const frame = readPeerLogFrame(message);
  return frame?.kind === kind ? (frame as Extract<typeof frame, { kind: K }>) : null;
}

/** One frame at least. */
function inFrames(
  records: readonly string[],
  each: (part: readonly string[], at: number, more: boolean) => void,
): void {
  for (let at = 0; at === 0 || at < records.length; at += LIMITS.peerRecordsPerFrame) {
    each(records.slice(at, at + LIMITS.peerRecordsPerFrame), at, at + LIMITS.peerRecordsPerFrame < records.length);
  }
}

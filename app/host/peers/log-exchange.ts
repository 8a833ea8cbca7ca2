// Brings two members' copies of the membership log in step, before either is let in and again when one grows (PL). It judges no room and opens no socket.
import { joinStatement, provesBy } from '../../../shared/access/proof.ts';
import type { PublicJwk } from '../../../shared/access/identity.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { encodePeerLogFrame, type HaveFrame, type JoinFrame } from '../../../shared/protocol/peer-log-frames.ts';
import type { WorkspaceLog } from '../membership.ts';
import { logMark } from './log-mark.ts';
import {
  NO_RECORDS,
  receiveFirst,
  receiveHave,
  receivePending,
  receiveRecords,
  sendPending,
  sendRecords,
  type RecordList,
} from './log-talk.ts';
import type { PeerTalk } from './peer-connection.ts';
import { refusedPeer } from './refused-peer.ts';

/** The other end, proved by its key. */
export interface OtherDevice {
  readonly device: string;
  readonly publicKey?: PublicJwk;
  /** Nothing but an invitation is listened to (PE28). */
  readonly mustJoin?: boolean;
}

/** How both ends came to be members of one list: both were, or the other one has just come in by its invitation. */
export type InStep = 'in-step' | 'joined';

/** Records that are ordered now make what was signed behind the ones before stale, once: more rounds mean that something is wrong. */
const ROUNDS = 6;

/**
 * Ends when both copies are in step as far as either end may tell, and both ends are members by them; else rejects with what this
 * end is to know. To a device that is no member by this copy nothing is said but that, until the other end's records have
 * made it one; to one that a pending record brings in, only what it needs to have that put in order (PL3, PL7).
 */
export async function exchangeLogs(talk: PeerTalk, log: WorkspaceLog, other: OtherDevice): Promise<InStep> {
  await log.ready();
  let mineBefore: HaveFrame | null = null;
  let theirsBefore: HaveFrame | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const mine = haveOf(log, other);
    if (talk.dialed) talk.send(encodePeerLogFrame(mine));
    const theirs = talk.dialed || round > 0 ? await receiveHave(talk) : await receiveFirst(talk);
    if (theirs.kind === 'join') {
      await admit(talk, log, other, theirs);
      return 'joined';
    }
    if (other.mustJoin) throw refusedPeer('It has no code, and no invitation.');
    if (!talk.dialed) talk.send(encodePeerLogFrame(mine));
    if (mine.standing === 'unknown' && theirs.standing === 'unknown') throw stranger();
    const isMutual = mine.standing === 'member' && theirs.standing === 'member';
    const isOver = isMutual && isSame({ ...mine, standing: theirs.standing }, theirs);
    if (isOver || (isSame(mine, mineBefore) && isSame(theirs, theirsBefore))) {
      if (isMutual) return 'in-step';
      throw mine.standing === 'member' ? waitingThere() : stranger();
    }
    await step(talk, log, mine, theirs);
    [mineBefore, theirsBefore] = [mine, theirs];
  }
  const { devices } = log.shared;
  if (!devices.has(other.device)) throw stranger();
  return 'in-step';
}

/** One round: what each end lacks, the longer copy first, then what is pending. */
async function step(talk: PeerTalk, log: WorkspaceLog, mine: HaveFrame, theirs: HaveFrame): Promise<void> {
  const { length, word } = log.certified;
  // By what was said: both ends must come to the same.
  const isLonger = mine.length === theirs.length ? talk.dialed : mine.length > theirs.length;
  const entries = log.entries;
  const at = new Map(entries.slice(0, length).map(({ hash }, index) => [hash, index]));
  const newest = theirs.locator.find((hash) => at.has(hash));
  const common = newest === undefined ? 0 : (at.get(newest) ?? 0) + 1;
  const rest: RecordList = { from: common, records: log.records.slice(common, length), word };
  const sends = mine.standing !== 'unknown' && word !== '' && rest.records.length > 0;
  let list: RecordList;
  if (isLonger) {
    sendRecords(talk, sends ? rest : NO_RECORDS);
    list = await receiveRecords(talk);
  } else {
    list = await receiveRecords(talk);
    // What they have beyond ends with all that is here: nothing is missing there.
    const isPart = list.records.length > 0 && list.from + list.records.length >= length && isWithin(log, list, length);
    sendRecords(talk, sends && !isPart ? rest : NO_RECORDS);
  }
  const gives = mine.standing === 'member' && mine.pending !== theirs.pending;
  const pending = gives ? log.pending : [];
  let heard: readonly string[];
  if (talk.dialed) {
    sendPending(talk, pending);
    heard = await receivePending(talk);
  } else {
    heard = await receivePending(talk);
    sendPending(talk, pending);
  }
  if (list.records.length > 0) {
    if (list.from > length) throw refusedPeer('It sent records from beyond what is here.');
    await log.follow([...log.records.slice(0, list.from), ...list.records], list.word);
  }
  if (heard.length > 0) await log.hear(heard);
}

function isWithin(log: WorkspaceLog, { from, records }: RecordList, length: number): boolean {
  for (let at = from; at < length; at += 1) if (log.records[at] !== records[at - from]) return false;
  return from <= length;
}

/** Somebody with a link to join: proved by the invite's seed, shown the log to sign behind, taken in or carried (PL9). */
async function admit(
  talk: PeerTalk,
  log: WorkspaceLog,
  other: OtherDevice,
  { invite, proof }: JoinFrame,
): Promise<void> {
  const isIn = (): boolean => log.shared.devices.has(other.device);
  const key = log.membership.invites.get(invite)?.key;
  const isProved =
    key !== undefined && (await provesBy(key, joinStatement(log.workspace, invite, other.device), proof));
  if (!isProved || (!isIn() && !log.isInviteGood(invite))) {
    throw refusedPeer('It has no invitation that is good now.');
  }
  const { length, word } = log.certified;
  if (word === '') throw refusedPeer('Nobody put the list of members here in order yet.');
  sendRecords(talk, { from: 0, records: log.records.slice(0, length), word });
  // An invitation that waits to be put in order itself: the newcomer signs behind it.
  const waits = !log.entries
    .slice(0, length)
    .some(({ body }) => body.verb === 'invite.create' && body.invite === invite);
  sendPending(talk, waits ? log.records.slice(length) : []);
  if (isIn()) return;
  await log.hear(await receivePending(talk));
  const now = log.certified;
  sendRecords(talk, { from: length, records: log.records.slice(length, now.length), word: now.word });
  if (!isIn()) throw refusedPeer('Its joining waits to be put in order.');
}

function haveOf(log: WorkspaceLog, other: OtherDevice): HaveFrame {
  const { shared } = log;
  if (shared.removedDevices.has(other.device)) throw refusedPeer('It has no part in this workspace any more.');
  const isMember = shared.devices.has(other.device);
  const isIntroduced = !isMember && other.publicKey !== undefined && log.introduces(other.publicKey);
  if (!isMember && !isIntroduced) return { kind: 'have', standing: 'unknown', length: 0, locator: [], pending: '' };
  const { length } = log.certified;
  const standing = isMember ? 'member' : 'introduced';
  return {
    kind: 'have',
    standing,
    length,
    locator: locatorOf(log, length),
    pending: isMember ? logMark(log) : '',
  };
}

function locatorOf(log: WorkspaceLog, length: number): string[] {
  const locator: string[] = [];
  for (
    let back = 1;
    locator.length < LIMITS.peerLocator && back <= length;
    back = locator.length < 2 ? back + 1 : back * 2
  ) {
    locator.push(log.entries[length - back]?.hash ?? '');
  }
  return locator;
}

function isSame(one: HaveFrame, other: HaveFrame | null): boolean {
  return (
    other !== null &&
    one.standing === other.standing &&
    one.length === other.length &&
    one.locator[0] === other.locator[0] &&
    one.pending === other.pending
  );
}

function stranger(): Error {
  return refusedPeer('It is no member of this workspace, as far as is known here.');
}

function waitingThere(): Error {
  return refusedPeer('This computer is not in the list of members that the other one has.', { waits: true });
}

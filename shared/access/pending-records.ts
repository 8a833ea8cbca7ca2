// Records that nobody has put in order yet: which of them hold, which count already, and what they take away. Pure; it keeps none.
import type { LogRecord, Membership, RecordBody } from './identity.ts';
import { applyRecord } from './log-rules.ts';
import { beginState, dropDevice, dropMember, setGrant } from './log-state.ts';
import { extendLog, type EvaluatedLog } from './membership-log.ts';
import { decodeRecord, hashRecord, verifiesRecord, type DecodedRecord } from './record-codec.ts';

/** What takes something away counts as soon as it is seen, and goes first: whoever is removed must not act in between. */
const REMOVALS: ReadonlySet<RecordBody['verb']> = new Set([
  'member.remove',
  'device.remove',
  'space.revoke',
  'invite.revoke',
]);

/** What one host carries for others; removals are kept before all else. */
export const PENDING_LIMITS = Object.freeze({
  /** More than a team decides in the weeks for which its owner is away. */
  records: 256,
  /** Of one device, and joinings by one invite: nobody fills up the room of the others. */
  perSource: 32,
  /** Characters of all together. */
  characters: 256 * 1024,
  /** Milliseconds after which a record that takes nothing away is carried no further; its own device still has it. */
  age: 90 * 24 * 3_600_000,
});

/** A record that is not in order, and when this host heard of it first. */
export interface Pending {
  readonly text: string;
  readonly heard: number;
}

export interface JudgedPending extends Pending {
  readonly record: LogRecord;
  /** It follows the newest ordered record, by itself or behind others that are pending, and the rules allow it there. */
  readonly fresh: boolean;
  /** It takes something away, by somebody who may by what is in order: it counts already. */
  readonly counts: boolean;
}

export function isRemoval({ verb }: RecordBody): boolean {
  return REMOVALS.has(verb);
}

/** Those of `pending` that are worth keeping behind `log`, within the limits, whatever their order was. Total. */
export async function judgePending(
  log: EvaluatedLog,
  pending: readonly Pending[],
  now: number,
): Promise<readonly JudgedPending[]> {
  const pool = await decoded(log, pending);
  const fresh = await freshOnes(log, pool);
  const judged: JudgedPending[] = [];
  for (const one of pool.values()) {
    const counts = isRemoval(one.record.body) && (await countsAlready(log, one, pool));
    const isFresh = fresh.has(one.record.hash);
    const isYoung = now - one.heard <= PENDING_LIMITS.age && !isExpired(one.record, log.membership, now);
    if (counts || (isFresh && isYoung)) judged.push({ ...one, fresh: isFresh, counts });
  }
  return withinLimits(judged);
}

/** The membership without what the records take away, each by itself: two who remove each other are both out. */
export function takenAway(membership: Membership, records: readonly LogRecord[]): Membership {
  if (records.length === 0) return membership;
  const state = beginState(membership);
  for (const { body, at } of records) {
    switch (body.verb) {
      case 'member.remove': {
        const member = state.members.get(body.member);
        if (member) dropMember(state, member, at);
        break;
      }
      case 'device.remove':
        dropDevice(state, body.device);
        break;
      case 'space.revoke':
        setGrant(state, body.space, body.member, null);
        break;
      case 'invite.revoke': {
        const invite = state.invites.get(body.invite);
        if (invite?.state === 'open') state.invites.set(body.invite, { ...invite, state: 'revoked' });
        break;
      }
      default:
    }
  }
  const { workspace: _workspace, head: _head, ...rest } = state;
  return { workspace: membership.workspace, head: membership.head, ...rest };
}

/** Which of the records that a host has now is put in order next: removals first, then by time and hash; null: none can be. */
export function nextInOrder(judged: readonly JudgedPending[], head: string): JudgedPending | null {
  const following = judged.filter(({ fresh, record }) => fresh && record.previous === head);
  const rank = ({ record }: JudgedPending): number => (isRemoval(record.body) ? 0 : 1);
  const [next] = following.sort(
    (a, b) => rank(a) - rank(b) || a.record.at - b.record.at || (a.record.hash < b.record.hash ? -1 : 1),
  );
  return next ?? null;
}

interface Decoded extends Pending {
  readonly record: LogRecord;
}

async function decoded(log: EvaluatedLog, pending: readonly Pending[]): Promise<Map<string, Decoded>> {
  const inOrder = new Set(log.records.map(({ hash }) => hash));
  const pool = new Map<string, Decoded>();
  for (const { text, heard } of pending) {
    const read = decodeRecord(text);
    if (!read.ok || read.record.previous === null || read.record.version !== 2) continue;
    const hash = await hashRecord(text);
    if (!inOrder.has(hash) && !pool.has(hash)) pool.set(hash, { text, heard, record: { ...read.record, hash } });
  }
  return pool;
}

/** Those that hold exactly where they stand; each is verified once. */
async function freshOnes(log: EvaluatedLog, pool: ReadonlyMap<string, Decoded>): Promise<ReadonlySet<string>> {
  const following = new Map<string, Decoded[]>();
  for (const one of pool.values()) {
    const previous = one.record.previous ?? '';
    following.set(previous, [...(following.get(previous) ?? []), one]);
  }
  const fresh = new Set<string>();
  const todo: EvaluatedLog[] = [log];
  for (let before = todo.pop(); before; before = todo.pop()) {
    for (const { text, record } of following.get(before.membership.head) ?? []) {
      if (fresh.size >= PENDING_LIMITS.records) return fresh;
      const next = await extendLog(before, [text]);
      if (!next.ok) continue;
      fresh.add(record.hash);
      todo.push(next);
    }
  }
  return fresh;
}

/** Whether a removal is by somebody who may, as things stand in order, wherever its signer thought the log ended. */
async function countsAlready(log: EvaluatedLog, one: Decoded, pool: ReadonlyMap<string, Decoded>): Promise<boolean> {
  const { membership } = log;
  const { record, text } = one;
  const key = membership.devices.has(record.signer) ? membership.keys.get(record.signer) : undefined;
  if (!key || (record.body.verb === 'space.revoke' && isOvertaken(log, record, pool))) return false;
  const checked = { ...record, key, introduced: null, proven: true };
  if (applyRecord(beginState(membership), checked) !== null) return false;
  return verifiesRecord(text, key);
}

/** A part that was given anew, or taken, behind what the signer had seen is not taken by its record: an old one is good once. */
function isOvertaken({ records }: EvaluatedLog, record: DecodedRecord, pool: ReadonlyMap<string, Decoded>): boolean {
  let root = record.previous;
  for (let steps = 0; steps <= pool.size; steps += 1) {
    const before = root === null ? undefined : pool.get(root);
    if (!before) break;
    root = before.record.previous;
  }
  const at = records.findLastIndex(({ hash }) => hash === root);
  const { body } = record;
  if (at < 0 || body.verb !== 'space.revoke') return true;
  return records.slice(at + 1).some(({ body: later }) => {
    const isOfPart = later.verb === 'space.grant' || later.verb === 'space.revoke';
    return isOfPart && later.space === body.space && later.member === body.member;
  });
}

/** Who joins does so within the invite's life by the clock of who lets in, not by a time that the newcomer wrote. */
function isExpired({ body }: LogRecord, { invites }: Membership, now: number): boolean {
  if (body.verb !== 'member.join' || !('invite' in body)) return false;
  const invite = invites.get(body.invite);
  return invite !== undefined && now >= invite.expires;
}

function withinLimits(judged: readonly JudgedPending[]): readonly JudgedPending[] {
  const sources = new Map<string, number>();
  let characters = 0;
  const kept: JudgedPending[] = [];
  const first = [...judged].sort((a, b) => Number(b.counts) - Number(a.counts) || a.heard - b.heard);
  for (const one of first) {
    const source = sourceOf(one.record);
    const count = (sources.get(source) ?? 0) + 1;
    if (kept.length >= PENDING_LIMITS.records || count > PENDING_LIMITS.perSource) continue;
    if (characters + one.text.length > PENDING_LIMITS.characters) continue;
    sources.set(source, count);
    characters += one.text.length;
    kept.push(one);
  }
  return kept;
}

/** Newcomers have as many keys as they like: they count by the invite. */
function sourceOf({ body, signer }: LogRecord): string {
  return body.verb === 'member.join' && 'invite' in body ? `invite ${body.invite}` : signer;
}

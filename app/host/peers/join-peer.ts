// Joining by a link at a member's computer: proves the invite there, signs behind the log that it shows, and is in or waits. It stores nothing and opens no socket.
import type { DeviceKey } from '../../../shared/access/identity.ts';
import { evaluateLog, hashRecord, signRecord, type EvaluatedLog } from '../../../shared/access/membership-log.ts';
import { wordOf } from '../../../shared/access/ordering.ts';
import { joinStatement, prove } from '../../../shared/access/proof.ts';
import { decodeRecord } from '../../../shared/access/record-codec.ts';
import { keyFromSeed } from '../../../shared/access/seed-key.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { encodePeerLogFrame } from '../../../shared/protocol/peer-log-frames.ts';
import type { Word } from '../order-file.ts';
import { receivePending, receiveRecords, sendPending } from './log-talk.ts';
import type { PeerTalk } from './peer-connection.ts';

export interface PeerJoiner {
  readonly device: DeviceKey;
  readonly clock: Clock;
  readonly workspace: string;
  readonly invite: { readonly id: string; readonly seed: Uint8Array };
  /** The record of an earlier try, which may be carried already; null at the first. */
  readonly record: string | null;
}

export type PeerJoining =
  /** This device is in the records, which are in order by the word. */
  | { readonly kind: 'joined'; readonly records: readonly string[]; readonly word: Word }
  /** The record is carried until the owner's computer has put it in order. */
  | { readonly kind: 'waits'; readonly record: string };

/** Rejects with what people can read. Whether the other end is the computer that the link names was proved before. */
export async function joinAtPeer(talk: PeerTalk, joiner: PeerJoiner): Promise<PeerJoining> {
  const { device, clock, workspace, invite } = joiner;
  const proof = await prove(await keyFromSeed(invite.seed), joinStatement(workspace, invite.id, device.id));
  talk.send(encodePeerLogFrame({ kind: 'join', invite: invite.id, proof }));
  const { records, word } = await receiveRecords(talk);
  const said = await inOrder(records, word, workspace);
  const waiting = await receivePending(talk);
  if (said.log.membership.devices.has(device.id)) return { kind: 'joined', records, word: said.word };

  const { membership } = waiting.length > 0 ? await checked([...records, ...waiting], workspace) : said.log;
  const body = { verb: 'member.join', device: device.publicKey, nonce: randomId(), invite: invite.id, proof } as const;
  const again = joiner.record !== null && follows(joiner.record, membership.head) ? joiner.record : null;
  const record = again ?? (await signRecord(device, { version: 2, previous: membership.head, body, at: clock.now() }));
  await checked([...records, ...waiting, record], workspace);
  sendPending(talk, [record]);
  const rest = await receiveRecords(talk);
  if (rest.records.length === 0) return { kind: 'waits', record };
  const all = [...records.slice(0, rest.from), ...rest.records];
  const then = await inOrder(all, rest.word, workspace);
  if (!then.log.membership.devices.has(device.id)) return { kind: 'waits', record };
  return { kind: 'joined', records: all, word: then.word };
}

function follows(record: string, head: string): boolean {
  const read = decodeRecord(record);
  return read.ok && read.record.previous === head;
}

async function checked(records: readonly string[], workspace: string): Promise<EvaluatedLog> {
  const log = await evaluateLog(records);
  if (!log.ok) {
    throw new AppError(
      'not-allowed',
      `You cannot join by this invitation: ${log.reason}. Nothing was changed. Ask who invited you for a new one.`,
    );
  }
  if (log.membership.workspace === workspace) return log;
  throw strange();
}

/** Records whose last one somebody who orders has signed for. */
async function inOrder(
  records: readonly string[],
  text: string,
  workspace: string,
): Promise<{ readonly log: EvaluatedLog; readonly word: Word }> {
  const last = records.at(-1);
  if (last === undefined) throw strange();
  const before = records.length > 1 ? await checked(records.slice(0, -1), workspace) : null;
  const log = await checked(records, workspace);
  if (!(await wordOf(log, before?.membership ?? null, text))) throw strange();
  return { log, word: { length: records.length, head: await hashRecord(last), text } };
}

function strange(): AppError {
  return new AppError(
    'not-allowed',
    'That computer shows another workspace than the link names. Nothing was changed. Ask who invited you for a new link.',
  );
}

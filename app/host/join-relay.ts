// Joining by a link: proves the invite at the relay, checks the log that it shows, and puts this device into it. It stores nothing.
import type { DeviceKey } from '../../shared/access/identity.ts';
import { evaluateLog, signRecord, type EvaluatedLog } from '../../shared/access/membership-log.ts';
import { joinStatement, prove } from '../../shared/access/proof.ts';
import { keyFromSeed } from '../../shared/access/seed-key.ts';
import { signChallenge } from '../../shared/access/ticket.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import { randomId } from '../../shared/base/random-id.ts';
import type { JoinLink } from './join-link.ts';
import type { RelayClient } from './relay-client.ts';
import type { RelayUrl } from './relay-url.ts';

const ROUNDS = 8;

/** A link that leads to a relay. */
export type RelayJoinLink = JoinLink & { readonly relay: RelayUrl };

export interface Joiner {
  readonly device: DeviceKey;
  readonly clock: Clock;
  readonly client: RelayClient;
}

/** The records with this device in them. A second try after a lost answer finds its own record and goes on. */
export async function joinByLink(joiner: Joiner, link: RelayJoinLink): Promise<readonly string[]> {
  await joiner.client.check();
  return link.invite ? joinByInvite(joiner, link, link.invite) : joinOpen(joiner, link);
}

async function joinByInvite(
  { device, clock, client }: Joiner,
  { relay: url, workspace }: RelayJoinLink,
  { id: invite, seed }: NonNullable<JoinLink['invite']>,
): Promise<readonly string[]> {
  const key = await keyFromSeed(seed);
  const challenge = async (by: DeviceKey): Promise<string> => {
    const { nonce, relay } = await client.nonce();
    return signChallenge(by, { relay, workspace, nonce });
  };
  const first = await client.join({ workspace, invite, challenge: await challenge(key) });
  if (first.kind === 'forbidden') return mineAlready({ device, clock, client }, workspace, await challenge(device));
  if (first.kind === 'refused') throw notJoined(first.reason);
  let records = first.kind === 'appended' ? first.log.records : first.records;
  for (let round = 0; round < ROUNDS; round++) {
    const { membership } = await checked(records, workspace);
    if (membership.devices.has(device.id)) return records;
    const named = membership.relay?.key;
    if (named && named.x !== (await client.nonce()).key.x) {
      throw new AppError(
        'not-allowed',
        `Another relay than the one of this workspace answers at ${url}. Nothing was changed. Ask who invited you for a new invitation.`,
      );
    }
    const proof = await prove(key, joinStatement(workspace, invite, device.id));
    const record = await signRecord(device, {
      version: 2,
      previous: membership.head,
      body: { verb: 'member.join', device: device.publicKey, nonce: randomId(), invite, proof },
      at: clock.now(),
    });
    const answer = await client.join({ workspace, invite, challenge: await challenge(key), record });
    if (answer.kind === 'appended') {
      const joined = await checked(answer.log.records, workspace);
      if (joined.membership.devices.has(device.id)) return answer.log.records;
      throw new AppError('internal', 'The relay took the joining and does not show it. Try again.');
    }
    if (answer.kind === 'forbidden') throw notGood();
    if (answer.kind === 'refused') throw notJoined(answer.reason);
    records = answer.records;
  }
  throw new AppError('timeout', 'Many people are joining at this moment. Nothing was changed; try again.');
}

/** The invite is not good any more: perhaps because this very device used it, and the answer got lost. */
async function mineAlready(
  { device, client }: Joiner,
  workspace: string,
  challenge: string,
): Promise<readonly string[]> {
  const given = await client.ticket(workspace, '*', challenge);
  const log = given && (await client.readLog(workspace, given.ticket));
  if (!log || !(await checked(log.records, workspace)).membership.devices.has(device.id)) throw notGood();
  return log.records;
}

/** A link of the first kind: workspaces of version 1, on relays that are open to everybody. */
async function joinOpen(
  { device, clock, client }: Joiner,
  { relay, workspace }: RelayJoinLink,
): Promise<readonly string[]> {
  const first = await client.readLog(workspace, null);
  if (!first) {
    throw new AppError(
      'not-found',
      `The relay at ${relay} does not know this workspace, or lets in by invitation only. Nothing was changed. Ask who sent you the link for an invitation.`,
    );
  }
  let { records } = first;
  for (let round = 0; round < ROUNDS; round++) {
    const { membership } = await checked(records, workspace);
    if (membership.devices.has(device.id)) return records;
    if (membership.version !== 1) {
      throw new AppError(
        'not-allowed',
        'One joins this workspace by invitation now. Nothing was changed. Ask who sent you the link for an invitation.',
      );
    }
    const record = await signRecord(device, {
      previous: membership.head,
      body: { verb: 'member.join', device: device.publicKey, nonce: randomId() },
      at: clock.now(),
    });
    const answer = await client.appendLog(workspace, null, [record]);
    if (answer.kind === 'forbidden') throw notGood();
    if (answer.kind === 'refused') throw notJoined(answer.reason);
    records = answer.kind === 'conflict' ? answer.records : [...records, record];
  }
  throw new AppError('timeout', 'Many people are joining at this moment. Nothing was changed; try again.');
}

async function checked(records: readonly string[], workspace: string): Promise<EvaluatedLog> {
  const log = await evaluateLog(records);
  if (!log.ok || log.membership.workspace !== workspace) {
    throw new AppError('not-allowed', 'The relay shows another workspace than the link names. Nothing was changed.');
  }
  return log;
}

/** The relay does not say which: nobody is to learn anything by trying. */
function notGood(): AppError {
  return new AppError(
    'not-allowed',
    'This invitation is not good any more: each is for one person and for seven days at most, and it can be taken back. Nothing was changed. Ask who invited you for a new one.',
  );
}

function notJoined(reason: string): AppError {
  return new AppError(
    'not-allowed',
    `The relay does not let this device join: ${reason}. Nothing was changed. Ask who invited you for a new invitation.`,
  );
}

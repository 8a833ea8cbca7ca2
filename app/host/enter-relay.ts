// Coming in as a further computer of somebody who is a member already: by a record of another computer, or by the recovery key. It stores nothing.
import type { DeviceKey } from '../../shared/access/identity.ts';
import { evaluateLog, signRecord, type EvaluatedLog } from '../../shared/access/membership-log.ts';
import { deviceStatement, prove } from '../../shared/access/proof.ts';
import { signChallenge } from '../../shared/access/ticket.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { RelayClient } from './relay-client.ts';

/** Others that append at the same moment make a second round; more mean that something is wrong. */
const ROUNDS = 8;

/** The log as the relay shows it to `device`, or null while it does not let it in. */
export async function knock(
  client: RelayClient,
  device: DeviceKey,
  workspace: string,
): Promise<{ readonly log: EvaluatedLog; readonly records: readonly string[]; readonly ticket: string } | null> {
  const { nonce, relay } = await client.nonce();
  const given = await client.ticket(workspace, '*', await signChallenge(device, { relay, workspace, nonce }));
  const sent = given && (await client.readLog(workspace, given.ticket));
  if (!sent) return null;
  return { log: await checked(sent.records, workspace), records: sent.records, ticket: given.ticket };
}

/**
 * Puts `device` beside the recovery key's other computers; the records with it in them. A second try after a lost answer finds
 * its own record. Throws `not-allowed` where the relay does not know the key.
 */
export async function recoverByKey(
  { device, clock, client }: { readonly device: DeviceKey; readonly clock: Clock; readonly client: RelayClient },
  key: DeviceKey,
  workspace: string,
): Promise<readonly string[]> {
  const inside = await knock(client, key, workspace);
  if (!inside) {
    throw new AppError(
      'not-allowed',
      'The relay does not let this recovery key in: it is of another workspace, or a newer one was made since. Nothing was changed. Check the workspace’s id and the words.',
    );
  }
  let { records, log } = inside;
  for (let round = 0; round < ROUNDS; round++) {
    const { membership } = log;
    const member = membership.devices.get(key.id);
    if (member === undefined)
      throw new AppError('not-allowed', 'This recovery key holds no more. Nothing was changed.');
    if (membership.devices.get(device.id) === member) return records;
    const record = await addition(log, key, member, { device, clock });
    const answer = await client.appendLog(workspace, inside.ticket, [record]);
    if (answer.kind === 'appended') records = answer.log.records;
    else if (answer.kind === 'conflict') records = answer.records;
    else {
      const why = answer.kind === 'refused' ? answer.reason : 'the relay does not say why';
      throw new AppError(
        'not-allowed',
        `This computer could not be put into the workspace: ${why}. Nothing was changed.`,
      );
    }
    log = await checked(records, workspace);
  }
  throw new AppError('timeout', 'The list of members keeps changing on the relay. Nothing was changed; try again.');
}

/** As recoverByKey, for a workspace that no relay has: `records` with `device` in them. */
export async function addByKey(
  records: readonly string[],
  key: DeviceKey,
  { device, clock }: { readonly device: DeviceKey; readonly clock: Clock },
): Promise<readonly string[]> {
  const log = await evaluateLog(records);
  const member = log.ok ? log.membership.devices.get(key.id) : undefined;
  if (!log.ok || member === undefined) {
    throw new AppError(
      'not-allowed',
      'This recovery key is not one of this workspace. Nothing was changed. Check the words.',
    );
  }
  return [...records, await addition(log, key, member, { device, clock })];
}

async function addition(
  { membership }: EvaluatedLog,
  key: DeviceKey,
  member: string,
  { device, clock }: { readonly device: DeviceKey; readonly clock: Clock },
): Promise<string> {
  const proof = await prove(device, deviceStatement(membership.workspace, member, device.id));
  return signRecord(key, {
    version: 2,
    previous: membership.head,
    body: { verb: 'device.add', device: device.publicKey, proof },
    at: clock.now(),
  });
}

async function checked(records: readonly string[], workspace: string): Promise<EvaluatedLog> {
  const log = await evaluateLog(records);
  if (log.ok && log.membership.workspace === workspace) return log;
  throw new AppError(
    'not-allowed',
    'The relay shows another workspace than the one that was asked for. Nothing was changed.',
  );
}

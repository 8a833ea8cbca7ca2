// Keeps this host's membership log and the relay's in step: reads theirs, brings it in, hands over what they lack.
import { AppError } from '../../shared/base/app-error.ts';
import type { WorkspaceLog } from './membership.ts';
import type { RelayClient } from './relay-client.ts';

/** Two hosts that append at the same time meet again after one round; more rounds mean that something is wrong. */
const ROUNDS = 8;

/** Resolves when both ends hold the same records. Rejects with what people can read. */
export async function syncLog(log: WorkspaceLog, relay: RelayClient): Promise<void> {
  let theirs = (await relay.readLog(log.workspace)) ?? [];
  for (let round = 0; round < ROUNDS; round++) {
    const outcome = await log.adopt(theirs);
    if (outcome.kind !== 'push') return;
    const answer = await relay.appendLog(log.workspace, outcome.records);
    if (answer.kind === 'appended') return;
    if (answer.kind === 'refused') {
      throw new AppError(
        'not-allowed',
        `The relay does not take this workspace's list of members: ${answer.reason}. Everything is kept on this computer.`,
      );
    }
    theirs = answer.records;
  }
  throw new AppError('timeout', 'The list of members keeps changing on the relay. Everything is kept here; try again.');
}

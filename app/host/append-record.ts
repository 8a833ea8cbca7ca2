// Puts a record of this device into a workspace's log and lets the relay hear of it when it can. Whether the rules allow it is the log's to say.
import type { AccessBody } from '../../shared/access/identity.ts';
import { AppError } from '../../shared/base/app-error.ts';
import type { Workspace } from './workspace.ts';

/** Resolves when it is stored here; the relay is told in the background. */
export async function appendRecord(workspace: Workspace, body: AccessBody): Promise<void> {
  await workspace.log.append(body);
  // Not waited for: it is signed and stored here, and the next time online brings it over.
  void workspace.tellLog();
}

/** Throws for a workspace of the first kind, which knows these records only after its owner's computer closed it. */
export function requireClosed(workspace: Workspace): void {
  if (workspace.log.membership.version !== 1) return;
  throw new AppError(
    'not-allowed',
    'This workspace is still an open one, as earlier versions made them. Nothing was changed. Its owner’s computer closes it at its next start; then try again.',
  );
}

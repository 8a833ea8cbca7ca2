// Calls about leaving a workspace, and about deleting what this computer has of one. What would be lost is named before.
import { AppError } from '../../../shared/base/app-error.ts';
import { appendRecord, requireClosed } from '../append-record.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { eraseWorkspace, sizeOfWorkspace } from '../erase-workspace.ts';
import type { Workspace } from '../workspace.ts';

/** The owner cannot go while others are there: somebody must be able to decide. */
function isSoleOwner(workspace: Workspace): boolean {
  const { membership, member } = workspace.standing();
  return membership.members.get(member)?.role === 'owner' && membership.members.size > 1;
}

function isAlone(workspace: Workspace): boolean {
  const { membership, member } = workspace.standing();
  return membership.members.size === 1 && membership.members.has(member);
}

/** The relay hears of it before anything here goes: else this device would stand in everybody's list for ever. */
async function takeLeave(workspace: Workspace): Promise<void> {
  requireClosed(workspace);
  const hasRelay = workspace.about.relay !== null;
  if (hasRelay) await workspace.syncLog().catch((error: unknown) => Promise.reject(notLeft(error)));
  await appendRecord(workspace, { verb: 'member.remove', member: workspace.about.member });
  if (!hasRelay) return;
  try {
    await workspace.syncLog();
  } catch (error) {
    // That this device has no part any more is what was wanted.
    if (!(error instanceof AppError) || error.details['removed'] !== true) throw error;
  }
}

function notLeft(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'unreachable') return error;
  return new AppError(
    'unreachable',
    'The relay does not answer, so the others would not hear of it. You did not leave, and nothing was changed. Leave when the relay can be reached.',
    { cause: error },
  );
}

export const leavingCalls = {
  async 'workspace.leaving'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    // Titles that were typed a moment ago are named as well.
    await host.catalogue.settled();
    const { outbox, lost } = await workspace.waits();
    return { unsent: [...outbox, ...lost], soleOwner: isSoleOwner(workspace), ...(await sizeOfWorkspace(host, id)) };
  },
  async 'workspace.leave'(host, { workspace: id, erase }) {
    const workspace = host.workspaces.get(id);
    if (isSoleOwner(workspace)) {
      throw new AppError(
        'not-allowed',
        'You are the owner of this workspace, and others are in it. Nothing was changed. Hand it over to one of them first, then leave.',
      );
    }
    if (workspace.entry().mine !== 'member') {
      if (!erase) throw new AppError('bad-input', 'You have no part in this workspace any more. Nothing was changed.');
    } else if (isAlone(workspace)) {
      if (!erase) {
        throw new AppError(
          'bad-input',
          'Nobody else is in this workspace, so there is nothing to leave. Nothing was changed. To delete it from this computer, say so; export or back it up before.',
        );
      }
    } else await takeLeave(workspace);
    if (erase) await eraseWorkspace(host, id);
    return {};
  },
  async 'workspace.erase'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    if (workspace.entry().mine === 'member') {
      throw new AppError(
        'not-allowed',
        'You are a member of this workspace. Nothing was changed. Leave it first; then what is here can be deleted.',
      );
    }
    await eraseWorkspace(host, id);
    return {};
  },
} satisfies Partial<CallHandlers>;

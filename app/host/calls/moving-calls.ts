// The call that moves a document, with what stands below it, into another space: the same bytes go there, and nothing is rewritten.
import { AppError } from '../../../shared/base/app-error.ts';
import { operationsIn } from '../../../shared/access/rights.ts';
import { buildTree, isInTree, placeInTree, subtree } from '../../../shared/model/document/tree.ts';
import type { DocEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { moveOne } from '../move-document.ts';
import { outsidersOf } from '../membership-entries.ts';
import type { Workspace } from '../workspace.ts';

export function mayWrite(workspace: Workspace, space: string): boolean {
  const { membership, member, now } = workspace.standing();
  const me = membership.members.get(member);
  return me !== undefined && operationsIn(membership, me, space, now).has('write');
}

/** What a board's cards hold goes before it: a board in its new space is whole. */
async function moveCards(host: HostParts, entry: DocEntry, space: string): Promise<void> {
  if (entry.kind !== 'board') return;
  for (const { room } of host.catalogue.cardsOf(entry)) {
    await moveOne(host, { room, space: entry.space }, space, null);
  }
}

export const movingCalls = {
  async 'doc.transfer'(host, { workspace: id, document, space }) {
    const workspace = host.workspaces.get(id);
    const entry = host.catalogue.entry(id, document);
    if (!entry) throw new AppError('not-found', 'This document is not on this computer. Nothing was changed.');
    const { membership, now } = workspace.standing();
    if (!membership.spaces.has(space)) {
      throw new AppError('not-found', 'This space is not in the workspace. Nothing was changed.');
    }
    if (entry.space === space) {
      throw new AppError('bad-input', 'The document is in this space already. Nothing was changed.');
    }
    if (!mayWrite(workspace, entry.space) || !mayWrite(workspace, space)) {
      throw new AppError(
        'not-allowed',
        'To move a document one must be able to write in the space that it leaves and in the one where it goes. Nothing was changed.',
      );
    }
    const { order } = placeInTree(buildTree(host.catalogue.list(id, space).filter(isInTree)), null, undefined);
    const below = [...subtree(buildTree(host.catalogue.list(id, entry.space)), entry)].filter(
      (one) => one.id !== document,
    );
    for (const one of below) {
      await moveCards(host, one, space);
      await moveOne(host, one, space, null);
    }
    await moveCards(host, entry, space);
    const room = await moveOne(host, entry, space, { order });
    if (entry.kind === 'thread') await Promise.all([entry.room, room].map((one) => host.threads.refresh(one)));
    return { room, outsiders: [...outsidersOf(membership, space, now)] };
  },
} satisfies Partial<CallHandlers>;

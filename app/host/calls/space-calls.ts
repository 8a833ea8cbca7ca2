// Calls about spaces: a record in the membership log makes one, its own document names it.
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { renameDocument } from '../../../shared/model/document/commands.ts';
import { createSpace, spaceRoom } from '../../../shared/model/space/space.ts';
import type { SpaceEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import type { Workspace } from '../workspace.ts';
import { visible } from './workspace-calls.ts';

/** Throws not-found for a space that the log does not know. */
export function knownSpace(host: HostParts, workspaceId: string, space: string): Workspace {
  const workspace = host.workspaces.get(workspaceId);
  if (!workspace.log.membership.spaces.has(space)) {
    throw new AppError('not-found', 'This space is not in the workspace. Nothing was changed.');
  }
  return workspace;
}

function entryOf(workspace: Workspace, space: string): SpaceEntry {
  const entry = workspace.spaces().find((one) => one.id === space);
  if (!entry) throw new AppError('not-found', 'This space is not in the workspace. Nothing was changed.');
  return entry;
}

export const spaceCalls = {
  async 'space.list'(host, { workspace }) {
    return [...host.workspaces.get(workspace).spaces()];
  },
  async 'space.create'(host, { workspace: id, name, visibility, purpose }) {
    const workspace = host.workspaces.get(id);
    const title = visible(name, "The space's name");
    const space = randomId();
    const room = spaceRoom(id, space);
    // The record first: nobody may write into a space that the log does not know.
    await workspace.log.append({ verb: 'space.create', space, visibility: visibility ?? 'open' });
    const told = workspace.tellLog();
    await host.documents.edit(room, (doc) =>
      createSpace(doc, {
        name: title,
        purpose: purpose ?? '',
        createdBy: workspace.about.member,
        createdAt: host.clock.now(),
      }),
    );
    await host.catalogue.refresh(room);
    await told;
    return entryOf(workspace, space);
  },
  async 'space.rename'(host, { workspace, space, name }) {
    knownSpace(host, workspace, space);
    const room = spaceRoom(workspace, space);
    const title = visible(name, "The space's name");
    await host.documents.edit(room, (doc) => renameDocument(doc, title));
    await host.catalogue.refresh(room);
    return {};
  },
} satisfies Partial<CallHandlers>;

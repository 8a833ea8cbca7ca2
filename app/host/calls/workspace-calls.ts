// Calls about workspaces, their members, their relay and the way in.
import { AppError } from '../../../shared/base/app-error.ts';
import { workspaceRoom } from '../../../shared/model/profile/profile.ts';
import { renameDocument } from '../../../shared/model/document/commands.ts';
import type { CallHandlers } from '../call-handlers.ts';
import { parseRelayUrl } from '../relay-url.ts';
import { createInvite, mayInviteMembers } from './access-calls.ts';

/** A title or name with something to see in it. */
export function visible(text: string, what: string): string {
  const trimmed = text.trim();
  if (trimmed === '')
    throw new AppError('bad-input', `${what} is empty. Nothing was changed. Type at least one letter.`);
  return trimmed;
}

export const workspaceCalls = {
  async hello(host) {
    const { version, device, workspaces, keeper } = host;
    const notices = [...host.notices, ...(keeper.closed === null ? [] : [keeper.closed])];
    return { version, device: device.id, workspaces: workspaces.entries(), recovery: null, notices };
  },
  async 'workspace.create'(host, { title, name, offTopic = false }) {
    const { workspaces } = host;
    return (await workspaces.create(visible(title, 'The title'), visible(name, 'Your name'), offTopic)).entry();
  },
  async 'workspace.join'(host, { link, name }) {
    return (await host.joinings.join(link, visible(name, 'Your name'))).entry();
  },
  async 'workspace.rename'(host, { workspace, title }) {
    const room = workspaceRoom(host.workspaces.get(workspace).id);
    if (!host.catalogue.row(room)) {
      throw new AppError(
        'not-found',
        "The workspace's own title has not arrived yet. Nothing was changed; try again when it was in step once.",
      );
    }
    await host.documents.edit(room, (doc) => renameDocument(doc, visible(title, 'The title')));
    await host.catalogue.refresh(room);
    return {};
  },
  async 'workspace.members'(host, { workspace }) {
    return [...host.workspaces.get(workspace).members()];
  },
  async 'workspace.truths'(host, { workspace }) {
    return host.workspaces.get(workspace).truths();
  },
  async 'relay.attach'(host, { workspace: id, url, key }) {
    const workspace = host.workspaces.get(id);
    await workspace.attach(parseRelayUrl(url), key?.trim() ?? null);
    const invite = mayInviteMembers(workspace) ? await createInvite(host, workspace, {}) : null;
    return { link: invite?.link ?? '' };
  },
  async 'relay.detach'(host, { workspace }) {
    await host.workspaces.get(workspace).detach();
    return {};
  },
} satisfies Partial<CallHandlers>;

// Calls about spaces as communities: the directory, what a space is for, what its managers put first, and what needs their attention.
import { AppError } from '../../../shared/base/app-error.ts';
import { readFeatured, setFeatured } from '../../../shared/model/space/featured.ts';
import { setPurpose, spaceRoom } from '../../../shared/model/space/space.ts';
import type { CommunityEntry } from '../../contract/communities.ts';
import type { MemberEntry } from '../../contract/entities.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { needsOf } from '../communities/needs.ts';
import { cameInto } from '../communities/came-into.ts';
import { lastWritten } from '../doings/last-written.ts';
import { found } from './document-calls.ts';
import { knownSpace } from './space-calls.ts';

/** The space, where I manage it. What a manager may do is a word among writers: a hub does not look at it. */
function managed(host: HostParts, id: string, space: string): void {
  const entry = knownSpace(host, id, space)
    .spaces()
    .find((one) => one.id === space);
  if (entry?.manages === true && host.workspaces.get(id).mayRead(space)) return;
  throw new AppError('not-allowed', 'This is for the managers of the space. Nothing was changed.');
}

async function communityOf(
  host: HostParts,
  id: string,
  space: string,
  members: readonly MemberEntry[],
): Promise<CommunityEntry> {
  const workspace = host.workspaces.get(id);
  const inside = members.filter((one) => !one.removed && one.spaces.some((part) => part.space === space));
  const managers = inside.filter((one) => one.spaces.some((part) => part.space === space && part.role === 'manager'));
  const ids = (list: readonly MemberEntry[]): string[] => list.map((one) => one.id).sort();
  const about = { space, managers: ids(managers), people: ids(inside) };
  if (!workspace.mayRead(space)) return { ...about, inside: null, featured: [] };
  const entries = host.catalogue.list(id, space).filter((entry) => !entry.archived);
  const discussions = entries.filter(({ kind }) => kind === 'thread').length;
  const last = Math.max(0, ...[...lastWritten(host, id, space).values()].map(({ at }) => at));
  const featured = await host.documents.read(spaceRoom(id, space), readFeatured);
  return {
    ...about,
    inside: { discussions, documents: entries.length - discussions, last: last === 0 ? null : last },
    featured: featured.filter(({ document }) => entries.some((entry) => entry.id === document)),
  };
}

export const communityCalls = {
  async 'space.directory'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const members = workspace.members();
    return Promise.all(workspace.spaces().map((space) => communityOf(host, id, space.id, members)));
  },
  async 'space.describe'(host, { workspace: id, space, purpose }) {
    managed(host, id, space);
    const room = spaceRoom(id, space);
    await host.documents.edit(room, (doc) => setPurpose(doc, purpose.trim()));
    await host.catalogue.refresh(room);
    return {};
  },
  async 'space.feature'(host, { workspace: id, document, featured }) {
    const { space } = found(host, { workspace: id, document });
    managed(host, id, space);
    const doing = { by: host.workspaces.get(id).about.member, at: host.clock.now() };
    await host.documents.edit(spaceRoom(id, space), (doc) => setFeatured(doc, document, featured ? doing : null));
    return {};
  },
  async 'space.attention'(host, { workspace: id, space }) {
    managed(host, id, space);
    const workspace = host.workspaces.get(id);
    const wrote = lastWritten(host, id, space);
    const came = cameInto(workspace.log.entries, workspace.log.facts, space);
    const newcomers = workspace.members().flatMap((member) => {
      const isHere = !member.removed && member.spaces.some((part) => part.space === space);
      return isHere && !wrote.has(member.id) ? { member: member.id, at: came.get(member.id) ?? member.joinedAt } : [];
    });
    return {
      ...needsOf({
        now: host.clock.now(),
        threads: host.threads.in(id, space),
        documents: host.catalogue.list(id, space),
        newcomers,
      }),
      waiting: host.threads.waiting + host.doings.waiting,
    };
  },
} satisfies Partial<CallHandlers>;

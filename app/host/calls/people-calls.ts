// Calls about people: whom and what I follow. They read what this computer may read, and write documents of my own.
import { AppError } from '../../../shared/base/app-error.ts';
import { readFollows, setFollowed, type Followed } from '../../../shared/model/personal/follows.ts';
import { createPersonal, personalRoom } from '../../../shared/model/personal/personal.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import type { Workspace } from '../workspace.ts';

function followsRoom(workspace: Workspace): string {
  return personalRoom(workspace.id, workspace.about.member, 'follows');
}

/** Whoever shares no space with me is as unknown as nobody. */
export function knownPerson(host: HostParts, workspace: string, member: string): Workspace {
  const found = host.workspaces.get(workspace);
  if (found.log.membership.members.has(member) && found.mayRead(`@${member}`)) return found;
  throw new AppError('not-found', 'This person is not known on this computer. Nothing was changed.');
}

export const peopleCalls = {
  async 'people.following'(host, { workspace }) {
    const { members, topics } = await host.documents.read(followsRoom(host.workspaces.get(workspace)), readFollows);
    return { members: [...members], topics: [...topics] };
  },
  async 'people.follow'(host, { workspace: id, member, topic, follow }) {
    if ((member === undefined) === (topic === undefined)) {
      throw new AppError('bad-input', 'Name a person or a topic, one of the two. Nothing was changed.');
    }
    const followed: Followed = member === undefined ? { topic: topic ?? '' } : { member };
    const workspace = host.workspaces.get(id);
    if (member !== undefined && follow) knownPerson(host, id, member);
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    const isSaid = await host.documents.edit(followsRoom(workspace), (doc) =>
      doc.transact(() => {
        createPersonal(doc, begun);
        return setFollowed(doc, followed, follow);
      }),
    );
    if (!isSaid) throw new AppError('bad-input', 'There is no topic in these words. Nothing was changed.');
    return {};
  },
} satisfies Partial<CallHandlers>;

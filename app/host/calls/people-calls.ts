// Calls about people: profiles, the directory, who knows about something, questions for me, whom I follow. They read what this computer may read, and write my own documents.
import { AppError } from '../../../shared/base/app-error.ts';
import { rewriteTitle } from '../../../shared/model/document/title.ts';
import { readFollows, setFollowed, type Followed, type Follows } from '../../../shared/model/personal/follows.ts';
import { createPersonal, personalRoom } from '../../../shared/model/personal/personal.ts';
import { changeAbout, statusAt } from '../../../shared/model/profile/about.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { DocEntry, MemberEntry } from '../../contract/entities.ts';
import type { PersonEntry } from '../../contract/people.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { findKnowing } from '../people/knows.ts';
import { questionsFor } from '../people/queue.ts';
import { teamsOf } from '../people/teams-of.ts';
import { worksOf } from '../people/works-of.ts';
import type { Workspace } from '../workspace.ts';

function followsRoom(workspace: Workspace): string {
  return personalRoom(workspace.id, workspace.about.member, 'follows');
}

function followsIn(host: HostParts, workspace: Workspace): Promise<Follows> {
  return host.documents.read(followsRoom(workspace), readFollows);
}

/** Whom I share a space with: whoever shares none is as unknown as nobody. */
function peopleIn(workspace: Workspace): readonly MemberEntry[] {
  return workspace.members().filter(({ id, removed }) => !removed && workspace.mayRead(`@${id}`));
}

function foundPerson(workspace: Workspace, member: string): MemberEntry {
  const found = peopleIn(workspace).find(({ id }) => id === member);
  if (found) return found;
  throw new AppError('not-found', 'This person is not known on this computer. Nothing was changed.');
}

function toPerson(host: HostParts, workspace: Workspace, follows: Follows): (member: MemberEntry) => PersonEntry {
  const now = host.clock.now();
  const teams = teamsOf(workspace.mayRead('@teams') ? host.people.teams(workspace.id) : []);
  return ({ id, name, me, devices, spaces }) => {
    const profile = host.people.profile(workspace.id, id);
    const seen = devices.flatMap(({ lastSeen }) => lastSeen ?? []);
    return {
      id,
      name,
      me,
      role: profile?.role ?? '',
      place: profile?.place ?? '',
      zone: profile?.zone ?? '',
      status: statusAt(profile?.status ?? null, now),
      picture: profile?.picture ?? null,
      skills: [...(profile?.skills ?? [])],
      interests: [...(profile?.interests ?? [])],
      projects: [...(profile?.projects ?? [])],
      spaces: spaces.map(({ space }) => space).filter((space) => workspace.mayRead(space)),
      teams: [...(teams.get(id) ?? [])],
      lastSeen: seen.length > 0 ? Math.max(...seen) : null,
      followed: follows.members.includes(id),
    };
  };
}

/** The document of a room that may stand among reasons: listed, not put away, in a space that can be read here. */
function shownIn(host: HostParts, workspace: Workspace): (room: string) => DocEntry | null {
  return (room) => {
    const address = parseRoomName(room);
    const entry = address && host.catalogue.entry(workspace.id, address.document);
    return entry?.room === room && !entry.archived && workspace.mayRead(entry.space) ? entry : null;
  };
}

export const peopleCalls = {
  async 'people.list'(host, { workspace: id }) {
    const workspace = host.workspaces.get(id);
    const person = toPerson(host, workspace, await followsIn(host, workspace));
    const people = peopleIn(workspace).map(person);
    const byName = new Intl.Collator(undefined, { sensitivity: 'base' });
    return { people: people.sort((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)) };
  },
  async 'people.profile'(host, { workspace: id, member }) {
    const workspace = host.workspaces.get(id);
    const found = foundPerson(workspace, member);
    const shown = shownIn(host, workspace);
    const works = await worksOf({ people: host.people, documents: host.documents }, { workspace: id, member, shown });
    return { person: toPerson(host, workspace, await followsIn(host, workspace))(found), works: [...works] };
  },
  async 'people.describe'(host, { workspace: id, name, ...change }) {
    const room = profileRoom(id, host.workspaces.get(id).about.member);
    // `exactOptionalPropertyTypes`: what the window left out is left out here.
    const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        changeAbout(doc, said);
        if (name !== undefined) rewriteTitle(doc, name);
      }),
    );
    await Promise.all([host.people.refresh(room), host.catalogue.refresh(room)]);
    return {};
  },
  async 'people.knows'(host, { workspace: id, words }) {
    const workspace = host.workspaces.get(id);
    const question = {
      workspace: id,
      words,
      members: peopleIn(workspace).map((member) => member.id),
      shown: shownIn(host, workspace),
    };
    const { asked, people, complete } = await findKnowing({ people: host.people, documents: host.documents }, question);
    return { asked: [...asked], people: [...people], complete, waiting: host.people.waiting };
  },
  async 'people.queue'(host, { workspace: id, most = 50 }) {
    const workspace = host.workspaces.get(id);
    const { member } = workspace.about;
    const profile = host.people.profile(id, member);
    const { topics } = await followsIn(host, workspace);
    const readable = workspace.spaces().filter((space) => workspace.mayRead(space.id));
    const rows = readable.flatMap((space) => [...host.threads.in(id, space.id)]);
    const reader = { member, skills: profile?.skills ?? [], projects: profile?.projects ?? [], topics };
    const queue = questionsFor(rows, reader, most);
    return { ...queue, questions: [...queue.questions] };
  },
  async 'people.following'(host, { workspace }) {
    const { members, topics } = await followsIn(host, host.workspaces.get(workspace));
    return { members: [...members], topics: [...topics] };
  },
  async 'people.follow'(host, { workspace: id, member, topic, follow }) {
    if ((member === undefined) === (topic === undefined)) {
      throw new AppError('bad-input', 'Name a person or a topic, one of the two. Nothing was changed.');
    }
    const followed: Followed = member === undefined ? { topic: topic ?? '' } : { member };
    const workspace = host.workspaces.get(id);
    if (member !== undefined && follow) foundPerson(workspace, member);
    const begun = { createdBy: workspace.about.member, createdAt: host.clock.now() };
    const room = followsRoom(workspace);
    const isSaid = await host.documents.edit(room, (doc) =>
      doc.transact(() => {
        createPersonal(doc, begun);
        return setFollowed(doc, followed, follow);
      }),
    );
    if (!isSaid) throw new AppError('bad-input', 'There is no topic in these words. Nothing was changed.');
    await host.people.refresh(room);
    return {};
  },
} satisfies Partial<CallHandlers>;

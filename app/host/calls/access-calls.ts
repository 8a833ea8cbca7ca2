// Calls about who is in a workspace and in its spaces: invites, roles, removal, parts. Each is a signed record of the log.
import type { InvitedSpace, Role, SpaceRole } from '../../../shared/access/identity.ts';
import { INVITE_LIFE } from '../../../shared/access/log-rules.ts';
import { operationsIn } from '../../../shared/access/rights.ts';
import { keyFromSeed, randomSeed } from '../../../shared/access/seed-key.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { randomId } from '../../../shared/base/random-id.ts';
import { spaceRoom } from '../../../shared/model/space/space.ts';
import type { InviteEntry } from '../../contract/access.ts';
import type { CallHandlers, HostParts } from '../call-handlers.ts';
import { formatJoinLink, LINK_ADDRESSES, type InvitingComputer } from '../join-link.ts';
import { inviteEntries, partOf } from '../membership-entries.ts';
import { nobodyComes } from '../no-relay.ts';
import type { Workspace } from '../workspace.ts';

/** Spaces that one record of an invite can name. */
const INVITED_SPACES = 16;

export interface InviteTerms {
  readonly role?: Exclude<Role, 'owner'> | undefined;
  readonly spaces?: readonly InvitedSpace[] | undefined;
  /** Milliseconds for which it is good. */
  readonly expires?: number | undefined;
  readonly until?: number | null | undefined;
}

export interface MadeInvite {
  readonly invite: InviteEntry;
  readonly link: string;
  /** Whether the relay knows of it; until then nobody can join by it. */
  readonly told: boolean;
}

/** The seed is in the link and nowhere else. */
export async function createInvite(host: HostParts, workspace: Workspace, terms: InviteTerms): Promise<MadeInvite> {
  const now = host.clock.now();
  const { relay, title } = workspace.entry();
  const peer = relay === null ? await invitingComputer(host, workspace) : null;
  const role = terms.role ?? 'member';
  const seed = randomSeed();
  const { publicKey } = await keyFromSeed(seed);
  const id = randomId();
  await workspace.log.append({
    verb: 'invite.create',
    invite: id,
    key: publicKey,
    role,
    spaces: terms.spaces?.map(({ space, role: part }) => ({ space, role: part })) ?? usualSpaces(workspace, role),
    expires: now + Math.min(terms.expires ?? INVITE_LIFE, INVITE_LIFE),
    until: terms.until ?? null,
  });
  // Without a relay whoever comes asks this computer.
  const told = relay === null || (await workspace.tellLog());
  const link = formatJoinLink({ relay, workspace: workspace.id, title, invite: { id, seed }, peer });
  return { invite: inviteNamed(workspace, id), link, told };
}

/** Where a newcomer finds this computer. Throws where nobody can come to it. */
async function invitingComputer({ door, device }: HostParts, workspace: Workspace): Promise<InvitingComputer> {
  const port = door?.port ?? null;
  const addresses = port === null ? [] : door?.addresses.map((address) => ({ host: address, port }));
  if (!addresses || addresses.length === 0) throw nobodyComes(workspace.entry().title);
  return {
    key: device.publicKey,
    meeting: await workspace.log.meeting(),
    addresses: addresses.slice(0, LINK_ADDRESSES),
  };
}

/** Whether an invite with these terms could be made at all by this device. */
export function mayInviteMembers(workspace: Workspace): boolean {
  const { role, mine } = workspace.entry();
  return mine === 'member' && (role === 'owner' || role === 'admin');
}

/** Where nothing else is said, whoever comes finds what is open to everybody. Guests are invited to named places only. */
function usualSpaces(workspace: Workspace, role: Exclude<Role, 'owner'>): InvitedSpace[] {
  if (role === 'guest') {
    throw new AppError('bad-input', 'A guest is invited into spaces. Nothing was changed. Say into which.');
  }
  const part: SpaceRole = role === 'viewer' ? 'viewer' : 'member';
  return workspace
    .spaces()
    .filter((space) => space.visibility === 'open' && !space.archived)
    .slice(0, INVITED_SPACES)
    .map((space) => ({ space: space.id, role: part }));
}

function inviteNamed(workspace: Workspace, id: string): InviteEntry {
  const entry = inviteEntries(workspace.standing()).find((one) => one.id === id);
  if (!entry) throw new AppError('internal', 'The invitation was made and cannot be found. Nothing else was changed.');
  return entry;
}

/** One record, and the relay's word that it has it where it can be reached. */
async function record(
  workspace: Workspace,
  body: Parameters<Workspace['log']['append']>[0],
): Promise<Record<string, never>> {
  await workspace.log.append(body);
  await workspace.tellLog();
  return {};
}

export const accessCalls = {
  async 'invite.create'(host, { workspace, ...terms }) {
    return createInvite(host, host.workspaces.get(workspace), terms);
  },
  async 'invite.list'(host, { workspace }) {
    return [...inviteEntries(host.workspaces.get(workspace).standing())].reverse();
  },
  async 'invite.revoke'(host, { workspace, invite }) {
    return record(host.workspaces.get(workspace), { verb: 'invite.revoke', invite });
  },
  async 'member.role'(host, { workspace, member, role }) {
    return record(host.workspaces.get(workspace), { verb: 'member.role', member, role });
  },
  async 'member.remove'(host, { workspace, member }) {
    return record(host.workspaces.get(workspace), { verb: 'member.remove', member });
  },
  async 'owner.transfer'(host, { workspace, member }) {
    return record(host.workspaces.get(workspace), { verb: 'owner.transfer', member });
  },
  async 'member.sees'(host, { workspace: id, member: who }) {
    const workspace = host.workspaces.get(id);
    const { membership, now } = workspace.standing();
    const member = membership.members.get(who);
    if (!member) throw new AppError('not-found', 'There is no such member any more. Nothing was changed.');
    const spaces = [...membership.spaces.keys()].flatMap((space) => {
      const role = partOf(membership, space, member, now);
      if (role === null) return [];
      const name = host.catalogue.row(spaceRoom(id, space))?.title ?? '';
      return [{ space, name, role, documents: host.catalogue.list(id, space).length }];
    });
    const people = [...membership.members.keys()].filter((one) =>
      operationsIn(membership, member, `@${one}`, now).has('read'),
    );
    return { spaces, people };
  },
  async 'space.grant'(host, { workspace, space, member, role, until }) {
    return record(host.workspaces.get(workspace), { verb: 'space.grant', space, member, role, until: until ?? null });
  },
  async 'space.revoke'(host, { workspace, space, member }) {
    return record(host.workspaces.get(workspace), { verb: 'space.revoke', space, member });
  },
  async 'space.archive'(host, { workspace, space }) {
    return record(host.workspaces.get(workspace), { verb: 'space.archive', space });
  },
  async 'space.enter'(host, { workspace: id, space }) {
    const workspace = host.workspaces.get(id);
    const { member, role } = workspace.entry();
    const part = role === 'viewer' ? 'viewer' : 'member';
    return record(workspace, { verb: 'space.grant', space, member, role: part, until: null });
  },
  async 'space.quit'(host, { workspace: id, space }) {
    const workspace = host.workspaces.get(id);
    return record(workspace, { verb: 'space.revoke', space, member: workspace.about.member });
  },
} satisfies Partial<CallHandlers>;

// The rules of the membership log: whether one record may follow what stands, and what it changes. Signatures are checked before.
import type { AccessBody, Invite, Member, Membership, PublicJwk, Space } from './identity.ts';
import { addMember, dropDevice, dropMember, setGrant, type LogState } from './log-state.ts';
import type { DecodedRecord } from './record-codec.ts';
import { isAdmin, isMember, manages, mayHave, outranks } from './roles.ts';

/** Milliseconds for which an invite can be good. */
export const INVITE_LIFE = 7 * 24 * 3_600_000;
/** Devices of one member that may act at a time: each costs a key in every copy of the log. */
const DEVICES = 20;
/** Invites that are open at a time. */
const OPEN_INVITES = 500;

/** A record whose signature holds, with what was found out about it. */
export interface CheckedRecord extends DecodedRecord {
  readonly hash: string;
  /** The signer's key. */
  readonly key: PublicJwk;
  /** The id of the key that the record brings in, or null. */
  readonly introduced: string | null;
  /** Whether the proof inside holds; true where there is none. */
  readonly proven: boolean;
}

type Body<V extends AccessBody['verb']> = Extract<AccessBody, { verb: V }>;

/** The reason why the rules refuse the record, or null after it was applied to `state`. */
export function applyRecord(state: LogState, record: CheckedRecord): string | null {
  const { body, version } = record;
  if ((body.verb === 'workspace.create') !== (record.previous === null)) {
    return 'a workspace is created by its first record and by no other';
  }
  if (!record.proven) return 'the proof in it does not hold';
  if (body.verb === 'workspace.create') return create(state, record);
  if (version === 1) return state.version === 1 ? applyFirst(state, record) : 'the workspace is not open any more';
  if (state.version === 1) {
    const by = memberOf(state, record.signer);
    if (by?.role !== 'owner') return 'an open workspace is closed by its owner';
    close(state);
  }
  return applyAccess(state, record, body as AccessBody);
}

function create(state: LogState, { hash, signer, key, at, version }: CheckedRecord): string | null {
  state.version = version;
  addMember(state, { id: hash, role: 'owner', joinedAt: at }, signer, key);
  return null;
}

/** Version 1: anybody joins, every member makes spaces. */
function applyFirst(state: LogState, record: CheckedRecord): string | null {
  const { body, signer, hash, key, at } = record;
  if (body.verb === 'member.join') {
    if (isKnownDevice(state, signer)) return 'this device belongs to a member already';
    addMember(state, { id: hash, role: 'member', joinedAt: at }, signer, key);
    return null;
  }
  if (body.verb !== 'space.create') return 'it is not a record of this version';
  const by = memberOf(state, signer);
  return by ? createSpace(state, by, body.space, body.visibility) : 'spaces are created by members';
}

/** What was open to everybody stays open to those who were there: each has the part in each space that they had. */
function close(state: LogState): void {
  state.version = 2;
  for (const [id, space] of state.spaces) {
    for (const member of state.members.values()) {
      setGrant(state, id, member.id, { role: member.id === space.createdBy ? 'manager' : 'member', until: null });
    }
  }
}

function applyAccess(state: LogState, record: CheckedRecord, body: AccessBody): string | null {
  if (body.verb === 'member.join') return join(state, record, body);
  const by = memberOf(state, record.signer);
  if (!by) return 'it is not signed by a device that may sign it';
  const { at } = record;
  switch (body.verb) {
    case 'workspace.create':
      return 'a workspace is created by its first record and by no other';
    case 'device.add':
      return addDevice(state, by, record, body);
    case 'device.remove':
      return removeDevice(state, by, body.device);
    case 'invite.create':
      return createInvite(state, by, at, body);
    case 'invite.revoke':
      return revokeInvite(state, by, body.invite);
    case 'member.role':
      return setRole(state, by, body);
    case 'member.remove':
      return removeMember(state, by, body.member, at);
    case 'owner.transfer':
      return transfer(state, by, body.member);
    case 'space.create':
      return isMember(by.role)
        ? createSpace(state, by, body.space, body.visibility)
        : 'viewers and guests make no spaces';
    case 'space.grant':
      return grant(state, by, at, body);
    case 'space.revoke':
      return revoke(state, by, at, body);
    case 'space.archive':
      return archive(state, by, at, body.space);
    case 'document.purge':
      if (!manages(state, by, body.space, at)) return 'this member may not purge in that space';
      state.purged.add(`${body.space}/${body.document}`);
      return null;
    case 'relay.set':
      if (!isAdmin(by.role)) return 'the relay is set by the owner or an admin';
      state.relay = { key: body.key, url: body.url };
      return null;
  }
}

function addDevice(state: LogState, by: Member, record: CheckedRecord, body: Body<'device.add'>): string | null {
  const { introduced } = record;
  if (introduced === null || isKnownDevice(state, introduced)) return 'this device belongs to a member already';
  if (by.devices.length >= DEVICES) return `a member has at most ${DEVICES} devices`;
  state.members.set(by.id, { ...by, devices: [...by.devices, introduced] });
  state.devices.set(introduced, by.id);
  state.keys.set(introduced, body.device);
  return null;
}

function removeDevice(state: LogState, by: Member, device: string): string | null {
  const member = memberOf(state, device);
  if (!member) return 'there is no such device';
  if (member.id !== by.id && !(isAdmin(by.role) && outranks(by.role, member.role))) {
    return 'this member may not remove that device';
  }
  if (member.role === 'owner' && member.devices.length === 1) return 'it is the only device of the owner';
  dropDevice(state, device);
  return null;
}

function createInvite(state: LogState, by: Member, at: number, body: Body<'invite.create'>): string | null {
  const { verb: _verb, invite, ...terms } = body;
  if (state.invites.has(invite)) return 'this invite exists already';
  if (terms.expires <= at || terms.expires > at + INVITE_LIFE) return 'an invite is good for seven days at most';
  let open = 0;
  for (const other of state.invites.values()) if (other.state === 'open' && other.expires > at) open += 1;
  if (open >= OPEN_INVITES) return `at most ${OPEN_INVITES} invites are open at a time`;
  const reason = unfitTerms(state, terms) ?? (mayInvite(state, by, terms, at) ? null : 'this member may not invite so');
  if (reason !== null) return reason;
  state.invites.set(invite, { ...terms, createdBy: by.id, state: 'open' });
  return null;
}

type Terms = Pick<Invite, 'role' | 'spaces' | 'until'>;

function unfitTerms(state: LogState, { role, spaces, until }: Terms): string | null {
  if (role === 'guest' ? spaces.length === 0 : until !== null) return 'guests, and only they, have places and an end';
  const seen = new Set<string>();
  for (const { space, role: part } of spaces) {
    if (!usable(state, space) || seen.has(space)) return 'it names a space that is not there, or one twice';
    if (!mayHave(role, part)) return `a ${role} cannot be a ${part} of a space`;
    seen.add(space);
  }
  return null;
}

/** Whether an invite still lets somebody in at `at`: it is open, and whoever made it may still invite so. */
export function isInviteGood(log: Pick<Membership, 'members' | 'spaces' | 'invites'>, id: string, at: number): boolean {
  const invite = log.invites.get(id);
  const inviter = invite?.state === 'open' && at < invite.expires ? log.members.get(invite.createdBy) : undefined;
  return invite !== undefined && inviter !== undefined && mayInvite(log, inviter, invite, at);
}

/** Owner and admins invite those below them; managers invite guests into their own spaces. */
function mayInvite(state: Pick<Membership, 'spaces'>, by: Member, { role, spaces }: Terms, at: number): boolean {
  if (isAdmin(by.role)) return outranks(by.role, role);
  return role === 'guest' && spaces.every(({ space }) => manages(state, by, space, at));
}

function revokeInvite(state: LogState, by: Member, id: string): string | null {
  const invite = state.invites.get(id);
  if (invite?.state !== 'open') return 'there is no such open invite';
  if (invite.createdBy !== by.id && !isAdmin(by.role)) return 'this member may not revoke that invite';
  state.invites.set(id, { ...invite, state: 'revoked' });
  return null;
}

function join(state: LogState, record: CheckedRecord, body: Body<'member.join'>): string | null {
  const { signer, hash, key, at } = record;
  const invite = state.invites.get(body.invite);
  if (invite?.state !== 'open') return 'the invite is not open';
  if (at >= invite.expires) return 'the invite has expired';
  const inviter = state.members.get(invite.createdBy);
  // Asked again: whoever invited may have left, or may be less than they were.
  if (!inviter || !mayInvite(state, inviter, invite, at)) return 'whoever invited may not invite any more';
  if (isKnownDevice(state, signer)) return 'this device belongs to a member already';
  addMember(state, { id: hash, role: invite.role, joinedAt: at }, signer, key);
  for (const { space, role } of invite.spaces) {
    if (usable(state, space)) setGrant(state, space, hash, { role, until: invite.until });
  }
  state.invites.set(body.invite, { ...invite, state: 'used' });
  return null;
}

function setRole(state: LogState, by: Member, body: Body<'member.role'>): string | null {
  const member = state.members.get(body.member);
  if (!member) return 'there is no such member';
  if (!isAdmin(by.role) || !outranks(by.role, member.role) || !outranks(by.role, body.role)) {
    return 'this member may not give that role';
  }
  state.members.set(member.id, { ...member, role: body.role });
  return null;
}

function removeMember(state: LogState, by: Member, id: string, at: number): string | null {
  const member = state.members.get(id);
  if (!member) return 'there is no such member';
  if (member.role === 'owner') return 'the owner hands the workspace over before leaving';
  if (by.id !== id && !(isAdmin(by.role) && outranks(by.role, member.role))) {
    return 'this member may not remove that one';
  }
  dropMember(state, member, at);
  return null;
}

function transfer(state: LogState, by: Member, id: string): string | null {
  const member = state.members.get(id);
  if (by.role !== 'owner') return 'only the owner hands the workspace over';
  if (!member || member.id === by.id || !isMember(member.role)) return 'it can be handed to a member only';
  state.members.set(by.id, { ...by, role: 'admin' });
  state.members.set(member.id, { ...member, role: 'owner' });
  return null;
}

function createSpace(state: LogState, by: Member, id: string, visibility: Space['visibility']): string | null {
  if (state.spaces.has(id)) return 'this space exists already';
  const grants = new Map(state.version === 1 ? [] : [[by.id, { role: 'manager' as const, until: null }]]);
  state.spaces.set(id, { visibility, createdBy: by.id, archived: false, grants });
  return null;
}

function grant(state: LogState, by: Member, at: number, body: Body<'space.grant'>): string | null {
  const { space, role, until } = body;
  const member = state.members.get(body.member);
  if (!member || !usable(state, space)) return 'there is no such member or space';
  if (!mayHave(member.role, role)) return `a ${member.role} cannot be a ${role} of a space`;
  if (until !== null && member.role !== 'guest') return 'only guests have an end';
  if (!manages(state, by, space, at) && !mayEnter(state, by, body)) return 'this member may not give that part';
  setGrant(state, space, member.id, { role, until });
  return null;
}

/** Joining an open space: a part for oneself where one has none. */
function mayEnter(state: LogState, by: Member, { space, member, role }: Body<'space.grant'>): boolean {
  const found = state.spaces.get(space);
  if (by.id !== member || found?.visibility !== 'open' || by.role === 'guest' || found.grants.has(member)) return false;
  return role === 'member' || role === 'viewer';
}

function revoke(state: LogState, by: Member, at: number, body: Body<'space.revoke'>): string | null {
  if (!state.spaces.get(body.space)?.grants.has(body.member)) return 'that member has no part in this space';
  if (by.id !== body.member && !manages(state, by, body.space, at)) return 'this member may not take that part';
  setGrant(state, body.space, body.member, null);
  return null;
}

function archive(state: LogState, by: Member, at: number, id: string): string | null {
  const space = state.spaces.get(id);
  if (!space || space.archived) return 'there is no such space, or it is archived';
  if (!manages(state, by, id, at)) return 'this member may not archive that space';
  state.spaces.set(id, { ...space, archived: true });
  return null;
}

function usable(state: LogState, space: string): boolean {
  return state.spaces.get(space)?.archived === false;
}

function memberOf(state: LogState, device: string): Member | null {
  return state.members.get(state.devices.get(device) ?? '') ?? null;
}

function isKnownDevice(state: LogState, device: string): boolean {
  return state.devices.has(device) || state.removedDevices.has(device);
}

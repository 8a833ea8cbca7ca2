// What a membership log comes to while it is evaluated: the maps of a Membership that can still change. It knows no rules.
import type { Grant, Invite, Member, Membership, PublicJwk, Space } from './identity.ts';

/** Values in the maps are replaced, never changed: a state that was handed out stays as it was. */
export interface LogState {
  workspace: string | null;
  head: string | null;
  version: 1 | 2;
  readonly members: Map<string, Member>;
  readonly removed: Map<string, number>;
  readonly devices: Map<string, string>;
  readonly removedDevices: Map<string, string>;
  readonly keys: Map<string, PublicJwk>;
  readonly spaces: Map<string, Space>;
  readonly invites: Map<string, Invite>;
  readonly purged: Set<string>;
  relay: Membership['relay'];
}

/** A state of its own that begins where `from` stands, or empty. */
export function beginState(from: Membership | null): LogState {
  return {
    workspace: from?.workspace ?? null,
    head: from?.head ?? null,
    version: from?.version ?? 1,
    members: new Map(from?.members),
    removed: new Map(from?.removed),
    devices: new Map(from?.devices),
    removedDevices: new Map(from?.removedDevices),
    keys: new Map(from?.keys),
    spaces: new Map(from?.spaces),
    invites: new Map(from?.invites),
    purged: new Set(from?.purged),
    relay: from?.relay ?? null,
  };
}

export function addMember(state: LogState, member: Omit<Member, 'devices'>, device: string, key: PublicJwk): void {
  state.members.set(member.id, { ...member, devices: [device] });
  state.devices.set(device, member.id);
  state.keys.set(device, key);
}

/** The device may act no more; its key stays known. */
export function dropDevice(state: LogState, device: string): void {
  const owner = state.devices.get(device);
  if (owner === undefined) return;
  state.devices.delete(device);
  state.removedDevices.set(device, owner);
  const member = state.members.get(owner);
  if (member) state.members.set(owner, { ...member, devices: member.devices.filter((one) => one !== device) });
}

export function dropMember(state: LogState, member: Member, at: number): void {
  for (const device of member.devices) dropDevice(state, device);
  state.members.delete(member.id);
  state.removed.set(member.id, at);
  for (const [id, space] of state.spaces) if (space.grants.has(member.id)) setGrant(state, id, member.id, null);
}

/** Gives, replaces or (null) takes a member's part in a space. */
export function setGrant(state: LogState, id: string, member: string, grant: Grant | null): void {
  const space = state.spaces.get(id);
  if (!space) return;
  const grants = new Map(space.grants);
  if (grant) grants.set(member, grant);
  else grants.delete(member);
  state.spaces.set(id, { ...space, grants });
}

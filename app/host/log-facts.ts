// What a membership log tells beyond who may do what now: when devices and invites came, what people were. Pure; it judges nothing.
import type { LogRecord, Role } from '../../shared/access/identity.ts';

export interface FormerMember {
  /** What they are, or were last. */
  readonly role: Role;
  readonly joinedAt: number;
  /** Whose device ended it: their own is leaving. Null while they are members. */
  readonly endedBy: string | null;
}

export interface LogFacts {
  /** Everybody there ever was, by member id. */
  readonly people: ReadonlyMap<string, FormerMember>;
  /** Every device there ever was, to its member and the time of its record. */
  readonly devices: ReadonlyMap<string, { readonly member: string; readonly at: number }>;
  readonly invites: ReadonlyMap<string, { readonly createdAt: number; readonly usedBy: string | null }>;
  /** Spaces in which somebody ever had a part, by member id. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>;
  /** Device to member, for each record in its place in the log. */
  readonly actors: readonly (string | null)[];
  /** Keys (base64url) of the relays that the workspace ever named. */
  readonly relays: ReadonlySet<string>;
}

/** @param records of a log that holds. @param deviceIds of the keys that records bring in, by the record's hash. */
export function logFacts(records: readonly LogRecord[], deviceIds: ReadonlyMap<string, string>): LogFacts {
  const people = new Map<string, FormerMember>();
  const devices = new Map<string, { member: string; at: number }>();
  const invites = new Map<string, { createdAt: number; usedBy: string | null }>();
  const roles = new Map<string, Role>();
  const invited = new Map<string, readonly string[]>();
  const places = new Map<string, Set<string>>();
  const place = (member: string | undefined, space: string): void => {
    if (member !== undefined) places.set(member, (places.get(member) ?? new Set()).add(space));
  };
  const actors: (string | null)[] = [];
  const relays = new Set<string>();
  const person = (id: string, change: Partial<FormerMember>): void => {
    const known = people.get(id);
    if (known) people.set(id, { ...known, ...change });
  };
  for (const { hash, signer, at, body } of records) {
    switch (body.verb) {
      case 'workspace.create':
      case 'member.join': {
        const invite = 'invite' in body ? body.invite : null;
        const role = body.verb === 'workspace.create' ? 'owner' : (roles.get(invite ?? '') ?? 'member');
        people.set(hash, { role, joinedAt: at, endedBy: null });
        devices.set(signer, { member: hash, at });
        const used = invites.get(invite ?? '');
        for (const space of invited.get(invite ?? '') ?? []) place(hash, space);
        if (invite !== null && used) invites.set(invite, { ...used, usedBy: hash });
        break;
      }
      case 'device.add': {
        const added = deviceIds.get(hash);
        const member = devices.get(signer)?.member;
        if (added !== undefined && member !== undefined) devices.set(added, { member, at });
        break;
      }
      case 'invite.create':
        invites.set(body.invite, { createdAt: at, usedBy: null });
        roles.set(body.invite, body.role);
        invited.set(
          body.invite,
          body.spaces.map(({ space }) => space),
        );
        break;
      case 'member.role':
        person(body.member, { role: body.role });
        break;
      case 'owner.transfer':
        person(devices.get(signer)?.member ?? '', { role: 'admin' });
        person(body.member, { role: 'owner' });
        break;
      case 'member.remove':
        person(body.member, { endedBy: devices.get(signer)?.member ?? '' });
        break;
      case 'space.create':
        place(devices.get(signer)?.member, body.space);
        break;
      case 'space.grant':
        place(body.member, body.space);
        break;
      case 'relay.set':
        if (body.key) relays.add(body.key.x);
        break;
      default:
    }
    actors.push(devices.get(signer)?.member ?? null);
  }
  return { people, devices, invites, places, actors, relays };
}

/** The ids of devices that `device.add` records bring in, by the record's hash; `keys` are a membership's. */
export function addedDevices(
  records: readonly LogRecord[],
  keys: ReadonlyMap<string, { readonly x: string }>,
): ReadonlyMap<string, string> {
  const byKey = new Map([...keys].map(([id, key]) => [key.x, id]));
  const found = new Map<string, string>();
  for (const { hash, body } of records) {
    const id = body.verb === 'device.add' ? byKey.get(body.device.x) : undefined;
    if (id !== undefined) found.set(hash, id);
  }
  return found;
}

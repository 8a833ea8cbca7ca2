// For whom a bundle is, and what may go into it: nothing that any of them may not read, nothing that its writer may not hand on (BU8). Pure, of the membership.
import type { Member, Membership, PublicJwk } from '../../../shared/access/identity.ts';
import { isAllowed, operationsIn } from '../../../shared/access/rights.ts';
import { partIn } from '../../../shared/access/roles.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import type { Standing } from '../membership-entries.ts';
import type { BundleTarget } from '../../contract/bundles.ts';

export interface Audience {
  /** Whoever may open it: ids, me included where I have another computer. */
  readonly members: readonly string[];
  /** Of those that were meant by a space or by all, who may not read all that is in it. */
  readonly without: readonly string[];
  /** Their computers, without this one. */
  readonly devices: readonly { readonly device: string; readonly key: PublicJwk }[];
  /** Whether the writer hands on what others wrote: viewers and guests do not. */
  readonly carries: boolean;
  /** Whether a room may be in it. */
  takes(room: string): boolean;
}

/** @param isRecovery of a device of a member. Throws `not-found` for whom or what I may not know of, or where there is nobody to read it. */
export function audienceOf(
  standing: Standing,
  to: BundleTarget,
  isRecovery: (member: string, device: string) => boolean,
): Audience {
  const { membership, member: me, device: here, now } = standing;
  const self = membership.members.get(me);
  if (!self || !membership.devices.has(here)) {
    throw new AppError('not-allowed', 'You have no part in this workspace any more. Nothing was written.');
  }
  const mayRead = (member: Member, space: string): boolean => operationsIn(membership, member, space, now).has('read');
  const only = to.kind === 'all' ? null : (to.space ?? null);
  if (only !== null && (!membership.spaces.has(only) || !mayRead(self, only))) {
    throw new AppError('not-found', 'There is no such space here that you can read. Nothing was written.');
  }
  const known = [...membership.members.values()].filter((one) => one.id === me || mayRead(self, `@${one.id}`));
  const spaces = only !== null ? [only] : [...membership.spaces.keys()].filter((space) => mayRead(self, space));
  const readers = known.filter((one) => spaces.every((space) => mayRead(one, space)));
  const meant = to.kind === 'member' ? known.filter(({ id }) => id === to.member) : readers;
  if (to.kind === 'member' && (meant.length === 0 || (only !== null && !meant.every((one) => mayRead(one, only))))) {
    throw new AppError('not-found', 'There is nobody of that name here who can read that. Nothing was written.');
  }
  const computers = meant.map(({ id, devices }) => ({
    id,
    devices: devices.filter((device) => device !== here && !isRecovery(id, device)),
  }));
  const members = computers.filter(({ devices }) => devices.length > 0).map(({ id }) => id);
  const devices = computers.flatMap((one) =>
    one.devices.flatMap((device) => {
      const key = membership.keys.get(device);
      return key ? [{ device, key }] : [];
    }),
  );
  if (devices.length === 0) throw nobody(to, me);
  const without = to.kind === 'member' ? [] : known.filter((one) => !readers.includes(one) && one.id !== me);
  const recipients = meant.filter(({ id }) => members.includes(id));
  const carries = self.role !== 'guest' && self.role !== 'viewer';
  const taken = new Map<string, boolean>();
  const takesSpace = (space: string): boolean => {
    if (only !== null && space !== only && !belongsTo(membership, space, only, now)) return false;
    if (!recipients.every((one) => mayRead(one, space)) || !mayRead(self, space)) return false;
    // What one may only read comes from those who wrote it; what nobody is asked about (who people are) travels with its signatures.
    return mayHandOn(membership, self, space, now, carries);
  };
  return {
    members,
    without: without.map(({ id }) => id),
    devices,
    carries,
    takes(room) {
      const address = parseRoomName(room);
      if (!address || address.workspace !== membership.workspace) return false;
      const { space, document } = address;
      if (membership.purged.has(`${space}/${document}`)) return false;
      const known = taken.get(space) ?? takesSpace(space);
      taken.set(space, known);
      return known;
    },
  };
}

function mayHandOn(membership: Membership, self: Member, space: string, now: number, carries: boolean): boolean {
  if (operationsIn(membership, self, space, now).has('write')) return true;
  return carries && space.startsWith('@');
}

/** With a space go the workspace's title and the profiles of its people. */
function belongsTo(membership: Membership, space: string, only: string, now: number): boolean {
  if (space === '@workspace') return true;
  const member = space.startsWith('@') ? membership.members.get(space.slice(1)) : undefined;
  const place = membership.spaces.get(only);
  return (
    member !== undefined && place !== undefined && (membership.version === 1 || partIn(place, member, now) !== null)
  );
}

/** Whether a bundle's writer may add to a room, by this membership. */
export function mayBring(membership: Membership, writer: string, room: string, now: number): boolean {
  const address = parseRoomName(room);
  return address !== null && isAllowed(membership, { device: writer, member: null }, 'write', address, now);
}

function nobody(to: BundleTarget, me: string): AppError {
  return new AppError(
    'not-found',
    to.kind === 'member' && to.member !== me
      ? 'They have no computer in this workspace. Nothing was written.'
      : 'There is no other computer that could read this. Nothing was written. Invite somebody, or add another computer of yours.',
  );
}

// Who may be given an attachment by another computer, and who hands one on (PROTOCOL.md, PB3 and PB4): by the membership log alone. Pure.
import type { Membership } from '../../../shared/access/identity.ts';
import { isAllowed, memberOf } from '../../../shared/access/rights.ts';
import { partIn } from '../../../shared/access/roles.ts';

/** Whether a device may read what a space holds. */
export function mayRead(membership: Membership, device: string, space: string, now: number): boolean {
  return isAllowed(membership, { device, member: null }, 'blob.read', { space, document: '*' }, now);
}

/** Whether a device gives out, in a space, what others added. Viewers and guests carry nothing but their own. */
export function mayHandOn(membership: Membership, device: string, space: string, now: number): boolean {
  const member = memberOf(membership, { device, member: null });
  if (!member || member.role === 'viewer' || member.role === 'guest') return false;
  const found = membership.spaces.get(space);
  // Profiles and personal documents are in no space; what may be read of them is not asked here.
  if (!found || membership.version === 1) return true;
  const part = partIn(found, member, now);
  return part === 'manager' || part === 'member';
}

// Who carries what others wrote (docs/peers.md): viewers and guests hand over nothing but their own. It looks at updates and at this device's part, and sends nothing.
import type { Membership } from '../../../shared/access/identity.ts';
import { partIn } from '../../../shared/access/roles.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import type { ClockGuard } from '../../../shared/hub/clock-guard.ts';
import { readUpdateFacts } from '../../../shared/hub/update-facts.ts';
import type { MayHand } from '../../../shared/link/room-channel.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';

export interface HandingParts {
  readonly access: { membershipOf(workspace: string): Membership | null };
  readonly guard: Pick<ClockGuard, 'isOwn'>;
  /** This device's id. */
  readonly device: string;
  readonly clock: Clock;
}

/** What this host may hand over to a peer. */
export function ownOrCarried({ access, guard, device, clock }: HandingParts): MayHand {
  const carries = (workspace: string, space: string): boolean => {
    const membership = access.membershipOf(workspace);
    const member = membership?.members.get(membership.devices.get(device) ?? '');
    if (!membership || !member) return false;
    // Their own profile and personal documents; in others' they may write nothing that anybody would take.
    if (space.startsWith('@') || space.startsWith('~')) return true;
    if (member.role === 'guest' || member.role === 'viewer') return false;
    const found = membership.spaces.get(space);
    const part = found && partIn(found, member, clock.now());
    return part === undefined || part === null || part === 'member' || part === 'manager';
  };
  return (room, update) => {
    const address = parseRoomName(room);
    if (!address) return false;
    if (carries(address.workspace, address.space)) return true;
    const facts = readUpdateFacts(update);
    return facts !== null && guard.isOwn(room, facts);
  };
}

// The access policy of a host's own hub: this device, its relay and other members' devices, by the membership log. What one lost stays, and is read alone.
import type { Membership } from '../../shared/access/identity.ts';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import type { Event } from '../../shared/base/emitter.ts';
import type { AccessPolicy, Operation } from '../../shared/hub/access-policy.ts';
import { MembershipAccess } from '../../shared/hub/membership-access.ts';
import type { Principal } from '../../shared/link/room-source.ts';
import type { RoomAddress } from '../../shared/protocol/room-name.ts';

/**
 * The relay that this host dials, as its own hub sees it. It hands over what others wrote, and who wrote it was judged there: so
 * it may do in a room what this device may know of, whether or not this device may write.
 */
export const RELAY: Principal = { device: null, member: null };

const READING: ReadonlySet<Operation> = new Set(['read', 'list', 'history']);

export class HostAccess implements AccessPolicy, Disposable {
  readonly #device: string;
  readonly #readsOnly: boolean;
  readonly #live: MembershipAccess;
  /** By which other members' computers are judged. */
  readonly #others: MembershipAccess;
  readonly onChange: Event<void>;

  /**
   * @param device this host's own.
   * @param readsOnly its key cannot be opened (KY4): what it writes could be signed by nobody.
   */
  constructor(device: string, clock: Clock, readsOnly = false) {
    this.#device = device;
    this.#readsOnly = readsOnly;
    this.#live = new MembershipAccess(clock);
    this.#others = new MembershipAccess(clock);
    this.onChange = this.#live.onChange;
  }

  /** What a workspace's log comes to now, for this device and (`shared`) for all others; null when the workspace is gone from this computer. */
  set(workspace: string, log: { readonly membership: Membership; readonly shared: Membership } | null): void {
    // First: whoever hears of the change asks for both.
    this.#others.set(workspace, log?.shared ?? null);
    this.#live.set(workspace, log?.membership ?? null);
  }

  /** What the log comes to for this device; null where the workspace is not here. */
  membershipOf(workspace: string): Membership | null {
    return this.#live.get(workspace);
  }

  allows(principal: Principal, operation: Operation, room: RoomAddress): boolean {
    const membership = this.#live.get(room.workspace);
    if (!membership) return false;
    const own = { device: this.#device, member: null };
    if (principal.device === null) {
      // Only what waits here is listed for it: a space that was lost keeps its place in the outbox.
      return operation === 'list' || this.#live.allows(own, 'read', room);
    }
    if (principal.device !== this.#device) {
      // Another member's computer: what the log lets it do there, and nothing of what this one may not read (any more) itself.
      return this.#live.allows(own, 'read', room) && this.#others.allows(principal, operation, room);
    }
    // Without a part in the workspace any more: nothing is added to what is here, and nothing is taken from who has it.
    if (!membership.devices.has(this.#device)) return READING.has(operation);
    if (this.#readsOnly && !READING.has(operation)) return false;
    return this.#live.allows(own, operation, room);
  }

  dispose(): void {
    this.#live.dispose();
    this.#others.dispose();
  }
}

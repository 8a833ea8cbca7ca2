// The access port filled from membership logs: one evaluation for relay, host and peer. It holds no logs, only what they came to.
import type { Membership } from '../access/identity.ts';
import { isAllowed } from '../access/rights.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { Principal } from '../link/room-source.ts';
import type { RoomAddress } from '../protocol/room-name.ts';
import type { AccessPolicy, Operation } from './access-policy.ts';

/** Timers fire at most this late after a guest's end, and no timer is set further ahead (a 32-bit delay overflows). */
const LONGEST_WAIT = 24 * 3_600_000;

export class MembershipAccess implements AccessPolicy, Disposable {
  readonly #clock: Clock;
  readonly #memberships = new Map<string, Membership>();
  readonly #changed = new Emitter<void>();
  #timer: Disposable | null = null;
  readonly onChange = this.#changed.event;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the workspace's log comes to now; null when it is gone. Open rooms are judged again at once. */
  set(workspace: string, membership: Membership | null): void {
    if (membership) this.#memberships.set(workspace, membership);
    else this.#memberships.delete(workspace);
    this.#schedule();
    this.#changed.fire();
  }

  get(workspace: string): Membership | null {
    return this.#memberships.get(workspace) ?? null;
  }

  allows(principal: Principal, operation: Operation, room: RoomAddress): boolean {
    const membership = this.#memberships.get(room.workspace);
    return membership !== undefined && isAllowed(membership, principal, operation, room, this.#clock.now());
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#changed.clear();
  }

  /** Guests' rights end by the clock, without a record: open rooms are judged again then. */
  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = null;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { spaces } of this.#memberships.values()) {
      for (const { grants } of spaces.values()) {
        for (const { until } of grants.values()) if (until !== null && until > now) next = Math.min(next, until);
      }
    }
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.min(next - now, LONGEST_WAIT), () => {
      this.#timer = null;
      this.#schedule();
      this.#changed.fire();
    });
  }
}

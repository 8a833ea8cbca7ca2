// How many records a member may add to a log: the owner and admins as many as they like, everybody else a share. It judges no record.
import type { Membership } from '../shared/access/identity.ts';
import { decodeRecord } from '../shared/access/record-codec.ts';
import { isAdmin } from '../shared/access/roles.ts';
import type { Clock } from '../shared/base/clock.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import { RateLimit } from './rate-limit.ts';

/**
 * A log is never cut: without this anybody in it, a guest who may only read included, could let their devices come and go until it
 * is as long as a log may be, and nobody could be taken out any more.
 */
export class RecordRate {
  readonly #each: RateLimit;
  readonly #together: RateLimit;

  constructor(clock: Clock) {
    this.#each = new RateLimit(clock, LIMITS.recordRate);
    this.#together = new RateLimit(clock, LIMITS.recordRateTogether);
  }

  /** How many of `records`, from the first on, `member` may hand over now. What an admin signed counts for nobody. */
  take(membership: Membership, member: string, records: readonly string[]): number {
    const { workspace, members, devices } = membership;
    const decides = (id: string | undefined): boolean => {
      const role = members.get(id ?? '')?.role;
      return role !== undefined && isAdmin(role);
    };
    if (decides(member)) return records.length;
    for (const [at, text] of records.entries()) {
      const decoded = decodeRecord(text);
      if (decoded.ok && decides(devices.get(decoded.record.signer))) continue;
      if (!this.#each.take(`${workspace}/${member}`) || !this.#together.take(workspace)) return at;
    }
    return records.length;
  }
}

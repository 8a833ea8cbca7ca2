// Lets people in by invite: who holds an invite's seed is shown the log once they prove it, and hands in the record that joins.
import { z } from 'zod';
import { deviceId } from '../shared/access/device-key.ts';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { isInviteGood } from '../shared/access/log-rules.ts';
import { decodeRecord, RECORD_LIMIT } from '../shared/access/record-codec.ts';
import { challengeSigner, readChallenge, TICKET_LIMIT } from '../shared/access/ticket.ts';
import type { Clock } from '../shared/base/clock.ts';
import type { MembershipLogs } from './membership-logs.ts';
import type { Nonces } from './nonces.ts';

export const joinRequest = z.strictObject({
  workspace: z.string().max(64),
  invite: z.string().max(64),
  challenge: z.string().max(TICKET_LIMIT),
  record: z.string().max(RECORD_LIMIT).optional(),
});

export type JoinOutcome =
  /** With a record: it stands in the log now. Without one: the records to sign behind. */
  | { readonly kind: 'welcome'; readonly records: readonly string[] }
  /** The head moved meanwhile: sign again. */
  | { readonly kind: 'stale'; readonly records: readonly string[] }
  /** Unknown, used, expired, revoked, forged: one answer. */
  | { readonly kind: 'refused' };

export interface JoinDeskParts {
  readonly key: DeviceKey;
  readonly nonces: Nonces;
  readonly clock: Clock;
  readonly logs: MembershipLogs;
}

const REFUSED: JoinOutcome = { kind: 'refused' };

export class JoinDesk {
  readonly #parts: JoinDeskParts;

  constructor(parts: JoinDeskParts) {
    this.#parts = parts;
  }

  async join(request: z.output<typeof joinRequest>): Promise<JoinOutcome> {
    const { workspace, invite, record } = request;
    if (!(await this.#provesSeed(request))) return REFUSED;
    const isGood = (log: Membership | null): boolean =>
      log !== null && isInviteGood(log, invite, this.#parts.clock.now());
    if (record === undefined) {
      const known = isGood(this.#parts.logs.membership(workspace));
      return known ? { kind: 'welcome', records: this.#parts.logs.read(workspace) } : REFUSED;
    }
    const decoded = decodeRecord(record);
    const body = decoded.ok ? decoded.record.body : null;
    if (!decoded.ok || body?.verb !== 'member.join' || !('invite' in body) || body.invite !== invite) return REFUSED;
    // The answer to the first try was lost on its way: the same record again is no second join.
    if (this.#stands(workspace, record, decoded.record.signer)) {
      return { kind: 'welcome', records: this.#parts.logs.read(workspace) };
    }
    const outcome = await this.#parts.logs.append(workspace, [record], { admits: isGood });
    if (outcome.kind === 'appended') return { kind: 'welcome', records: outcome.records };
    return outcome.kind === 'stale' ? outcome : REFUSED;
  }

  /** The challenge is signed with the key made from the invite's seed, for this relay, this workspace and a nonce of ours. */
  async #provesSeed({ workspace, invite, challenge }: z.output<typeof joinRequest>): Promise<boolean> {
    const { key, nonces, logs } = this.#parts;
    const signer = challengeSigner(challenge);
    if (signer === null) return false;
    const found = logs.membership(workspace)?.invites.get(invite);
    // Also for an invite that is not known one signature is verified: the time that an answer takes tells nothing.
    const content = await readChallenge(challenge, signer, found?.key ?? key.publicKey);
    if (!found || !content || signer !== (await deviceId(found.key))) return false;
    return content.relay === key.id && content.workspace === workspace && nonces.take(content.nonce);
  }

  #stands(workspace: string, record: string, device: string): boolean {
    const { logs } = this.#parts;
    return logs.membership(workspace)?.devices.has(device) === true && logs.read(workspace).includes(record);
  }
}

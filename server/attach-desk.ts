// Attaches workspaces: who knows the registration key hands over a log that names this relay. It keeps no workspace of its own.
import { z } from 'zod';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { RECORD_LIMIT } from '../shared/access/record-codec.ts';
import { isAdmin } from '../shared/access/roles.ts';
import { challengeSigner, claimedChallenge, readChallenge, TICKET_LIMIT } from '../shared/access/ticket.ts';
import { LIMITS } from '../shared/protocol/limits.ts';
import type { AppendOutcome, MembershipLogs } from './membership-logs.ts';
import type { Nonces } from './nonces.ts';
import { provesRegistration, type Registration } from './registration.ts';

export const records = z.array(z.string().max(RECORD_LIMIT)).min(1).max(LIMITS.recordsPerRequest);

export const attachRequest = z.strictObject({
  workspace: z.string().max(64),
  records,
  challenge: z.string().max(TICKET_LIMIT),
  registration: z.string().max(128).nullable(),
});

export interface AttachDeskParts {
  readonly key: DeviceKey;
  readonly registration: Registration;
  readonly nonces: Nonces;
  readonly logs: MembershipLogs;
}

const UNWANTED: AppendOutcome = { kind: 'unwanted' };

export class AttachDesk {
  readonly #parts: AttachDeskParts;

  constructor(parts: AttachDeskParts) {
    this.#parts = parts;
  }

  /** `unwanted` for whoever may not attach, whatever it is that is missing. */
  async attach(request: z.output<typeof attachRequest>): Promise<AppendOutcome> {
    const { key, registration, nonces, logs } = this.#parts;
    const { workspace, challenge } = request;
    // What is cheap comes first: a long log is evaluated for those only who know the registration key.
    const device = challengeSigner(challenge);
    const claimed = claimedChallenge(challenge);
    if (device === null || claimed?.relay !== key.id || claimed.workspace !== workspace) return UNWANTED;
    if (!(await provesRegistration(registration, workspace, claimed.nonce, request.registration))) return UNWANTED;
    if (!nonces.take(claimed.nonce)) return UNWANTED;
    const isTheirs = async (membership: Membership | null): Promise<boolean> => {
      const signed = membership?.keys.get(device);
      const role = membership?.members.get(membership.devices.get(device) ?? '')?.role;
      return signed !== undefined && role !== undefined && isAdmin(role) && (await signs(challenge, device, signed));
    };
    const outcome = await logs.append(workspace, request.records, {
      accepts: async (next) => next.relay?.key?.x === key.publicKey.x && (await isTheirs(next)),
    });
    // What stands here is shown only to those who decide about it here.
    const shown = outcome.kind !== 'stale' || (await isTheirs(logs.membership(workspace)));
    return shown ? outcome : UNWANTED;
  }
}

async function signs(challenge: string, device: string, key: DeviceKey['publicKey']): Promise<boolean> {
  return (await readChallenge(challenge, device, key)) !== null;
}

// Gives tickets for challenges: nonce, signed challenge, ticket. It opens no socket and keeps nothing of whom it refused.
import { z } from 'zod';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { isAllowed } from '../shared/access/rights.ts';
import { challengeSigner, issueTicket, readChallenge, TICKET_LIFE, TICKET_LIMIT } from '../shared/access/ticket.ts';
import type { Clock } from '../shared/base/clock.ts';
import { parseRoomName } from '../shared/protocol/room-name.ts';
import type { Nonces } from './nonces.ts';

/** The room of a ticket for a link, and for the log: the whole workspace. */
export const WHOLE_WORKSPACE = '*';

export const ticketRequest = z.strictObject({
  workspace: z.string().max(64),
  room: z.string().max(140),
  challenge: z.string().max(TICKET_LIMIT),
});

export interface TicketAnswer {
  readonly ticket: string;
  /** Milliseconds since the epoch, by this relay's clock. */
  readonly expires: number;
}

export interface TicketOfficeParts {
  readonly key: DeviceKey;
  readonly nonces: Nonces;
  readonly clock: Clock;
  /** What a workspace's log comes to, or null where it is not served here. */
  readonly membership: (workspace: string) => Membership | null;
}

export class TicketOffice {
  readonly #parts: TicketOfficeParts;

  constructor(parts: TicketOfficeParts) {
    this.#parts = parts;
  }

  /** Null for everything that is not right, whatever it is: unknown, forbidden, forged, used and late look alike. */
  async ticket(request: z.output<typeof ticketRequest>): Promise<TicketAnswer | null> {
    const { key, clock } = this.#parts;
    const device = await this.#prover(request);
    if (device === null || !this.#mayOpen(device, request)) return null;
    const now = clock.now();
    const { workspace, room } = request;
    return { ticket: await issueTicket(key, { device, workspace, room, now }), expires: now + TICKET_LIFE };
  }

  /** The device that signed the challenge for this relay, this workspace and a nonce of ours. */
  async #prover({ workspace, challenge }: z.output<typeof ticketRequest>): Promise<string | null> {
    const { key, nonces, membership } = this.#parts;
    const device = challengeSigner(challenge);
    if (device === null) return null;
    const known = membership(workspace)?.keys.get(device);
    // Also for a stranger one signature is verified: the time that an answer takes tells nobody who is known here.
    const content = await readChallenge(challenge, device, known ?? key.publicKey);
    if (!known || !content || content.relay !== key.id || content.workspace !== workspace) return null;
    // Taken only by who signed it: nobody can use up another's nonce without having seen it.
    return nonces.take(content.nonce) ? device : null;
  }

  #mayOpen(device: string, { workspace, room }: z.output<typeof ticketRequest>): boolean {
    // Asked again: the signature took time.
    const membership = this.#parts.membership(workspace);
    if (!membership?.devices.has(device)) return false;
    if (room === WHOLE_WORKSPACE) return true;
    const place = parseRoomName(`${workspace}/${room}`);
    return place !== null && isAllowed(membership, { device, member: null }, 'read', place, this.#parts.clock.now());
  }
}

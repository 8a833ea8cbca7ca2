// Tells a device that was taken out so: the log up to the record which did it, signed by whoever decided. It tells nobody else.
import { z } from 'zod';
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { decodeRecord } from '../shared/access/record-codec.ts';
import { challengeSigner, readChallenge, TICKET_LIMIT } from '../shared/access/ticket.ts';
import type { MembershipLogs } from './membership-logs.ts';
import type { Nonces } from './nonces.ts';

export const farewellRequest = z.strictObject({
  workspace: z.string().max(64),
  challenge: z.string().max(TICKET_LIMIT),
});

export interface FarewellDeskParts {
  readonly key: DeviceKey;
  readonly nonces: Nonces;
  readonly logs: MembershipLogs;
}

export class FarewellDesk {
  readonly #parts: FarewellDeskParts;

  constructor(parts: FarewellDeskParts) {
    this.#parts = parts;
  }

  /** Rule RE59: null for everybody but a removed device; what came after its removal is not its business. */
  async records({ workspace, challenge }: z.output<typeof farewellRequest>): Promise<readonly string[] | null> {
    const { key, nonces, logs } = this.#parts;
    const device = challengeSigner(challenge);
    if (device === null) return null;
    const membership = logs.membership(workspace);
    const known = membership?.keys.get(device);
    // Also for a stranger one signature is verified: the time that an answer takes tells nobody who was here once.
    const content = await readChallenge(challenge, device, known ?? key.publicKey);
    if (!known || !membership?.removedDevices.has(device)) return null;
    if (content?.relay !== key.id || content.workspace !== workspace || !nonces.take(content.nonce)) return null;
    return upToRemoval(logs.read(workspace), membership, device);
  }
}

function upToRemoval(texts: readonly string[], membership: Membership, device: string): readonly string[] {
  const member = membership.removedDevices.get(device);
  for (const [at, text] of texts.entries()) {
    const decoded = decodeRecord(text);
    if (!decoded.ok) continue;
    const { body } = decoded.record;
    const ended =
      (body.verb === 'device.remove' && body.device === device) ||
      (body.verb === 'member.remove' && body.member === member);
    if (ended) return texts.slice(0, at + 1);
  }
  return texts;
}

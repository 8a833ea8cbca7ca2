// Judges tickets at the relay's door: who comes with one, for what, and whether that still holds. It gives none out.
import type { DeviceKey, Membership } from '../shared/access/identity.ts';
import { isAllowed, type RoomOperation } from '../shared/access/rights.ts';
import { readTicket } from '../shared/access/ticket.ts';
import type { Clock } from '../shared/base/clock.ts';
import type { Principal } from '../shared/link/room-source.ts';
import { parseRoomName } from '../shared/protocol/room-name.ts';
import { WHOLE_WORKSPACE } from './ticket-office.ts';

export interface TicketGateParts {
  readonly key: Pick<DeviceKey, 'id' | 'publicKey'>;
  readonly clock: Clock;
  readonly membership: (workspace: string) => Membership | null;
}

export class TicketGate {
  readonly #parts: TicketGateParts;

  constructor(parts: TicketGateParts) {
    this.#parts = parts;
  }

  /**
   * Whom the ticket lets in, or null for whatever is wrong with it. `room` is `<space>/<document>`, or `*`. What the device may do
   * is asked of the log each time; the ticket says only which device it is.
   */
  async admit(ticket: string, workspace: string, room: string): Promise<Principal | null> {
    const { key, clock } = this.#parts;
    const device = await readTicket(ticket, key, { workspace, room, now: clock.now() });
    if (device === null) return null;
    const principal = { device, member: this.#membership(workspace)?.devices.get(device) ?? null };
    return this.mayEnter(principal, workspace, room) ? principal : null;
  }

  /** Whether the log still lets this device in; asked again when it changed. */
  mayEnter({ device, member }: Principal, workspace: string, room: string): boolean {
    const membership = this.#membership(workspace);
    if (!membership || device === null || member === null || membership.devices.get(device) !== member) return false;
    if (room === WHOLE_WORKSPACE) return true;
    const place = parseRoomName(`${workspace}/${room}`);
    return place !== null && isAllowed(membership, { device, member }, 'read', place, this.#parts.clock.now());
  }

  /** Whether the log lets this device do that in a space now; asked anew for every piece of a long answer. */
  may({ device, member }: Principal, operation: RoomOperation, workspace: string, space: string): boolean {
    const membership = this.#membership(workspace);
    const place = { space, document: '*' };
    return membership !== null && isAllowed(membership, { device, member }, operation, place, this.#parts.clock.now());
  }

  #membership(workspace: string): Membership | null {
    return this.#parts.membership(workspace);
  }
}

// The access port of a hub: may this principal do that here? Denying is the default; the membership log fills it.
import type { RoomOperation } from '../access/rights.ts';
import type { Event } from '../base/emitter.ts';
import type { Principal } from '../link/room-source.ts';
import type { RoomAddress } from '../protocol/room-name.ts';

export type Operation = RoomOperation;

export interface AccessPolicy {
  /** Evaluated live at each operation; must be quick and must not throw. */
  allows(principal: Principal, operation: Operation, room: RoomAddress): boolean;
  /** Fires when an answer may have become different; hubs then re-check what is open. */
  readonly onChange: Event<void>;
}

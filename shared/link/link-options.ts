// What a link is made of; its parts are chosen in a composition root.
import type { Backoff } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { HolderMemory } from './holder-memory.ts';
import type { AcknowledgingRelays } from './common-relays.ts';
import type { LinkMemory } from './link-memory.ts';
import type { LogHead } from './log-teller.ts';
import type { MayHand } from './room-channel.ts';
import type { Principal, RoomSource } from './room-source.ts';
import type { LinkHistory } from './segment-exchange.ts';
import type { Transport } from './transport.ts';

export interface LinkOptions {
  readonly source: RoomSource;
  readonly workspace: string;
  /** Who the other end is to this hub: what it may be handed. */
  readonly principal: Principal;
  readonly memory: LinkMemory;
  /** Makes a connection. A rejection is a failed try; an AppError with `details.closeCode` 44xx is a refusal. */
  readonly dial: () => Promise<Transport>;
  /** What people are shown as the other end. */
  readonly url: string;
  readonly clock: Clock;
  /** First 500 ms, longest 30 s. */
  readonly backoff: Backoff;
  readonly logger: Logger;
  /** Given for a link to another host: rooms that a common relay acknowledges are left to it. */
  readonly relays?: AcknowledgingRelays;
  /** Between hosts: what may be handed over; left out where all may. */
  readonly mayHand?: MayHand;
  /** Left out by a hub that keeps no history: then none is offered or asked for. */
  readonly history?: LinkHistory | null;
  /** The device that this hub belongs to, as the hello names it. */
  readonly device?: string;
  /** This end's membership log, of which the other end is told; between hosts. */
  readonly log?: LogHead | null;
  /** The other end names the newest record of the membership log. */
  readonly onLog?: (head: string) => void;
  /** Where what the other end publishes about who holds what is remembered; left out where nobody asks for it. */
  readonly holders?: HolderMemory | null;
}

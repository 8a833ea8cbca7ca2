// Two hubs with a link between them over pipes, for tests; `driver` plays time and `until` waits for a condition.
import { Backoff } from '../../shared/base/backoff.ts';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { acceptLink } from '../../shared/link/accept-link.ts';
import type { HolderBook } from '../../shared/link/holder-book.ts';
import type { HolderMemory } from '../../shared/link/holder-memory.ts';
import type { AcknowledgingRelays } from '../../shared/link/common-relays.ts';
import { Link } from '../../shared/link/link.ts';
import { VolatileLinkMemory, type LinkMemory } from '../../shared/link/link-memory.ts';
import type { RoomSource } from '../../shared/link/room-source.ts';
import type { LinkHistory } from '../../shared/link/segment-exchange.ts';
import { AppError } from '../../shared/base/app-error.ts';
import { Pipe } from './pipe.ts';

export const NOBODY = { device: null, member: null };

export interface Linked {
  readonly link: Link;
  /** The newest pipe; end `a` dialed. */
  pipe(): Pipe;
  /** How many connections were made. */
  dials(): number;
  /** False: dialing fails. */
  reachable: boolean;
  readonly memory: LinkMemory;
}

export function linkHubs(
  member: RoomSource,
  relay: () => RoomSource,
  options: {
    workspace: string;
    clock?: Clock;
    memory?: LinkMemory;
    acceptClock?: Clock;
    onPipe?: (pipe: Pipe) => void;
    /** Between tries that fail, in milliseconds. */
    longestWait?: number;
    /** Both ends are hosts, and these their relays. */
    hosts?: { readonly dialing: AcknowledgingRelays; readonly accepting: AcknowledgingRelays };
    /** History of the dialing and of the accepting end. */
    history?: LinkHistory | null;
    acceptHistory?: () => LinkHistory | null;
    /** The dialing end's device and what it was told of others; the accepting end's book. */
    device?: string;
    holders?: HolderMemory | null;
    book?: () => HolderBook | null;
  },
): Linked {
  const clock = options.clock ?? systemClock;
  const memory = options.memory ?? new VolatileLinkMemory();
  let pipe = new Pipe();
  let dials = 0;
  const linked: Linked = {
    memory,
    reachable: true,
    pipe: () => pipe,
    dials: () => dials,
    link: new Link({
      source: member,
      workspace: options.workspace,
      principal: NOBODY,
      memory,
      url: 'ws://relay.test',
      clock,
      backoff: new Backoff({ first: 20, longest: options.longestWait ?? 200 }),
      logger: silentLogger,
      history: options.history ?? null,
      holders: options.holders ?? null,
      ...(options.device === undefined ? {} : { device: options.device }),
      ...(options.hosts ? { relays: options.hosts.dialing } : {}),
      dial: () => {
        dials += 1;
        if (!linked.reachable) return Promise.reject(new AppError('unreachable', 'The relay does not answer.'));
        pipe = new Pipe();
        options.onPipe?.(pipe);
        acceptLink(pipe.b, {
          source: relay(),
          workspace: options.workspace,
          principal: NOBODY,
          clock: options.acceptClock ?? clock,
          logger: silentLogger,
          ...(options.hosts ? { relays: options.hosts.accepting, forwardPresence: false } : {}),
          history: options.acceptHistory?.() ?? null,
          holders: options.book?.() ?? null,
        });
        return Promise.resolve(pipe.a);
      },
    }),
  };
  return linked;
}

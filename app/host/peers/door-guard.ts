// Who may come to the door at all: so many that are not let in yet, of all and of one address, and who failed too often waits. It reads nothing.
import type { Clock } from '../../../shared/base/clock.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';

/** The first wait, doubled with each further failure. */
const FIRST_WAIT = 1_000;
/** Quiet after which an address begins anew. */
const FORGOTTEN = 10 * 60_000;
/** Addresses remembered; whoever has more to come from is bound by the number of all. */
const REMEMBERED = 1_000;

/** A connection on its way to being let in. */
export interface Arrival {
  /** Who is there is proved: what follows has time of its own. */
  proved(): void;
  letIn(): void;
  /** The connection is over; when it was not let in, that was a failure. */
  gone(): void;
}

interface Waiting {
  readonly address: string;
  readonly cut: () => void;
}

interface Failures {
  readonly count: number;
  readonly at: number;
}

export class DoorGuard {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #waiting = new Set<Waiting>();
  /** By address, the one that failed last at the end. */
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * A connection came; null: not now. When there are too many, the oldest of the address with most is cut: who floods loses its
   * own. Who is not proved within `unauthenticatedTime` is cut as well.
   */
  came(address: string, cut: () => void): Arrival | null {
    if (this.#waitOf(address) > 0 || this.#of(address).length >= LIMITS.peersWaitingPerAddress) return null;
    const waiting = { address, cut };
    this.#waiting.add(waiting);
    if (this.#waiting.size > LIMITS.peersWaiting) this.#cutOne();
    const late = this.#clock.after(LIMITS.unauthenticatedTime, cut);
    let isLetIn = false;
    const over = (): void => {
      late.dispose();
      this.#waiting.delete(waiting);
    };
    return {
      proved: () => late.dispose(),
      letIn: () => {
        isLetIn = true;
        over();
        this.#failures.delete(address);
      },
      gone: () => {
        over();
        if (!isLetIn) this.#failed(address);
      },
    };
  }

  #of(address: string): readonly Waiting[] {
    return [...this.#waiting].filter((waiting) => waiting.address === address);
  }

  #failed(address: string): void {
    const count = (this.#recent(address)?.count ?? 0) + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, at: this.#clock.now() });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Milliseconds for which the address is not listened to. */
  #waitOf(address: string): number {
    const failures = this.#recent(address);
    if (!failures || failures.count < LIMITS.peerTries) return 0;
    const wait = Math.min(LIMITS.peerBackoff, FIRST_WAIT * 2 ** (failures.count - LIMITS.peerTries));
    return Math.max(0, failures.at + wait - this.#clock.now());
  }

  #recent(address: string): Failures | null {
    const failures = this.#failures.get(address);
    return failures && this.#clock.now() - failures.at < FORGOTTEN ? failures : null;
  }

  #cutOne(): void {
    const counts = new Map<string, number>();
    for (const { address } of this.#waiting) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const waiting of this.#waiting) {
      if (counts.get(waiting.address) !== most) continue;
      this.#waiting.delete(waiting);
      return waiting.cut();
    }
  }
}

/** An address as it is written, whichever kind of socket it came by. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}

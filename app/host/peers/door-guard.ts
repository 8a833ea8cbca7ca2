// Who may come to the door at all: so many that are not let in yet, of all and of one address, and who failed too often waits. It reads nothing.
import type { Clock } from '../../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';

/** The first wait, doubled with each further failure. */
const FIRST_WAIT = 1_000;
/** Quiet after which an address begins anew. */
const FORGOTTEN = 10 * 60_000;
/** Addresses remembered; whoever has more to come from is bound by the number of all. */
const REMEMBERED = 1_000;

interface Failures {
  readonly count: number;
  readonly at: number;
}

interface Guest {
  readonly address: string;
  readonly cut: () => void;
}

export class DoorGuard {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #waiting = new Set<Guest>();
  /** By address, the one that failed last at the end. */
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * A connection came; null: not now. It waits until the result is disposed. When there are too many, the oldest of the address
   * with most is cut: who floods loses its own.
   */
  came(address: string, cut: () => void): Disposable | null {
    if (this.#waitOf(address) > 0 || this.#of(address).length >= LIMITS.peersWaitingPerAddress) return null;
    const guest = { address, cut };
    this.#waiting.add(guest);
    if (this.#waiting.size > LIMITS.peersWaiting) this.#cutOne();
    return disposable(() => this.#waiting.delete(guest));
  }

  failed(address: string): void {
    const count = (this.#recent(address)?.count ?? 0) + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, at: this.#clock.now() });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  #of(address: string): readonly Guest[] {
    return [...this.#waiting].filter((guest) => guest.address === address);
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
    let most: readonly Guest[] = [];
    for (const address of new Set([...this.#waiting].map((guest) => guest.address))) {
      const its = this.#of(address);
      if (its.length > most.length) most = its;
    }
    const [oldest] = most;
    if (!oldest) return;
    this.#waiting.delete(oldest);
    oldest.cut();
  }
}

/** An address as it is written, whichever kind of socket it came by. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}
